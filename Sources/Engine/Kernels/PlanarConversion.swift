/// R'G'B' -> Y'CbCr of limited range by ITU-R BT.709, chroma halved both ways by the mean of four pixels.
///
/// Coefficients in 1/256, chosen so that greys stay grey: at most one step of 255 from the exact formula. All
/// sums fit 16 unsigned bits, so a vector holds two terms of each pixel at a time.
enum PlanarConversion {
  typealias Pixels = SIMD8<UInt32>
  typealias Lanes = SIMD16<UInt16>

  /// Blue, green, red.
  static let luma: (UInt32, UInt32, UInt32) = (16, 157, 47)
  static let blueness: (UInt32, UInt32, UInt32) = (112, 0x10000 - 86, 0x10000 - 26)
  static let redness: (UInt32, UInt32, UInt32) = (0x10000 - 10, 0x10000 - 102, 112)

  /// Converts `box` of `source`; its edges are even except where the picture ends.
  static func convert(_ source: PixelRows, in box: PixelBox, to planes: PlanarRows) {
    for row in stride(from: box.top, to: box.bottom, by: 2) {
      let (upper, lower) = (source.at(box.left, row), source.at(box.left, row &+ 1))
      luma(upper, planes.luma + (row &* planes.lumaStride &+ box.left), count: box.width)
      luma(lower, planes.luma + ((row &+ 1) &* planes.lumaStride &+ box.left), count: box.width)
      let offset = row / 2 &* planes.chromaStride &+ box.left / 2
      chroma(upper, lower, planes.blueness + offset, planes.redness + offset, count: box.width / 2)
    }
  }

  /// A pair of 16-bit factors for blue (or green) and red (or alpha).
  @inline(__always) private static func lanes(_ low: UInt32, _ high: UInt32) -> Lanes {
    unsafeBitCast(Pixels(repeating: low | high &<< 16), to: Lanes.self)
  }

  /// The sum of both 16-bit halves of every 32-bit lane, its high byte alone.
  @inline(__always) private static func folded(_ sum: Lanes, _ offset: UInt32) -> Pixels {
    let pairs = unsafeBitCast(sum, to: Pixels.self)
    return ((pairs &>> 16) &+ (pairs & 0xFFFF) &+ offset) &>> 8
  }

  static func luma(_ source: UnsafeRawPointer, _ target: UnsafeMutablePointer<UInt8>, count: Int) {
    let (evens, odds) = (lanes(luma.0, luma.2), lanes(luma.1, 0))
    let output = UnsafeMutableRawPointer(target)
    var index = 0
    #if arch(x86_64)
      index = WideConversion.luma(source, output, count: count)
    #endif
    let whole = count &- 7
    while index < whole {
      let pixels = source.loadUnaligned(fromByteOffset: index &* 4, as: Pixels.self)
      let even = unsafeBitCast(pixels & 0x00FF_00FF, to: Lanes.self) &* evens
      let odd = unsafeBitCast(pixels &>> 8 & 0xFF, to: Lanes.self) &* odds
      let value = folded(even &+ odd, 16 * 256 + 128)
      output.storeBytes(
        of: SIMD8<UInt8>(truncatingIfNeeded: value), toByteOffset: index, as: SIMD8<UInt8>.self)
      index &+= 8
    }
    while index < count {
      let pixel = source.loadUnaligned(fromByteOffset: index &* 4, as: UInt32.self)
      let sum =
        (pixel & 0xFF) &* luma.0 &+ (pixel &>> 8 & 0xFF) &* luma.1 &+ (pixel &>> 16 & 0xFF) &* luma.2
        &+ (16 * 256 + 128)
      target[index] = UInt8(truncatingIfNeeded: sum &>> 8)
      index &+= 1
    }
  }

  /// `count` pairs of columns of two rows.
  static func chroma(
    _ upper: UnsafeRawPointer, _ lower: UnsafeRawPointer, _ blues: UnsafeMutablePointer<UInt8>,
    _ reds: UnsafeMutablePointer<UInt8>, count: Int
  ) {
    let (blueEvens, blueOdds) = (lanes(blueness.0, blueness.2), lanes(blueness.1, 0))
    let (redEvens, redOdds) = (lanes(redness.0, redness.2), lanes(redness.1, 0))
    let (blueOutput, redOutput) = (UnsafeMutableRawPointer(blues), UnsafeMutableRawPointer(reds))
    var index = 0
    #if arch(x86_64)
      index = WideConversion.chroma(upper, lower, blueOutput, redOutput, count: count)
    #endif
    let whole = count &- 7
    while index < whole {
      let (even, odd) = meanOfFour(upper + index &* 8, lower + index &* 8)
      let blue = folded(even &* blueEvens &+ odd &* blueOdds, 0x8000 + 128) & 0xFF
      let red = folded(even &* redEvens &+ odd &* redOdds, 0x8000 + 128) & 0xFF
      blueOutput.storeBytes(
        of: SIMD8<UInt8>(truncatingIfNeeded: blue), toByteOffset: index, as: SIMD8<UInt8>.self)
      redOutput.storeBytes(
        of: SIMD8<UInt8>(truncatingIfNeeded: red), toByteOffset: index, as: SIMD8<UInt8>.self)
      index &+= 8
    }
    while index < count {
      let (blue, green, red) = meanOfFour(upper, lower, index)
      blues[index] = value(blueness, blue, green, red)
      reds[index] = value(redness, blue, green, red)
      index &+= 1
    }
  }

  @inline(__always) private static func value(
    _ factors: (UInt32, UInt32, UInt32), _ blue: UInt32, _ green: UInt32, _ red: UInt32
  ) -> UInt8 {
    let sum = blue &* factors.0 &+ green &* factors.1 &+ red &* factors.2 &+ (0x8000 + 128)
    return UInt8(truncatingIfNeeded: sum &>> 8)
  }

  @inline(__always) private static func meanOfFour(
    _ upper: UnsafeRawPointer, _ lower: UnsafeRawPointer
  ) -> (even: Lanes, odd: Lanes) {
    let a = upper.loadUnaligned(as: Pixels.self)
    let b = upper.loadUnaligned(fromByteOffset: 32, as: Pixels.self)
    let c = lower.loadUnaligned(as: Pixels.self)
    let d = lower.loadUnaligned(fromByteOffset: 32, as: Pixels.self)
    let mask = Pixels(repeating: 0x00FF_00FF)
    let evens = paired((a & mask) &+ (c & mask), (b & mask) &+ (d & mask))
    let odds = paired((a &>> 8 & mask) &+ (c &>> 8 & mask), (b &>> 8 & mask) &+ (d &>> 8 & mask))
    return (
      (unsafeBitCast(evens, to: Lanes.self) &+ 2) &>> 2, (unsafeBitCast(odds, to: Lanes.self) &+ 2) &>> 2
    )
  }

  /// Sums of neighbours.
  @inline(__always) private static func paired(_ first: Pixels, _ second: Pixels) -> Pixels {
    Pixels(lowHalf: first.evenHalf, highHalf: second.evenHalf)
      &+ Pixels(lowHalf: first.oddHalf, highHalf: second.oddHalf)
  }

  @inline(__always) private static func meanOfFour(
    _ upper: UnsafeRawPointer, _ lower: UnsafeRawPointer, _ index: Int
  ) -> (UInt32, UInt32, UInt32) {
    let a = upper.loadUnaligned(fromByteOffset: index &* 8, as: UInt32.self)
    let b = upper.loadUnaligned(fromByteOffset: index &* 8 &+ 4, as: UInt32.self)
    let c = lower.loadUnaligned(fromByteOffset: index &* 8, as: UInt32.self)
    let d = lower.loadUnaligned(fromByteOffset: index &* 8 &+ 4, as: UInt32.self)
    @inline(__always) func mean(_ shift: UInt32) -> UInt32 {
      ((a &>> shift & 0xFF) &+ (b &>> shift & 0xFF) &+ (c &>> shift & 0xFF) &+ (d &>> shift & 0xFF) &+ 2)
        &>> 2
    }
    return (mean(0), mean(8), mean(16))
  }
}

/// The three planes of an I420 picture in memory that somebody else keeps alive.
struct PlanarRows {
  let luma: UnsafeMutablePointer<UInt8>
  let blueness: UnsafeMutablePointer<UInt8>
  let redness: UnsafeMutablePointer<UInt8>
  let lumaStride: Int
  let chromaStride: Int
  let width: Int
  let height: Int
}
