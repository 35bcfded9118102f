#if arch(x86_64)
  // The compiler's own names for AVX2's instructions (Engine.isSupported).
  import _Builtin_intrinsics.intel
#endif

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

  #if arch(x86_64)
    @inline(__always) private static func over(_ from: Pixels, _ to: Pixels) -> Pixels {
      // Each pixel's alpha in both of its lanes; 128 asks for a zero.
      let half = SIMD16<UInt8>(3, 128, 3, 128, 7, 128, 7, 128, 11, 128, 11, 128, 15, 128, 15, 128)
      let places = SIMD32<UInt8>(lowHalf: half, highHalf: half)
      let alphas = _mm256_shuffle_epi8(
        unsafeBitCast(from, to: SIMD4<Int64>.self), unsafeBitCast(places, to: SIMD4<Int64>.self))
      return scaled(to, unsafeBitCast(alphas, to: Lanes.self) ^ 0xFF) &+ from
    }

    /// Every byte of `pixels` times its lane of `factor` over 255: (x + 128) x 257 / 65536 is x / 255, rounded,
    /// for all products of two bytes.
    @inline(__always) private static func scaled(_ pixels: Pixels, _ factor: Lanes) -> Pixels {
      let lanes = unsafeBitCast(pixels, to: Lanes.self)
      let low = parts((lanes & 0xFF) &* factor &+ 128)
      let high = parts((lanes &>> 8) &* factor &+ 128)
      return unsafeBitCast(low | high &<< 8, to: Pixels.self)
    }

    @inline(__always) private static func parts(_ products: Lanes) -> Lanes {
      let divisor = SIMD4<Int64>(repeating: 0x0101_0101_0101_0101)
      let upper = _mm256_mulhi_epu16(unsafeBitCast(products, to: SIMD4<Int64>.self), divisor)
      return unsafeBitCast(upper, to: Lanes.self)
    }
  #else
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
  #endif

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
