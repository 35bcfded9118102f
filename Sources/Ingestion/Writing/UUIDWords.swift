import FoundationEssentials

/// A UUID as two numbers in the order of its bytes, which is PostgreSQL's order too: compared and hashed without a
/// call.
struct UUIDWords: Hashable, Comparable, Sendable {
  var high: UInt64
  var low: UInt64

  @inline(__always)
  init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  @inline(__always)
  init(_ uuid: UUID) {
    (high, low) = withUnsafeBytes(of: uuid.uuid) { bytes in
      (
        UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self)),
        UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
      )
    }
  }

  var uuid: UUID {
    withUnsafeBytes(of: (high.bigEndian, low.bigEndian)) { UUID(uuid: $0.loadUnaligned(as: uuid_t.self)) }
  }

  @inline(__always)
  static func < (left: UUIDWords, right: UUIDWords) -> Bool {
    left.high != right.high ? left.high < right.high : left.low < right.low
  }

  @inline(__always)
  static func == (left: UUIDWords, right: UUIDWords) -> Bool {
    left.low == right.low && left.high == right.high
  }

  /// Good enough for a ``FlatIndex``: ids end in random bits or in those of a keyed hash.
  @inline(__always)
  var mixed: UInt64 { (low ^ (high &* 0x9E37_79B9_7F4A_7C15)) &* 0xD6E8_FEB8_6659_FD93 }
}
