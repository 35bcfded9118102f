import FoundationEssentials

/// Bits that follow from what a verdict is about, so that the same question asked twice is answered by a verdict
/// of the same id, and recording it twice stores it once. Mixed by SplitMix64 (Steele, Lea, Flood 2014).
struct QuestionDerivedBits: RandomNumberGenerator {
  private var state: UInt64

  init(experiment: UUID, variant: UUID?, asOf: Date, aspect: UInt8) {
    state = UInt64(aspect)
    absorb(experiment)
    if let variant { absorb(variant) }
    absorb(asOf.timeIntervalSince1970.bitPattern)
  }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  private mutating func absorb(_ bits: UInt64) {
    state ^= bits
    state = next()
  }

  private mutating func absorb(_ uuid: UUID) {
    withUnsafeBytes(of: uuid.uuid) { bytes in
      absorb(bytes.loadUnaligned(fromByteOffset: 0, as: UInt64.self))
      absorb(bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
    }
  }
}
