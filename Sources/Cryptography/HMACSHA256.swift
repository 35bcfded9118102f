internal import COpenSSL

/// HMAC-SHA256 (RFC 2104, RFC 4231): proves that who made a message knew the key.
public struct HMACSHA256: Sendable {
  private let key: [UInt8]

  /// Any length is allowed; 32 random bytes are right.
  public init(key: [UInt8]) {
    self.key = key
  }

  public func authenticationCode(for message: UnsafeRawBufferPointer) -> SHA256Digest {
    withUnsafeTemporaryAllocation(byteCount: SHA256Digest.byteCount, alignment: 8) { output in
      var length: UInt32 = 0
      let code = HMAC(
        Algorithm.sha256, key, Int32(key.count), message.assumingMemoryBound(to: UInt8.self).baseAddress,
        message.count, output.assumingMemoryBound(to: UInt8.self).baseAddress, &length)
      precondition(code != nil && length == SHA256Digest.byteCount, "OpenSSL cannot run HMAC: out of memory")
      return SHA256Digest(loadingFrom: UnsafeRawBufferPointer(output))
    }
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
