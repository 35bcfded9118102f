/// The 256 bits that SHA-256 makes of a message.
///
/// Kept as four big-endian words, so that a digest lives on the stack, compares fast and is a cheap key of a
/// dictionary.
public struct SHA256Digest: Hashable, Sendable {
  public static let byteCount = 32

  let words: (UInt64, UInt64, UInt64, UInt64)

  init(_ words: (UInt64, UInt64, UInt64, UInt64)) {
    self.words = words
  }

  /// A digest from its 32 bytes; nil for any other length.
  public init?(bytes: [UInt8]) {
    guard bytes.count == Self.byteCount else { return nil }
    self = bytes.withUnsafeBytes { Self(loadingFrom: $0) }
  }

  /// A digest from its 64 hexadecimal digits of either case; nil for anything else.
  public init?(hex: String) {
    guard let bytes = Hex.decode(hex) else { return nil }
    self.init(bytes: bytes)
  }

  init(loadingFrom buffer: UnsafeRawBufferPointer) {
    func word(_ index: Int) -> UInt64 {
      UInt64(bigEndian: buffer.loadUnaligned(fromByteOffset: index * 8, as: UInt64.self))
    }
    words = (word(0), word(1), word(2), word(3))
  }

  /// All 32 bytes, first byte first.
  public var bytes: [UInt8] {
    [UInt8](unsafeUninitializedCapacity: Self.byteCount) { buffer, count in
      var at = 0
      for word in [words.0, words.1, words.2, words.3] {
        for shift in stride(from: 56, through: 0, by: -8) {
          buffer[at] = UInt8(truncatingIfNeeded: word >> UInt64(shift))
          at += 1
        }
      }
      count = Self.byteCount
    }
  }

  /// 64 lower-case hexadecimal digits.
  public var hex: String { Hex.encode(bytes) }

  /// The first 64 bits, for buckets and seeds. Two of about five thousand million messages share them by
  /// chance, so never use them where a collision would hurt.
  public var first64Bits: UInt64 { words.0 }

  /// The first 128 bits, for identifiers: as good as a random UUID, but without the strength of a signature.
  public var first128Bits: (high: UInt64, low: UInt64) { (words.0, words.1) }

  /// Equality of digests that are not secret; for signatures use ``constantTimeEquals(_:_:)``.
  public static func == (left: Self, right: Self) -> Bool { left.words == right.words }

  public func hash(into hasher: inout Hasher) {
    // The words are already uniformly distributed: one of them is as good as all four.
    hasher.combine(words.0)
  }
}

extension SHA256Digest: CustomStringConvertible {
  public var description: String { hex }
}
