#if arch(x86_64)
  // The compiler's own names for AVX2's instructions (Engine.isSupported).
  import _Builtin_intrinsics.intel
#endif

/// A bitmap moved and scaled, not turned, by bilinear interpolation at sub-pixel precision: rows are mixed
/// first (weights of 1/256), then columns (1/128), so that each source pixel is read once for each row.
///
/// Places are computed from a pixel's own coordinates in 32.32 fixed point: what part of the picture is
/// painted does not change a pixel.
struct ScaledSampler {
  /// What lies beyond the bitmap's edges.
  enum Outside {
    case transparent
    /// The nearest pixel of the bitmap.
    case edge
  }

  let source: PixelRows
  let outside: Outside
  private let stepFixed: Int64
  private let columnOrigin: Int64
  private let rowOrigin: Int64

  /// - Parameters:
  ///   - x: the scaled bitmap's left edge in the picture; `y`: its top.
  ///   - scale: picture pixels for one of the bitmap, above 0.
  init(_ source: PixelRows, x: Double, y: Double, scale: Double, outside: Outside) {
    self.source = source
    self.outside = outside
    let step = 1 / scale
    stepFixed = Fixed.point(step)
    columnOrigin = Fixed.point((0.5 - x) * step - 0.5)
    rowOrigin = Fixed.point((0.5 - y) * step - 0.5)
  }

  /// The part of the picture that shows any of a bitmap of this size.
  static func reach(width: Int, height: Int, x: Double, y: Double, scale: Double) -> PixelBox {
    let spread = scale / 2 + 1
    return PixelBox(
      left: Fixed.pixel(x - spread), top: Fixed.pixel(y - spread),
      right: Fixed.pixel(x + Double(width) * scale + spread) + 1,
      bottom: Fixed.pixel(y + Double(height) * scale + spread) + 1)
  }

  /// Lays the bitmap over `target` within `box`.
  func lay(
    on target: PixelRows, in box: PixelBox, opacity: UInt32, isCovering: Bool, _ scratch: SamplerScratch
  ) {
    guard !box.isEmpty else { return }
    scratch.reserve(sourceWidth: source.width)
    let used = prepareColumns(box, scratch)
    var mixedAt = Int64.min
    for row in box.top..<box.bottom {
      let place = rowOrigin &+ Int64(row) &* stepFixed
      let line = Int(place >> 32)
      if outside == .transparent, line < -1 || line >= source.height { continue }
      // The place to 1/256: equal ones give equal rows.
      if place >> 24 != mixedAt {
        mix(line, weight: UInt16(truncatingIfNeeded: place >> 24 & 255), used, scratch)
        mixedAt = place >> 24
      }
      if isCovering && opacity >= 255 {
        spread(to: target.at(box.left, row), count: box.width, scratch)
      } else {
        spread(to: scratch.pixels, count: box.width, scratch)
        AlphaOver.row(target.at(box.left, row), scratch.pixels, count: box.width, opacity: opacity)
      }
    }
  }

  /// Fills the scratch's columns and gives the range of source columns they read.
  private func prepareColumns(_ box: PixelBox, _ scratch: SamplerScratch) -> Range<Int> {
    let width = source.width
    var (least, most) = (width - 1, 0)
    for index in 0..<box.width {
      let place = columnOrigin &+ Int64(box.left &+ index) &* stepFixed
      var column = Int(place >> 32)
      var right = UInt16(truncatingIfNeeded: place >> 25 & 127)
      switch outside {
      case .edge:
        if column < 0 { (column, right) = (0, 0) }
        if column >= width &- 1 { (column, right) = (width &- 1, 0) }
      case .transparent:
        // Two spare pixels stand before the first.
        if column < -1 || column >= width { column = -2 }
      }
      least = min(least, max(0, column))
      most = max(most, min(width &- 1, column &+ 1))
      scratch.places[index] = (column &+ 2) &* 4
      scratch.weights[index] = SIMD8(
        lowHalf: SIMD4(repeating: 128 &- right), highHalf: SIMD4(repeating: right))
    }
    return least..<max(least, most) + 1
  }

  /// Mixes two source rows to nine bits a channel.
  private func mix(_ line: Int, weight: UInt16, _ used: Range<Int>, _ scratch: SamplerScratch) {
    let (upper, lower) = (row(line, scratch), row(line &+ 1, scratch))
    let (old, new) = (SIMD16<UInt16>(repeating: 256 &- weight), SIMD16<UInt16>(repeating: weight))
    let output = UnsafeMutableRawPointer(scratch.mixed + 8)
    var column = used.lowerBound
    while column &+ 4 <= used.upperBound {
      let (a, b) = (Self.channels(upper + column &* 4), Self.channels(lower + column &* 4))
      output.storeBytes(
        of: (a &* old &+ b &* new &+ 64) &>> 7, toByteOffset: column &* 8, as: SIMD16<UInt16>.self)
      column &+= 4
    }
    for channel in column &* 4..<max(column, used.upperBound) &* 4 {
      let a = UInt32(upper.load(fromByteOffset: channel, as: UInt8.self))
      let b = UInt32(lower.load(fromByteOffset: channel, as: UInt8.self))
      let value = (a &* UInt32(256 &- weight) &+ b &* UInt32(weight) &+ 64) &>> 7
      scratch.mixed[8 &+ channel] = UInt16(truncatingIfNeeded: value)
    }
    // What an earlier, wider bitmap left behind must not show at the right edge.
    for channel in 0..<8 { scratch.mixed[8 &+ source.width &* 4 &+ channel] = 0 }
  }

  /// Four pixels, 16 bits a channel.
  @inline(__always) private static func channels(_ source: UnsafeRawPointer) -> SIMD16<UInt16> {
    #if arch(x86_64)
      let bytes = source.loadUnaligned(as: SIMD2<Int64>.self)
      return unsafeBitCast(_mm256_cvtepu8_epi16(bytes), to: SIMD16<UInt16>.self)
    #else
      return SIMD16(truncatingIfNeeded: source.loadUnaligned(as: SIMD16<UInt8>.self))
    #endif
  }

  private func row(_ line: Int, _ scratch: SamplerScratch) -> UnsafeRawPointer {
    if outside == .edge { return UnsafeRawPointer(source.at(0, min(max(0, line), source.height &- 1))) }
    return line < 0 || line >= source.height
      ? UnsafeRawPointer(scratch.zeros) : UnsafeRawPointer(source.at(0, line))
  }

  /// Mixes columns, two pixels at a time.
  private func spread(to output: UnsafeMutableRawPointer, count: Int, _ scratch: SamplerScratch) {
    let mixed = UnsafeRawPointer(scratch.mixed)
    var index = 0
    while index &+ 2 <= count {
      let first = Self.sum(mixed, scratch.places[index], scratch.weights[index])
      let second = Self.sum(mixed, scratch.places[index &+ 1], scratch.weights[index &+ 1])
      let both = (SIMD8(lowHalf: first, highHalf: second) &+ 128) &>> 8
      output.storeBytes(
        of: SIMD8<UInt8>(truncatingIfNeeded: both), toByteOffset: index &* 4, as: SIMD8<UInt8>.self)
      index &+= 2
    }
    if index < count {
      let last = (Self.sum(mixed, scratch.places[index], scratch.weights[index]) &+ 128) &>> 8
      output.storeBytes(
        of: SIMD4<UInt8>(truncatingIfNeeded: last), toByteOffset: index &* 4, as: SIMD4<UInt8>.self)
    }
  }

  @inline(__always) private static func sum(
    _ mixed: UnsafeRawPointer, _ place: Int, _ weights: SIMD8<UInt16>
  ) -> SIMD4<UInt16> {
    let weighted = mixed.loadUnaligned(fromByteOffset: place &* 2, as: SIMD8<UInt16>.self) &* weights
    return weighted.lowHalf &+ weighted.highHalf
  }
}

/// Numbers as 32.32 fixed point, whatever they are: no value traps.
enum Fixed {
  static func point(_ value: Double) -> Int64 {
    Int64((min(max(value, -1e8), 1e8) * 0x1p32).rounded())
  }

  /// The whole pixel at or before a place.
  static func pixel(_ value: Double) -> Int { Int(min(max(value, -1e8), 1e8).rounded(.down)) }
}
