import Foundation

#if arch(x86_64)
  // The compiler's own names for AVX2's instructions (Engine.isSupported).
  import _Builtin_intrinsics.intel
#endif

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
    @inline(__always) func isInside(_ u: Int64, _ v: Int64) -> Bool {
      UInt(bitPattern: Int(u >> 32)) < insideWidth && UInt(bitPattern: Int(v >> 32)) < insideHeight
    }
    var index = 0
    #if arch(x86_64)
      let (base, stride) = (UnsafeRawPointer(source.base), source.stride)
      while index &+ 2 <= range.count {
        let (uNext, vNext) = (uAt &+ u.column, vAt &+ v.column)
        guard isInside(uAt, vAt), isInside(uNext, vNext) else {
          for _ in 0..<2 {
            output.storeBytes(of: pixel(uAt, vAt), toByteOffset: index &* 4, as: SIMD4<UInt8>.self)
            uAt &+= u.column
            vAt &+= v.column
            index &+= 1
          }
          continue
        }
        let first = base + (Int(vAt >> 32) &* stride &+ Int(uAt >> 32) &* 4)
        let second = base + (Int(vNext >> 32) &* stride &+ Int(uNext >> 32) &* 4)
        Self.mixTwo(first, second, stride, right: (uAt, uNext), below: (vAt, vNext), to: output + index &* 4)
        uAt = uNext &+ u.column
        vAt = vNext &+ v.column
        index &+= 2
      }
    #endif
    while index < range.count {
      output.storeBytes(of: pixel(uAt, vAt), toByteOffset: index &* 4, as: SIMD4<UInt8>.self)
      uAt &+= u.column
      vAt &+= v.column
      index &+= 1
    }
  }

  #if arch(x86_64)
    /// Two pixels whose neighbours all lie inside, as `mix` does one: each takes a half of the register.
    @inline(__always) private static func mixTwo(
      _ first: UnsafeRawPointer, _ second: UnsafeRawPointer, _ stride: Int, right: (Int64, Int64),
      below: (Int64, Int64), to output: UnsafeMutableRawPointer
    ) {
      typealias Lanes = SIMD16<UInt16>
      @inline(__always) func pairs(_ offset: Int) -> Lanes {
        let both = SIMD2(
          first.loadUnaligned(fromByteOffset: offset, as: Int64.self),
          second.loadUnaligned(fromByteOffset: offset, as: Int64.self))
        return unsafeBitCast(_mm256_cvtepu8_epi16(both), to: Lanes.self)
      }
      @inline(__always) func repeated(_ values: SIMD4<Int64>) -> Lanes {
        // The lowest two bytes of each half, eight times.
        let places = SIMD4<Int64>(repeating: 0x0100_0100_0100_0100)
        return unsafeBitCast(_mm256_shuffle_epi8(values, places), to: Lanes.self)
      }
      let new = repeated((SIMD4(below.0, 0, below.1, 0) &>> 24) & 255)
      let part = repeated((SIMD4(right.0, 0, right.1, 0) &>> 25) & 127)
      let (upper, lower) = (pairs(0), pairs(stride))
      let rows = (upper &* (256 &- new) &+ lower &* new &+ 64) &>> 7
      // 128 less the part for the left neighbour, the part for the right one.
      let signs = unsafeBitCast(SIMD4<Int64>(-1, 0, -1, 0), to: Lanes.self)
      let whole = signs & 129
      let columns = (part ^ signs) &+ whole
      let weighted = unsafeBitCast(rows &* columns, to: SIMD4<Int64>.self)
      let sums =
        unsafeBitCast(weighted, to: Lanes.self)
        &+ unsafeBitCast(_mm256_unpackhi_epi64(weighted, weighted), to: Lanes.self)
      let bytes = unsafeBitCast((sums &+ 128) &>> 8, to: SIMD4<Int64>.self)
      let packed = unsafeBitCast(_mm256_packus_epi16(bytes, bytes), to: SIMD8<UInt32>.self)
      output.storeBytes(of: packed[0], as: UInt32.self)
      output.storeBytes(of: packed[4], toByteOffset: 4, as: UInt32.self)
    }
  #endif

  /// One pixel, wherever it lies.
  @inline(__always) private func pixel(_ u: Int64, _ v: Int64) -> SIMD4<UInt8> {
    let (column, line) = (Int(u >> 32), Int(v >> 32))
    let upper: UInt64
    let lower: UInt64
    if UInt(bitPattern: column) < UInt(source.width &- 1), UInt(bitPattern: line) < UInt(source.height &- 1) {
      let place = source.at(column, line)
      upper = place.loadUnaligned(as: UInt64.self)
      lower = place.loadUnaligned(fromByteOffset: source.stride, as: UInt64.self)
    } else {
      (upper, lower) = (pair(column, line), pair(column, line &+ 1))
    }
    return Self.mix(
      upper, lower, right: UInt16(truncatingIfNeeded: u >> 25 & 127),
      below: UInt16(truncatingIfNeeded: v >> 24 & 255))
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
