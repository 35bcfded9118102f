#if arch(x86_64)
  // The compiler's own names for AVX2's instructions (Engine.isSupported).
  import _Builtin_intrinsics.intel

  /// The same conversion as `PlanarConversion`, bit by bit, where a processor can multiply bytes by their
  /// coefficients and add them in pairs.
  enum WideConversion {
    typealias Register = SIMD4<Int64>
    typealias Words = SIMD16<UInt16>

    /// Converts 32 pixels at a time and gives the number done.
    ///
    /// Luma's coefficients do not fit a signed byte but an unsigned one, so it is the pixels that get a sign:
    /// 128 less each.
    static func luma(_ source: UnsafeRawPointer, _ target: UnsafeMutableRawPointer, count: Int) -> Int {
      let coefficients = PlanarConversion.luma
      let factors = repeated(coefficients)
      let offset = UInt16(truncatingIfNeeded: 16 * 256 + 128 + 128 * (16 + 157 + 47))
      let ones = Register(repeating: 0x0001_0001_0001_0001)
      let signs = Register(repeating: Int64(bitPattern: 0x8080_8080_8080_8080))
      @inline(__always) func pairs(_ place: Int) -> Register {
        let signed = source.loadUnaligned(fromByteOffset: place, as: Register.self) ^ signs
        let products = _mm256_maddubs_epi16(factors, signed)
        return _mm256_madd_epi16(products, ones)
      }
      var index = 0
      while index &+ 32 <= count {
        let place = index &* 4
        let first = dropped(_mm256_packs_epi32(pairs(place), pairs(place &+ 32)), offset)
        let second = dropped(_mm256_packs_epi32(pairs(place &+ 64), pairs(place &+ 96)), offset)
        let bytes = _mm256_permutevar8x32_epi32(_mm256_packus_epi16(first, second), order)
        target.storeBytes(of: bytes, toByteOffset: index, as: Register.self)
        index &+= 32
      }
      return index
    }

    /// Converts 16 pairs of columns of two rows at a time and gives the number done.
    static func chroma(
      _ upper: UnsafeRawPointer, _ lower: UnsafeRawPointer, _ blues: UnsafeMutableRawPointer,
      _ reds: UnsafeMutableRawPointer, count: Int
    ) -> Int {
      let (blueFactors, redFactors) = (
        repeated(PlanarConversion.blueness), repeated(PlanarConversion.redness)
      )
      let (ones, oneBytes) = (
        Register(repeating: 0x0001_0001_0001_0001), Register(repeating: 0x0101_0101_0101_0101)
      )
      // Both pixels' blues, greens, reds and alphas side by side.
      let half = SIMD16<UInt8>(0, 4, 1, 5, 2, 6, 3, 7, 8, 12, 9, 13, 10, 14, 11, 15)
      let neighbours = unsafeBitCast(SIMD32<UInt8>(lowHalf: half, highHalf: half), to: Register.self)
      @inline(__always) func sums(_ row: UnsafeRawPointer, _ place: Int) -> Words {
        let pixels = row.loadUnaligned(fromByteOffset: place, as: Register.self)
        let sums = _mm256_maddubs_epi16(_mm256_shuffle_epi8(pixels, neighbours), oneBytes)
        return unsafeBitCast(sums, to: Words.self)
      }
      @inline(__always) func means(_ place: Int) -> Register {
        let first = (sums(upper, place) &+ sums(lower, place) &+ 2) &>> 2
        let second = (sums(upper, place &+ 32) &+ sums(lower, place &+ 32) &+ 2) &>> 2
        return _mm256_packus_epi16(
          unsafeBitCast(first, to: Register.self), unsafeBitCast(second, to: Register.self))
      }
      @inline(__always) func plane(_ first: Register, _ second: Register, _ factors: Register) -> Register {
        let a = _mm256_madd_epi16(_mm256_maddubs_epi16(first, factors), ones)
        let b = _mm256_madd_epi16(_mm256_maddubs_epi16(second, factors), ones)
        return dropped(_mm256_packs_epi32(a, b), 0x8000 + 128)
      }
      var index = 0
      while index &+ 16 <= count {
        let (first, second) = (means(index &* 8), means(index &* 8 &+ 64))
        let planes = _mm256_packus_epi16(plane(first, second, blueFactors), plane(first, second, redFactors))
        let apart = _mm256_permutevar8x32_epi32(planes, planeOrder)
        let ordered = _mm256_shuffle_epi8(apart, pairOrder)
        blues.storeBytes(of: ordered.lowHalf, toByteOffset: index, as: SIMD2<Int64>.self)
        reds.storeBytes(of: ordered.highHalf, toByteOffset: index, as: SIMD2<Int64>.self)
        index &+= 16
      }
      return index
    }

    /// Without the low eight bits; what is left is 0…255.
    @inline(__always) private static func dropped(_ sums: Register, _ offset: UInt16) -> Register {
      unsafeBitCast((unsafeBitCast(sums, to: Words.self) &+ offset) &>> 8, to: Register.self)
    }

    /// Blue's, green's and red's coefficients and none for alpha, for every pixel.
    @inline(__always) private static func repeated(_ coefficients: (UInt32, UInt32, UInt32)) -> Register {
      let pixel = coefficients.0 & 255 | (coefficients.1 & 255) << 8 | (coefficients.2 & 255) << 16
      return unsafeBitCast(SIMD8<UInt32>(repeating: pixel), to: Register.self)
    }

    /// Packing works on each half of a register by itself; this brings what it made into order.
    private static var order: Register {
      unsafeBitCast(SIMD8<Int32>(0, 4, 1, 5, 2, 6, 3, 7), to: Register.self)
    }
    private static var planeOrder: Register {
      unsafeBitCast(SIMD8<Int32>(0, 1, 4, 5, 2, 3, 6, 7), to: Register.self)
    }
    private static var pairOrder: Register {
      let half = SIMD16<UInt8>(0, 1, 8, 9, 2, 3, 10, 11, 4, 5, 12, 13, 6, 7, 14, 15)
      return unsafeBitCast(SIMD32<UInt8>(lowHalf: half, highHalf: half), to: Register.self)
    }
  }
#endif
