/// Reads JSON (RFC 8259) from bytes, once, forwards, without making a tree.
///
/// Structure that cannot be read throws ``JSONSyntaxError``. Text that is readable as structure but is not valid
/// text (broken UTF-8, a lone surrogate, an unknown escape) is reported by the string functions' result instead, so
/// that one event's bad text does not cost its neighbours.
///
/// The buffer must outlive the scanner.
struct JSONScanner {
  let bytes: UnsafeBufferPointer<UInt8>
  var position = 0
  let depthLimit: Int

  init(_ bytes: UnsafeBufferPointer<UInt8>, depthLimit: Int) {
    self.bytes = bytes
    self.depthLimit = depthLimit
    // RFC 8259, section 8.1: a parser may ignore a byte order mark.
    if bytes.count >= 3, bytes[0] == 0xEF, bytes[1] == 0xBB, bytes[2] == 0xBF { position = 3 }
  }

  var isAtEnd: Bool { position >= bytes.count }

  /// For loads of several bytes; only where that many are left.
  @inline(__always)
  var raw: UnsafeRawPointer { UnsafeRawPointer(bytes.baseAddress.unsafelyUnwrapped) }

  /// Eight bytes, the first one lowest.
  @inline(__always)
  func word(at index: Int) -> UInt64 {
    UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: index, as: UInt64.self))
  }

  @inline(__always)
  func text(_ range: Range<Int>) -> UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(
      start: bytes.baseAddress.unsafelyUnwrapped + range.lowerBound,
      count: range.upperBound &- range.lowerBound)
  }

  func error(_ problem: JSONSyntaxError.Problem) -> JSONSyntaxError {
    JSONSyntaxError(problem: isAtEnd && problem != .tooDeep ? .unexpectedEnd : problem, offset: position)
  }

  /// The next byte that is not white space, not consumed; nil at the end.
  @inline(__always)
  mutating func peek() -> UInt8? {
    while position < bytes.count {
      let byte = bytes[position]
      if byte > 0x20 { return byte }
      guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return byte }
      position += 1
    }
    return nil
  }

  @inline(__always)
  mutating func expect(_ byte: UInt8, _ problem: JSONSyntaxError.Problem) throws(JSONSyntaxError) {
    guard peek() == byte else { throw error(problem) }
    position += 1
  }

  /// After an element: true when a comma was consumed, false when `closing` was.
  @inline(__always)
  mutating func continues(until closing: UInt8) throws(JSONSyntaxError) -> Bool {
    let byte = peek()
    guard byte == .comma || byte == closing else { throw error(.expectedCommaOrEnd) }
    position += 1
    return byte == .comma
  }

  /// Consumes `true`, `false` or `null`.
  mutating func literal() throws(JSONSyntaxError) {
    let text: StaticString =
      switch bytes[position] {
      case UInt8(ascii: "t"): "true"
      case UInt8(ascii: "f"): "false"
      case UInt8(ascii: "n"): "null"
      default: throw error(.expectedValue)
      }
    for index in 0..<text.utf8CodeUnitCount {
      guard position < bytes.count, bytes[position] == text.utf8Start[index] else {
        throw error(.unexpectedByte)
      }
      position += 1
    }
  }

  /// Consumes one value of any kind that starts at `depth` and checks all of it.
  /// - Returns: whether every text in it was valid.
  mutating func skipValue(depth: Int) throws(JSONSyntaxError) -> Bool {
    var textIsValid = true
    // One bit for each open container, 1 for an object; the newest is the lowest.
    var objects: UInt64 = 0
    var open = 0
    while true {
      var opened = false
      guard let first = peek() else { throw error(.unexpectedEnd) }
      switch first {
      case .quote: textIsValid = try skipString() && textIsValid
      case .openBrace, .openBracket:
        guard depth + open < depthLimit else { throw error(.tooDeep) }
        let isObject = bytes[position] == .openBrace
        objects = objects << 1 | (isObject ? 1 : 0)
        open += 1
        position += 1
        opened = true
        if peek() == (isObject ? .closeBrace : .closeBracket) {
          position += 1
          objects >>= 1
          open -= 1
          opened = false
        }
      case .minus, UInt8.digits: _ = try number()
      default: try literal()
      }
      // After a value: close what ends here, until another value must follow.
      while !opened {
        guard open > 0 else { return textIsValid }
        if try continues(until: objects & 1 == 1 ? .closeBrace : .closeBracket) { break }
        objects >>= 1
        open -= 1
      }
      if objects & 1 == 1, open > 0 {
        guard peek() == .quote else { throw error(.expectedKey) }
        textIsValid = try skipString() && textIsValid
        try expect(.colon, .expectedColon)
      }
    }
  }

  /// Moves behind the next line feed, or to the end.
  mutating func skipLine() {
    while position < bytes.count {
      position += 1
      if bytes[position - 1] == 0x0A { return }
    }
  }
}

extension UInt8 {
  static let quote = UInt8(ascii: "\"")
  static let backslash = UInt8(ascii: "\\")
  static let openBrace = UInt8(ascii: "{")
  static let closeBrace = UInt8(ascii: "}")
  static let openBracket = UInt8(ascii: "[")
  static let closeBracket = UInt8(ascii: "]")
  static let comma = UInt8(ascii: ",")
  static let colon = UInt8(ascii: ":")
  static let minus = UInt8(ascii: "-")
  static let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
}
