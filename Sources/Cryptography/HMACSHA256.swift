internal import COpenSSL

/// HMAC-SHA256 (RFC 2104, RFC 4231): proves that who made a message knew the key.
/// The key is hashed once, when this is made: a code then costs what its message costs, and one block more.
public struct HMACSHA256: Sendable {
  private let inner: SHA256State
  private let outer: SHA256State

  /// Any length is allowed; 32 random bytes are right.
  public init(key: [UInt8]) {
    var block = key.count > SHA256State.blockByteCount ? SHA256.hash(key).bytes : key
    block += [UInt8](repeating: 0, count: SHA256State.blockByteCount - block.count)
    func state(_ pad: UInt8) -> SHA256State {
      block.map { $0 ^ pad }.withUnsafeBytes { SHA256State(hashing: $0) }
    }
    inner = state(0x36)
    outer = state(0x5C)
  }

  /// The code of `first` and `second`, one behind the other.
  public func authenticationCode(
    for first: UnsafeRawBufferPointer,
    _ second: UnsafeRawBufferPointer = UnsafeRawBufferPointer(start: nil, count: 0)
  ) -> SHA256Digest {
    let (a, b, c, d) = inner.digest(of: first, second).words
    return withUnsafeBytes(of: (a.bigEndian, b.bigEndian, c.bigEndian, d.bigEndian)) { outer.digest(of: $0) }
  }

  public func authenticationCode(for message: some Sequence<UInt8>) -> SHA256Digest {
    message.withContiguousStorageIfAvailable { authenticationCode(for: UnsafeRawBufferPointer($0)) }
      ?? Array(message).withUnsafeBytes { authenticationCode(for: $0) }
  }

  public func authenticationCode(for message: String) -> SHA256Digest {
    authenticationCode(for: message.utf8)
  }

  /// Whether `code` (32 bytes, or a prefix of at least 16 where a link must be short) belongs to the message; takes
  /// the same time whichever byte differs.
  public func isValid(_ code: [UInt8], for message: some Sequence<UInt8>) -> Bool {
    guard (16...SHA256Digest.byteCount).contains(code.count) else { return false }
    return constantTimeEquals(code, Array(authenticationCode(for: message).bytes.prefix(code.count)))
  }

  public func isValid(_ code: [UInt8], for message: String) -> Bool {
    isValid(code, for: message.utf8)
  }
}

/// Compares two secrets in a time that depends on their length alone.
public func constantTimeEquals(_ left: [UInt8], _ right: [UInt8]) -> Bool {
  left.count == right.count && CRYPTO_memcmp(left, right, left.count) == 0
}
