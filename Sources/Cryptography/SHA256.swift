internal import COpenSSL

/// SHA-256 (FIPS 180-4), in one call or piece by piece.
///
///     let digest = SHA256.hash("text")
///     var hash = SHA256(); hash.update(bytes); let same = hash.finalize()
///
/// OpenSSL reports failure only when memory has run out or its default provider is missing; nothing sensible can
/// be done then, so these functions trap instead of making every caller handle it.
public struct SHA256: ~Copyable {
  private let context: OpaquePointer

  public init() {
    guard let context = EVP_MD_CTX_new(), EVP_DigestInit_ex(context, Algorithm.sha256, nil) == 1 else {
      preconditionFailure("OpenSSL cannot start SHA-256: out of memory, or its default provider is missing")
    }
    self.context = context
  }

  deinit { EVP_MD_CTX_free(context) }

  public mutating func update(_ bytes: UnsafeRawBufferPointer) {
    precondition(EVP_DigestUpdate(context, bytes.baseAddress, bytes.count) == 1, "SHA-256 update failed")
  }

  public mutating func update(_ bytes: some Sequence<UInt8>) {
    if bytes.withContiguousStorageIfAvailable({ update(UnsafeRawBufferPointer($0)) }) == nil {
      Array(bytes).withUnsafeBytes { update($0) }
    }
  }

  public mutating func update(_ text: String) {
    update(text.utf8)
  }

  /// Adds one field of a record, its length in bytes (64 bits, big-endian) before it, so that `("ab", "c")` and
  /// `("a", "bc")` hash differently.
  public mutating func update(field: String) {
    var text = field
    text.withUTF8 { utf8 in
      withUnsafeBytes(of: UInt64(utf8.count).bigEndian) { update($0) }
      update(UnsafeRawBufferPointer(utf8))
    }
  }

  public consuming func finalize() -> SHA256Digest {
    withUnsafeTemporaryAllocation(byteCount: SHA256Digest.byteCount, alignment: 8) { output in
      var length: UInt32 = 0
      precondition(
        EVP_DigestFinal_ex(context, output.baseAddress, &length) == 1 && length == SHA256Digest.byteCount,
        "SHA-256 could not be finished")
      return SHA256Digest(loadingFrom: UnsafeRawBufferPointer(output))
    }
  }
}

extension SHA256 {
  public static func hash(_ bytes: UnsafeRawBufferPointer) -> SHA256Digest {
    // Below, what EVP does around the hash would cost more than the hash.
    if bytes.count <= 512 { return SHA256State().digest(of: bytes) }
    return withUnsafeTemporaryAllocation(byteCount: SHA256Digest.byteCount, alignment: 8) { output in
      var length: UInt32 = 0
      precondition(
        EVP_Digest(bytes.baseAddress, bytes.count, output.baseAddress, &length, Algorithm.sha256, nil) == 1,
        "OpenSSL cannot run SHA-256: out of memory, or its default provider is missing")
      return SHA256Digest(loadingFrom: UnsafeRawBufferPointer(output))
    }
  }

  public static func hash(_ bytes: some Sequence<UInt8>) -> SHA256Digest {
    bytes.withContiguousStorageIfAvailable { hash(UnsafeRawBufferPointer($0)) }
      ?? Array(bytes).withUnsafeBytes { hash($0) }
  }

  public static func hash(_ text: String) -> SHA256Digest {
    hash(text.utf8)
  }

  /// The hash of a record of texts, each with its length before it (see ``update(field:)``).
  public static func hash(fields: [String]) -> SHA256Digest {
    var hash = SHA256()
    for field in fields { hash.update(field: field) }
    return hash.finalize()
  }
}

/// Fetching an algorithm from the provider costs more than hashing a short message, so it is done once.
enum Algorithm {
  // An EVP_MD is immutable after it was fetched and OpenSSL documents its use from many threads at once; the
  // compiler cannot see that through an opaque pointer.
  nonisolated(unsafe) static let sha256: OpaquePointer? =
    EVP_MD_fetch(nil, "SHA256", nil) ?? EVP_sha256()
}
