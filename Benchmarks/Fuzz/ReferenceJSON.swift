/// JSON (RFC 8259) read as slowly and plainly as the grammar is written, byte by byte and with the standard library's
/// own idea of UTF-8. What the decoder takes and refuses is held against this.
public struct ReferenceJSON {
  public enum Verdict: Equatable {
    /// Also says whether every text in it is text: UTF-8, known escapes, surrogates in pairs.
    case json(textIsValid: Bool)
    case notJSON
  }

  private struct NotJSON: Error {}

  private static let escapes = Array("\"\\/bfnrt".utf8)

  private let bytes: [UInt8]
  private let depthLimit: Int
  private var at = 0
  private var textIsValid = true

  private init(_ bytes: [UInt8], depthLimit: Int) {
    self.bytes = bytes
    self.depthLimit = depthLimit
  }

  public static func judge(_ bytes: [UInt8], depthLimit: Int) -> Verdict {
    var reader = ReferenceJSON(bytes, depthLimit: depthLimit)
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { reader.at = 3 }
    do {
      try reader.value(depth: 0)
      reader.space()
      return reader.at == bytes.count ? .json(textIsValid: reader.textIsValid) : .notJSON
    } catch {
      return .notJSON
    }
  }

  private var next: UInt8? { at < bytes.count ? bytes[at] : nil }

  private mutating func space() {
    while let byte = next, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D { at += 1 }
  }

  private mutating func take(_ text: String) throws {
    for byte in text.utf8 {
      guard next == byte else { throw NotJSON() }
      at += 1
    }
  }

  private mutating func value(depth: Int) throws {
    space()
    switch next {
    case UInt8(ascii: "{"):
      try container("}", depth) { reader in
        try reader.string()
        reader.space()
        try reader.take(":")
        try reader.value(depth: depth + 1)
      }
    case UInt8(ascii: "["): try container("]", depth) { reader in try reader.value(depth: depth + 1) }
    case UInt8(ascii: "\""): try string()
    case UInt8(ascii: "t"): try take("true")
    case UInt8(ascii: "f"): try take("false")
    case UInt8(ascii: "n"): try take("null")
    default: try number()
    }
  }

  private mutating func container(
    _ end: Unicode.Scalar, _ depth: Int, _ element: (inout Self) throws -> Void
  ) throws {
    guard depth < depthLimit else { throw NotJSON() }
    at += 1
    space()
    if next == UInt8(ascii: end) {
      at += 1
      return
    }
    while true {
      space()
      try element(&self)
      space()
      guard let byte = next, byte == UInt8(ascii: ",") || byte == UInt8(ascii: end) else { throw NotJSON() }
      at += 1
      if byte == UInt8(ascii: end) { return }
    }
  }

  private mutating func number() throws {
    func isDigit(_ byte: UInt8?) -> Bool { byte.map { (0x30...0x39).contains($0) } ?? false }
    func digits() throws {
      guard isDigit(next) else { throw NotJSON() }
      while isDigit(next) { at += 1 }
    }
    if next == UInt8(ascii: "-") { at += 1 }
    if next == UInt8(ascii: "0") { at += 1 } else { try digits() }
    if next == UInt8(ascii: ".") {
      at += 1
      try digits()
    }
    if next == UInt8(ascii: "e") || next == UInt8(ascii: "E") {
      at += 1
      if next == UInt8(ascii: "+") || next == UInt8(ascii: "-") { at += 1 }
      try digits()
    }
  }

  private mutating func string() throws {
    guard next == UInt8(ascii: "\"") else { throw NotJSON() }
    at += 1
    let start = at
    // Of each character or escape its code unit where it can be half of a pair, else 0.
    var units: [UInt16] = []
    var hasOnlyKnownEscapes = true
    var isASCII = true
    while true {
      guard let byte = next else { throw NotJSON() }
      at += 1
      switch byte {
      case UInt8(ascii: "\""):
        let isUTF8 = isASCII || String(validating: bytes[start..<(at - 1)], as: UTF8.self) != nil
        if !isUTF8 || !hasOnlyKnownEscapes || !Self.arePaired(units) { textIsValid = false }
        return
      case 0..<0x20: throw NotJSON()
      case UInt8(ascii: "\\"):
        guard let kind = next else { throw NotJSON() }
        if kind == UInt8(ascii: "u") {
          let digits = bytes[(at + 1)...].prefix(4)
          if digits.count == 4, digits.allSatisfy({ Character(UnicodeScalar($0)).isHexDigit && $0 < 0x80 }),
            let unit = UInt16(String(decoding: digits, as: UTF8.self), radix: 16)
          {
            units.append(unit)
            at += 5
          } else {
            hasOnlyKnownEscapes = false
            at += 1
          }
        } else if Self.escapes.contains(kind) {
          units.append(0)
          at += 1
        } else {
          // Structure goes on with the byte behind the backslash.
          hasOnlyKnownEscapes = false
        }
      default:
        if byte >= 0x80 { isASCII = false }
        if units.last != 0 { units.append(0) }
      }
    }
  }

  /// Whether every high surrogate is followed by a low one at once, and no low one stands alone.
  private static func arePaired(_ units: [UInt16]) -> Bool {
    var isOpen = false
    for unit in units {
      let isLow = unit & 0xFC00 == 0xDC00
      if isLow != isOpen { return false }
      isOpen = unit & 0xFC00 == 0xD800
    }
    return !isOpen
  }
}
