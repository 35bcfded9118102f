/// Base 64 with the alphabet that is safe in addresses (RFC 4648 section 5), without padding.
public enum Base64URL {
  private static let alphabet = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

  public static func encode(_ bytes: some Collection<UInt8>) -> String {
    String(unsafeUninitializedCapacity: (bytes.count * 8 + 5) / 6) { buffer in
      var at = 0
      var pending: UInt32 = 0
      var bits: UInt32 = 0
      for byte in bytes {
        pending = pending << 8 | UInt32(byte)
        bits += 8
        while bits >= 6 {
          bits -= 6
          buffer[at] = alphabet[Int(pending >> bits & 63)]
          at += 1
        }
      }
      if bits > 0 {
        buffer[at] = alphabet[Int(pending << (6 - bits) & 63)]
        at += 1
      }
      return at
    }
  }

  /// The bytes, or nil for a foreign character, padding, a length that cannot be, or unused bits that are not
  /// zero: every text has one decoding and every decoding one text, so a signature cannot be spelled twice.
  public static func decode(_ text: String) -> [UInt8]? {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.utf8.count * 6 / 8)
    var pending: UInt32 = 0
    var bits: UInt32 = 0
    for character in text.utf8 {
      guard let value = value(of: character) else { return nil }
      pending = pending << 6 | value
      bits += 6
      if bits >= 8 {
        bits -= 8
        bytes.append(UInt8(truncatingIfNeeded: pending >> bits))
      }
    }
    return bits < 6 && pending & ((1 << bits) - 1) == 0 ? bytes : nil
  }

  private static func value(of character: UInt8) -> UInt32? {
    switch character {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(character - UInt8(ascii: "A"))
    case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(character - UInt8(ascii: "a")) + 26
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(character - UInt8(ascii: "0")) + 52
    case UInt8(ascii: "-"): 62
    case UInt8(ascii: "_"): 63
    default: nil
    }
  }
}
