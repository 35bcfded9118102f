/// Ordered dithering: what eight bits cannot say is told by the pattern of the pixels. Bayer, "An optimum
/// method for two-level rendition of continuous-tone pictures" (1973), matrix of order 8.
enum Dither {
  /// Thresholds 0…255 for a pixel's place modulo 8.
  static let matrix: [UInt16] = (0..<64).map { index in
    let (x, y) = (index % 8, index / 8 ^ index % 8)
    let value = (0..<3).reduce(0) { value, bit in value << 2 | y >> bit & 1 | (x >> bit & 1) << 1 }
    return UInt16(value * 4 + 2)
  }
}

/// Seeded numbers without state: the same input gives the same number on every machine. The finaliser of
/// SplitMix64 (Steele, Lea, Flood, "Fast splittable pseudorandom number generators", 2014).
enum Chance {
  static func bits(_ seed: UInt64, _ a: Int, _ b: Int = 0) -> UInt64 {
    var z =
      seed &+ 0x9E37_79B9_7F4A_7C15 &* UInt64(bitPattern: Int64(a &+ 1)) &+ 0xD1B5_4A32_D192_ED03
      &* UInt64(bitPattern: Int64(b &+ 1))
    z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
    return z ^ z >> 31
  }

  /// 0 up to, not including, 1.
  static func unit(_ seed: UInt64, _ a: Int, _ b: Int = 0) -> Double {
    Double(bits(seed, a, b) >> 11) * 0x1p-53
  }
}
