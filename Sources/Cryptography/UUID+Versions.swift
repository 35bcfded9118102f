public import FoundationEssentials

extension UUID {
  /// A UUIDv7 (RFC 9562 section 5.7): 48 bits of Unix milliseconds, then 74 random bits.
  ///
  /// Identifiers sort by the millisecond they were made in; inside one millisecond their order is random.
  /// - Parameter milliseconds: since 1970, cut to 48 bits (enough until the year 10889).
  public static func version7(
    milliseconds: Int64, using randomness: inout some RandomNumberGenerator
  ) -> UUID {
    timeOrdered(version: 7, milliseconds: milliseconds, randomness.next(), randomness.next())
  }

  /// A UUIDv7 of the given moment.
  public static func version7(at moment: Date, using randomness: inout some RandomNumberGenerator) -> UUID {
    version7(milliseconds: Int64((moment.timeIntervalSince1970 * 1000).rounded(.down)), using: &randomness)
  }

  /// A UUIDv8 (RFC 9562 section 5.8): 48 bits of Unix milliseconds, then the first 74 bits of a hash.
  ///
  /// The same time and the same hash give the same identifier: this is how a retried event meets its twin.
  /// - Parameter milliseconds: since 1970, cut to 48 bits.
  public static func version8(milliseconds: Int64, hash: SHA256Digest) -> UUID {
    // 12 bits go before the two of the variant, the next 62 after them.
    let bits = hash.first128Bits
    return timeOrdered(
      version: 8, milliseconds: milliseconds, bits.high >> 52, bits.high << 10 | bits.low >> 54)
  }

  /// The Unix milliseconds in a UUIDv7 or in this program's UUIDv8; nil for every other version.
  public var milliseconds: Int64? {
    guard uuid.6 >> 4 == 7 || uuid.6 >> 4 == 8 else { return nil }
    return [uuid.0, uuid.1, uuid.2, uuid.3, uuid.4, uuid.5].reduce(0) { $0 << 8 | Int64($1) }
  }

  /// Puts together 48 bits of time, 4 of version, 12 of `a`, 2 of variant and 62 of `b` (their low bits).
  private static func timeOrdered(version: UInt64, milliseconds: Int64, _ a: UInt64, _ b: UInt64) -> UUID {
    let high = UInt64(bitPattern: milliseconds) << 16 | version << 12 | a & 0xfff
    let low = 0b10 << 62 | b & (UInt64.max >> 2)
    func byte(_ word: UInt64, _ index: UInt64) -> UInt8 {
      UInt8(truncatingIfNeeded: word >> (56 - 8 * index))
    }
    return UUID(
      uuid: (
        byte(high, 0), byte(high, 1), byte(high, 2), byte(high, 3), byte(high, 4), byte(high, 5),
        byte(high, 6), byte(high, 7), byte(low, 0), byte(low, 1), byte(low, 2), byte(low, 3), byte(low, 4),
        byte(low, 5), byte(low, 6), byte(low, 7)
      ))
  }
}
