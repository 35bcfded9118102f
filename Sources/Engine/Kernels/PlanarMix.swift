#if arch(x86_64)
  // The compiler's own names for AVX2's instructions (Engine.isSupported).
  import _Builtin_intrinsics.intel
#endif

/// Crossfades of bytes: planes of I420 pictures or rows of pixels alike.
enum PlanarMix {
  /// `first` and `second` mixed at `weight` of 256 parts of `second`, rounded to nearest.
  static func planes(_ first: PlanarRows, _ second: PlanarRows, weight: Int, to target: PlanarRows) {
    for row in 0..<target.height {
      mix(
        first.luma + row &* first.lumaStride, second.luma + row &* second.lumaStride,
        target.luma + row &* target.lumaStride, count: target.width, weight: weight)
    }
    let width = target.width / 2
    for row in 0..<target.height / 2 {
      let (a, b, c) = (row &* first.chromaStride, row &* second.chromaStride, row &* target.chromaStride)
      mix(first.blueness + a, second.blueness + b, target.blueness + c, count: width, weight: weight)
      mix(first.redness + a, second.redness + b, target.redness + c, count: width, weight: weight)
    }
  }

  static func mix(
    _ first: UnsafeRawPointer, _ second: UnsafeRawPointer, _ target: UnsafeMutableRawPointer, count: Int,
    weight: Int
  ) {
    typealias Lanes = SIMD16<UInt16>
    let (new, old) = (
      Lanes(repeating: UInt16(truncatingIfNeeded: weight)),
      Lanes(repeating: UInt16(truncatingIfNeeded: 256 &- weight))
    )
    let mask = Lanes(repeating: 0xFF)
    var index = 0
    #if arch(x86_64)
      if weight > 0, weight < 256 { index = wide(first, second, target, count: count, weight: weight) }
    #endif
    let whole = count &- 31
    while index < whole {
      let a = first.loadUnaligned(fromByteOffset: index, as: Lanes.self)
      let b = second.loadUnaligned(fromByteOffset: index, as: Lanes.self)
      let even = ((a & mask) &* old &+ (b & mask) &* new &+ 128) &>> 8
      let odd = ((a &>> 8) &* old &+ (b &>> 8) &* new &+ 128) & 0xFF00
      target.storeBytes(of: even | odd, toByteOffset: index, as: Lanes.self)
      index &+= 32
    }
    while index < count {
      let a = first.load(fromByteOffset: index, as: UInt8.self)
      let b = second.load(fromByteOffset: index, as: UInt8.self)
      let value = Int(a) &* (256 &- weight) &+ Int(b) &* weight &+ 128
      target.storeBytes(of: UInt8(truncatingIfNeeded: value &>> 8), toByteOffset: index, as: UInt8.self)
      index &+= 1
    }
  }

  #if arch(x86_64)
    /// 32 bytes at a time; gives the number done. Weights are unsigned bytes, so it is the values that get a
    /// sign: 128 less each.
    private static func wide(
      _ first: UnsafeRawPointer, _ second: UnsafeRawPointer, _ target: UnsafeMutableRawPointer, count: Int,
      weight: Int
    ) -> Int {
      typealias Register = SIMD4<Int64>
      let pair = UInt16(truncatingIfNeeded: 256 &- weight | weight &<< 8)
      let weights = unsafeBitCast(SIMD16<UInt16>(repeating: pair), to: Register.self)
      @inline(__always) func signed(_ source: UnsafeRawPointer, _ index: Int) -> Register {
        source.loadUnaligned(fromByteOffset: index, as: Register.self)
          ^ Register(repeating: Int64(bitPattern: 0x8080_8080_8080_8080))
      }
      @inline(__always) func mixed(_ both: Register) -> Register {
        let sums = unsafeBitCast(_mm256_maddubs_epi16(weights, both), to: SIMD16<UInt16>.self)
        return unsafeBitCast((sums &+ (0x8000 + 128)) &>> 8, to: Register.self)
      }
      var index = 0
      while index &+ 32 <= count {
        let (a, b) = (signed(first, index), signed(second, index))
        let bytes = _mm256_packus_epi16(
          mixed(_mm256_unpacklo_epi8(a, b)), mixed(_mm256_unpackhi_epi8(a, b)))
        target.storeBytes(of: bytes, toByteOffset: index, as: Register.self)
        index &+= 32
      }
      return index
    }
  #endif
}
