/// A value that was met in a body: its kind, and where its text stands.
enum JSONValue {
  case absent
  case null
  case text(JSONScanner.RawString)
  /// With the bytes it was written in.
  case number(JSONNumber, Range<Int>)
  case bool(Bool)
  /// Where it begins; checked to its end.
  case object(Int)
  case array(Int)

  /// Whether nothing was said: no such key, or null.
  var isAbsent: Bool {
    switch self {
    case .absent, .null: true
    default: false
    }
  }
}

extension JSONScanner {
  /// Consumes one value of any kind that starts at `depth` and checks all of it.
  /// - Returns: the value, and whether every text in it was valid.
  mutating func value(depth: Int) throws(JSONSyntaxError) -> (JSONValue, isValid: Bool) {
    guard let first = peek() else { throw error(.expectedValue) }
    let start = position
    switch first {
    case .quote:
      let text = try string()
      return (.text(text), text.isValid)
    case .minus, UInt8.digits:
      let number = try number()
      return (.number(number, start..<position), true)
    case .openBrace: return (.object(start), try skipValue(depth: depth))
    case .openBracket: return (.array(start), try skipValue(depth: depth))
    default:
      try literal()
      switch first {
      case UInt8(ascii: "t"): return (.bool(true), true)
      case UInt8(ascii: "f"): return (.bool(false), true)
      default: return (.null, true)
      }
    }
  }

  /// Consumes an object, giving each key to `body`, which must consume the value behind it.
  @inline(__always)
  mutating func object(
    _ body: (JSONScanner.RawString, inout JSONScanner) throws(JSONSyntaxError) -> Void
  ) throws(JSONSyntaxError) {
    try expect(.openBrace, .unexpectedByte)
    if peek() == .closeBrace {
      position += 1
      return
    }
    repeat {
      guard peek() == .quote else { throw error(.expectedKey) }
      let key = try string()
      try expect(.colon, .expectedColon)
      try body(key, &self)
    } while try continues(until: .closeBrace)
  }

  /// Consumes an array, calling `body` at each element, which must consume it.
  @inline(__always)
  mutating func array(
    _ body: (inout JSONScanner) throws(JSONSyntaxError) -> Void
  ) throws(JSONSyntaxError) {
    try expect(.openBracket, .unexpectedByte)
    if peek() == .closeBracket {
      position += 1
      return
    }
    repeat { try body(&self) } while try continues(until: .closeBracket)
  }
}
