extension JSONScanner {
  /// What stands between two quotes.
  struct RawString {
    /// Without the quotes, escapes not yet resolved.
    var range: Range<Int>
    var hasEscapes: Bool
    /// Whether the bytes are UTF-8 (RFC 3629) and the escapes are JSON's, with surrogates in pairs.
    var isValid: Bool
  }

  /// Consumes a string; the position must be at its opening quote.
  @inline(__always)
  mutating func string() throws(JSONSyntaxError) -> RawString {
    position += 1
    let start = position
    skipPlainText()
    if position < bytes.count, bytes[position] == .quote {
      position += 1
      return RawString(range: start..<position - 1, hasEscapes: false, isValid: true)
    }
    return try stringWithSpecials(from: start)
  }

  mutating func skipString() throws(JSONSyntaxError) -> Bool {
    try string().isValid
  }

  /// Moves to the next quote, backslash, control character or byte above 0x7F, eight bytes at a time
  /// (the zero-in-word test of Anderson, "Bit Twiddling Hacks": exact for the lowest byte that matches).
  @inline(__always)
  private mutating func skipPlainText() {
    let ones: UInt64 = 0x0101_0101_0101_0101
    while position &+ 8 <= bytes.count {
      let word = word(at: position)
      let quotes = word ^ (ones &* UInt64(UInt8.quote))
      let slashes = word ^ (ones &* UInt64(UInt8.backslash))
      let special =
        (word &- ones &* 0x20) & ~word | (quotes &- ones) & ~quotes | (slashes &- ones) & ~slashes | word
      let found = special & 0x8080_8080_8080_8080
      if found != 0 {
        position &+= found.trailingZeroBitCount &>> 3
        return
      }
      position &+= 8
    }
    while position < bytes.count {
      let byte = bytes[position]
      if byte < 0x20 || byte > 0x7F || byte == .quote || byte == .backslash { return }
      position &+= 1
    }
  }

  private mutating func stringWithSpecials(from start: Int) throws(JSONSyntaxError) -> RawString {
    var result = RawString(range: start..<start, hasEscapes: false, isValid: true)
    while position < bytes.count {
      switch bytes[position] {
      case .quote:
        result.range = start..<position
        position += 1
        return result
      case .backslash:
        result.hasEscapes = true
        if !skipEscape() { result.isValid = false }
      case 0x00..<0x20: throw error(.controlCharacter)
      case 0x80...: if !skipUTF8Sequence() { result.isValid = false }
      default: skipPlainText()
      }
    }
    throw error(.unexpectedEnd)
  }

  /// Consumes an escape; never the quote that would end the string, so that structure survives bad escapes.
  private mutating func skipEscape() -> Bool {
    position += 1
    guard position < bytes.count else { return false }
    switch bytes[position] {
    case .quote, .backslash, UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"), UInt8(ascii: "n"),
      UInt8(ascii: "r"), UInt8(ascii: "t"):
      position += 1
      return true
    case UInt8(ascii: "u"):
      guard let unit = codeUnit(at: position + 1) else {
        position += 1
        return false
      }
      position += 5
      if unit & 0xF800 != 0xD800 { return true }
      // A high surrogate, and its low one right behind.
      guard unit < 0xDC00, position + 1 < bytes.count, bytes[position] == .backslash,
        bytes[position + 1] == UInt8(ascii: "u"), let low = codeUnit(at: position + 2), low & 0xFC00 == 0xDC00
      else { return false }
      position += 6
      return true
    default:
      // Left where it is: a control character here is still an error of structure.
      return false
    }
  }

  /// Four hexadecimal digits.
  private func codeUnit(at index: Int) -> UInt16? {
    guard index + 4 <= bytes.count else { return nil }
    var unit: UInt16 = 0
    for offset in index..<index + 4 {
      guard let digit = hexadecimalDigit(bytes[offset]) else { return nil }
      unit = unit << 4 | UInt16(digit)
    }
    return unit
  }

  /// Consumes one character above U+007F: RFC 3629, section 4, to the letter.
  private mutating func skipUTF8Sequence() -> Bool {
    let first = bytes[position]
    let (length, second): (Int, ClosedRange<UInt8>) =
      switch first {
      case 0xC2...0xDF: (2, 0x80...0xBF)
      case 0xE0: (3, 0xA0...0xBF)
      case 0xE1...0xEC, 0xEE...0xEF: (3, 0x80...0xBF)
      case 0xED: (3, 0x80...0x9F)
      case 0xF0: (4, 0x90...0xBF)
      case 0xF1...0xF3: (4, 0x80...0xBF)
      case 0xF4: (4, 0x80...0x8F)
      default: (1, 0x80...0xBF)
      }
    position += 1
    guard length > 1, position < bytes.count, second.contains(bytes[position]) else { return false }
    position += 1
    for _ in 2..<max(length, 2) {
      guard position < bytes.count, bytes[position] & 0xC0 == 0x80 else { return false }
      position += 1
    }
    return true
  }

  /// Writes the text of a valid string with its escapes resolved.
  /// - Returns: how many bytes were written, or nil when `output` is too small.
  func unescape(_ range: Range<Int>, into output: UnsafeMutableBufferPointer<UInt8>) -> Int? {
    var written = 0
    var at = range.lowerBound
    while at < range.upperBound {
      guard written + 4 <= output.count else { return nil }
      guard bytes[at] == .backslash else {
        output[written] = bytes[at]
        written += 1
        at += 1
        continue
      }
      let kind = bytes[at + 1]
      at += 2
      guard kind == UInt8(ascii: "u") else {
        output[written] = Self.meaning(ofEscape: kind)
        written += 1
        continue
      }
      var scalar = UInt32(codeUnit(at: at) ?? 0xFFFD)
      at += 4
      if scalar & 0xFC00 == 0xD800 {
        scalar = 0x10000 + (scalar & 0x3FF) << 10 + UInt32(codeUnit(at: at + 2) ?? 0) & 0x3FF
        at += 6
      }
      for byte in UTF8.encode(Unicode.Scalar(scalar) ?? "\u{FFFD}") ?? UTF8.encodedReplacementCharacter {
        output[written] = byte
        written += 1
      }
    }
    return written
  }

  private static func meaning(ofEscape kind: UInt8) -> UInt8 {
    switch kind {
    case UInt8(ascii: "b"): 0x08
    case UInt8(ascii: "f"): 0x0C
    case UInt8(ascii: "n"): 0x0A
    case UInt8(ascii: "r"): 0x0D
    case UInt8(ascii: "t"): 0x09
    default: kind
    }
  }
}

@inline(__always)
func hexadecimalDigit(_ byte: UInt8) -> UInt8? {
  switch byte {
  case UInt8(ascii: "0")...UInt8(ascii: "9"): byte &- UInt8(ascii: "0")
  case UInt8(ascii: "a")...UInt8(ascii: "f"): byte &- UInt8(ascii: "a") &+ 10
  case UInt8(ascii: "A")...UInt8(ascii: "F"): byte &- UInt8(ascii: "A") &+ 10
  default: nil
  }
}
