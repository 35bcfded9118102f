import Foundation

/// A bitmap moved, scaled and turned about its middle, by bilinear interpolation; transparent beyond its
/// edges. Places are 32.32 fixed point of a pixel's own coordinates.
struct TurnedSampler {
  let source: PixelRows
  /// The part of the picture that shows any of it.
  let reach: PixelBox
  private let u: (origin: Int64, column: Int64, row: Int64)
  private let v: (origin: Int64, column: Int64, row: Int64)

  /// - Parameters:
  ///   - x: the scaled, unturned bitmap's left edge in the picture; `y`: its top.
  ///   - turn: clockwise about its middle, in radians.
  init(_ source: PixelRows, x: Double, y: Double, scale: Double, turn: Double) {
    self.source = source
    let (halfWidth, halfHeight) = (Double(source.width) / 2, Double(source.height) / 2)
    let (middleX, middleY) = (x + halfWidth * scale, y + halfHeight * scale)
    let (c, s) = (cos(turn) / scale, sin(turn) / scale)
    // Picture -> bitmap: turn back about the middle, then shift; both sides at pixel centres.
    u = (
      Fixed.point(c * (0.5 - middleX) + s * (0.5 - middleY) + halfWidth - 0.5), Fixed.point(c), Fixed.point(s)
    )
    v = (
      Fixed.point(-s * (0.5 - middleX) + c * (0.5 - middleY) + halfHeight - 0.5), Fixed.point(-s),
      Fixed.point(c)
    )
    let (cosine, sine) = (abs(cos(turn)) * scale, abs(sin(turn)) * scale)
    let reachX = (halfWidth + 1) * cosine + (halfHeight + 1) * sine + 1
    let reachY = (halfWidth + 1) * sine + (halfHeight + 1) * cosine + 1
    reach = PixelBox(
      left: Fixed.pixel(middleX - reachX), top: Fixed.pixel(middleY - reachY),
      right: Fixed.pixel(middleX + reachX) + 1, bottom: Fixed.pixel(middleY + reachY) + 1)
  }

  func lay(on target: PixelRows, in box: PixelBox, opacity: UInt32, _ scratch: SamplerScratch) {
    for row in box.top..<box.bottom {
      let range = columns(of: row, in: box)
      guard !range.isEmpty else { continue }
      sample(range, row, to: scratch.pixels)
      AlphaOver.row(
        target.at(range.lowerBound, row), scratch.pixels, count: range.count, opacity: opacity)
    }
  }

  /// The columns of `row` that show any of the bitmap: both coordinates must be within it.
  private func columns(of row: Int, in box: PixelBox) -> Range<Int> {
    var range = (box.left, box.right)
    for (line, size) in [(u, source.width), (v, source.height)] {
      let start = Double(line.origin &+ Int64(row) &* line.row) * 0x1p-32
      let step = Double(line.column) * 0x1p-32
      if abs(step) < 1e-9 {
        if start < -1 || start > Double(size) { return 0..<0 }
        continue
      }
      let (a, b) = ((-1 - start) / step, (Double(size) - start) / step)
      range.0 = max(range.0, Fixed.pixel(min(a, b)))
      range.1 = min(range.1, Fixed.pixel(max(a, b)) + 2)
    }
    return range.0 < range.1 ? range.0..<range.1 : 0..<0
  }

  private func sample(_ range: Range<Int>, _ row: Int, to output: UnsafeMutableRawPointer) {
    var uAt = u.origin &+ Int64(row) &* u.row &+ Int64(range.lowerBound) &* u.column
    var vAt = v.origin &+ Int64(row) &* v.row &+ Int64(range.lowerBound) &* v.column
    let (insideWidth, insideHeight) = (UInt(source.width &- 1), UInt(source.height &- 1))
    for index in 0..<range.count {
      let (column, line) = (Int(uAt >> 32), Int(vAt >> 32))
      let upper: UInt64
      let lower: UInt64
      if UInt(bitPattern: column) < insideWidth, UInt(bitPattern: line) < insideHeight {
        let place = source.at(column, line)
        upper = place.loadUnaligned(as: UInt64.self)
        lower = place.loadUnaligned(fromByteOffset: source.stride, as: UInt64.self)
      } else {
        (upper, lower) = (pair(column, line), pair(column, line &+ 1))
      }
      let pixel = Self.mix(
        upper, lower, right: UInt16(truncatingIfNeeded: uAt >> 25 & 127),
        below: UInt16(truncatingIfNeeded: vAt >> 24 & 255))
      output.storeBytes(of: pixel, toByteOffset: index &* 4, as: SIMD4<UInt8>.self)
      uAt &+= u.column
      vAt &+= v.column
    }
  }

  @inline(__always) static func mix(_ upper: UInt64, _ lower: UInt64, right: UInt16, below: UInt16)
    -> SIMD4<UInt8>
  {
    let a = SIMD8<UInt16>(truncatingIfNeeded: unsafeBitCast(upper, to: SIMD8<UInt8>.self))
    let b = SIMD8<UInt16>(truncatingIfNeeded: unsafeBitCast(lower, to: SIMD8<UInt8>.self))
    let rows = (a &* (256 &- below) &+ b &* below &+ 64) &>> 7
    let columns = SIMD8(
      lowHalf: SIMD4<UInt16>(repeating: 128 &- right), highHalf: SIMD4<UInt16>(repeating: right))
    let weighted = rows &* columns
    return SIMD4<UInt8>(truncatingIfNeeded: (weighted.lowHalf &+ weighted.highHalf &+ 128) &>> 8)
  }

  /// Two neighbours of which some lie beyond the edges.
  private func pair(_ column: Int, _ line: Int) -> UInt64 {
    guard line >= 0, line < source.height else { return 0 }
    func pixel(_ column: Int) -> UInt64 {
      guard column >= 0, column < source.width else { return 0 }
      return UInt64(source.at(column, line).loadUnaligned(as: UInt32.self))
    }
    return pixel(column) | pixel(column + 1) << 32
  }
}
