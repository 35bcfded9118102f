internal import COpenSSL

/// Randomness that nobody can guess, from OpenSSL's generator seeded by the operating system.
public enum SecureRandom {
  /// `count` unpredictable bytes, for keys, tokens and nonces.
  public static func bytes(_ count: Int) throws(CryptographyError) -> [UInt8] {
    guard count > 0 else { return [] }
    var bytes = [UInt8](repeating: 0, count: count)
    guard let length = Int32(exactly: count), RAND_bytes(&bytes, length) == 1 else {
      throw .randomnessUnavailable(reason: lastError())
    }
    return bytes
  }

  private static func lastError() -> String {
    var text = [CChar](repeating: 0, count: 256)
    ERR_error_string_n(ERR_get_error(), &text, text.count)
    return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}
