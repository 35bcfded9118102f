/// Writes text as JSON does.
enum JSONText {
  /// Appends a string with its quotes. Bytes that are not UTF-8 become U+FFFD.
  static func append(_ text: some Collection<UInt8>, to output: inout [UInt8]) {
    output.append(.quote)
    for byte in String(decoding: text, as: UTF8.self).utf8 {
      switch byte {
      case .quote, .backslash:
        output.append(.backslash)
        output.append(byte)
      case 0..<0x20:
        output.append(contentsOf: "\\u00".utf8)
        output.append(hexadecimal(byte >> 4))
        output.append(hexadecimal(byte & 15))
      default: output.append(byte)
      }
    }
    output.append(.quote)
  }

  private static func hexadecimal(_ digit: UInt8) -> UInt8 {
    digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
  }
}
