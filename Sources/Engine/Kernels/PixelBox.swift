/// A part of a picture in whole pixels: columns `left..<right`, rows `top..<bottom`.
struct PixelBox: Sendable, Hashable {
  var left: Int
  var top: Int
  var right: Int
  var bottom: Int

  static let empty = PixelBox(left: 0, top: 0, right: 0, bottom: 0)

  var width: Int { max(0, right - left) }
  var height: Int { max(0, bottom - top) }
  var area: Int { width * height }
  var isEmpty: Bool { left >= right || top >= bottom }

  func intersection(_ other: PixelBox) -> PixelBox {
    PixelBox(
      left: max(left, other.left), top: max(top, other.top), right: min(right, other.right),
      bottom: min(bottom, other.bottom))
  }

  func union(_ other: PixelBox) -> PixelBox {
    if isEmpty { return other }
    if other.isEmpty { return self }
    return PixelBox(
      left: min(left, other.left), top: min(top, other.top), right: max(right, other.right),
      bottom: max(bottom, other.bottom))
  }

  /// Grown so that it begins and ends at whole blocks of `columns` by `rows`.
  func aligned(columns: Int, rows: Int) -> PixelBox {
    PixelBox(
      left: left / columns * columns, top: top / rows * rows,
      right: (right + columns - 1) / columns * columns, bottom: (bottom + rows - 1) / rows * rows)
  }
}

/// Premultiplied pixels (bytes B, G, R, A) in memory that somebody else keeps alive.
struct PixelRows {
  let base: UnsafeMutableRawPointer
  /// Bytes from one row to the next.
  let stride: Int
  let width: Int
  let height: Int

  var box: PixelBox { PixelBox(left: 0, top: 0, right: width, bottom: height) }

  @inline(__always) func at(_ column: Int, _ row: Int) -> UnsafeMutableRawPointer {
    base + (row &* stride &+ column &* 4)
  }

  func fill(_ box: PixelBox, with pixel: UInt32) {
    for row in box.top..<box.bottom {
      at(box.left, row).initializeMemory(as: UInt32.self, repeating: pixel, count: box.width)
    }
  }

  /// Takes over `source`'s pixels in `box`; both must be as large.
  func copy(_ source: PixelRows, in box: PixelBox) {
    for row in box.top..<box.bottom {
      at(box.left, row).copyMemory(from: source.at(box.left, row), byteCount: box.width * 4)
    }
  }
}
