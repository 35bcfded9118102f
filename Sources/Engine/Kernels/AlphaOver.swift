/// Porter and Duff's "over" for premultiplied pixels: source + destination x (1 - source's alpha), rounded
/// to the nearest of 255 steps. Porter, Duff, "Compositing Digital Images" (1984).
///
/// Eight pixels at a time. Blue and red stand in one vector's 16-bit lanes, green and alpha in another's, so
/// that nothing has to be unpacked or packed.
enum AlphaOver {
  typealias Pixels = SIMD8<UInt32>
  typealias Lanes = SIMD16<UInt16>

  /// Lays `count` pixels of `source`, faded to `opacity` (0…255), over those at `target`.
  static func row(
    _ target: UnsafeMutableRawPointer, _ source: UnsafeRawPointer, count: Int, opacity: UInt32 = 255
  ) {
    var index = 0
    let whole = count &- 7
    if opacity >= 255 {
      while index < whole {
        let from = source.loadUnaligned(fromByteOffset: index &* 4, as: Pixels.self)
        let to = target.loadUnaligned(fromByteOffset: index &* 4, as: Pixels.self)
        target.storeBytes(of: over(from, to), toByteOffset: index &* 4, as: Pixels.self)
        index &+= 8
      }
    } else {
      let factor = Lanes(repeating: UInt16(truncatingIfNeeded: opacity))
      while index < whole {
        let from = source.loadUnaligned(fromByteOffset: index &* 4, as: Pixels.self)
        let to = target.loadUnaligned(fromByteOffset: index &* 4, as: Pixels.self)
        target.storeBytes(of: over(scaled(from, factor), to), toByteOffset: index &* 4, as: Pixels.self)
        index &+= 8
      }
    }
    while index < count {
      let from = source.loadUnaligned(fromByteOffset: index &* 4, as: UInt32.self)
      let to = target.loadUnaligned(fromByteOffset: index &* 4, as: UInt32.self)
      target.storeBytes(of: pixel(from, to, opacity), toByteOffset: index &* 4, as: UInt32.self)
      index &+= 1
    }
  }

  @inline(__always) private static func over(_ from: Pixels, _ to: Pixels) -> Pixels {
    let rest = 255 &- (from &>> 24)
    return scaled(to, unsafeBitCast(rest | rest &<< 16, to: Lanes.self)) &+ from
  }

  /// Every byte of `pixels` times its lane of `factor` over 255.
  @inline(__always) private static func scaled(_ pixels: Pixels, _ factor: Lanes) -> Pixels {
    let mask = Pixels(repeating: 0x00FF_00FF)
    let even = unsafeBitCast(pixels & mask, to: Lanes.self) &* factor &+ 128
    let odd = unsafeBitCast((pixels &>> 8) & mask, to: Lanes.self) &* factor &+ 128
    let low = (even &+ even &>> 8) &>> 8
    let high = odd &+ odd &>> 8
    return unsafeBitCast(low, to: Pixels.self)
      | (unsafeBitCast(high, to: Pixels.self) & Pixels(repeating: 0xFF00_FF00))
  }

  /// The same arithmetic for one pixel.
  @inline(__always) static func pixel(_ from: UInt32, _ to: UInt32, _ opacity: UInt32) -> UInt32 {
    let faded = opacity >= 255 ? from : scaled(from, opacity)
    return scaled(to, 255 &- faded &>> 24) &+ faded
  }

  @inline(__always) private static func scaled(_ pixel: UInt32, _ factor: UInt32) -> UInt32 {
    let even = (pixel & 0x00FF_00FF) &* factor &+ 0x0080_0080
    let odd = ((pixel &>> 8) & 0x00FF_00FF) &* factor &+ 0x0080_0080
    let low = (even &+ (even &>> 8) & 0x00FF_00FF) &>> 8 & 0x00FF_00FF
    return low | (odd &+ (odd &>> 8) & 0x00FF_00FF) & 0xFF00_FF00
  }
}
