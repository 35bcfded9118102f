/// An event's JSON as it came, without what names its viewer: what a quarantined event keeps.
///
/// Keys are compared as JSON means them, escapes resolved, at any depth, and their values replaced whatever they are;
/// everything else stays byte for byte.
struct EventRedaction {
  /// As the native format and the doors for other formats call what identifies or describes a person or a device.
  static let keys: Set<String> = [
    "viewer_id", "user_agent", "userAgent", "useragent", "$user_agent", "$useragent", "$raw_user_agent",
    "userId", "user_id", "anonymousId", "anonymous_id", "previousId", "groupId", "distinct_id",
    "$distinct_id", "$device_id", "$user_id", "$anon_distinct_id", "$session_id", "sessionId", "ip", "$ip",
    "ip_address", "ipAddress", "traits", "$set", "$set_once", "email", "phone", "advertisingId",
    "device", "subject", "data_base64", "api_key", "token", "writeKey",
  ]
  static let replacement = "\"[redacted]\""

  private let source: UnsafeBufferPointer<UInt8>
  private var position = 0
  private var copied = 0
  private var result: [UInt8] = []

  /// - Parameter source: well-formed JSON; of anything else nothing is kept.
  static func redact(_ source: UnsafeBufferPointer<UInt8>) -> String {
    var redaction = EventRedaction(source: source)
    guard redaction.run() else { return replacement }
    return String(decoding: redaction.result, as: UTF8.self)
  }

  private init(source: UnsafeBufferPointer<UInt8>) { self.source = source }

  /// False when a text never ends.
  private mutating func run() -> Bool {
    result.reserveCapacity(source.count)
    while position < source.count {
      guard source[position] == .quote else {
        position += 1
        continue
      }
      guard let text = string() else { return false }
      skipSpace()
      // Only a key is followed by a colon.
      guard position < source.count, source[position] == .colon else { continue }
      position += 1
      guard Self.keys.contains(Self.unescaped(text)) else { continue }
      skipSpace()
      result.append(contentsOf: source[copied..<position])
      result.append(contentsOf: Self.replacement.utf8)
      guard skipValue() else { return false }
      copied = position
    }
    result.append(contentsOf: source[copied...])
    return true
  }

  private mutating func skipSpace() {
    while position < source.count, source[position] <= 0x20 { position += 1 }
  }

  /// Moves behind the string that begins here and gives what stands between its quotes.
  private mutating func string() -> Slice<UnsafeBufferPointer<UInt8>>? {
    let start = position + 1
    position = start
    while position < source.count, source[position] != .quote {
      position += source[position] == UInt8(ascii: "\\") ? 2 : 1
    }
    guard position < source.count else { return nil }
    position += 1
    return source[start..<position - 1]
  }

  private mutating func skipValue() -> Bool {
    var depth = 0
    while position < source.count {
      switch source[position] {
      case .quote:
        guard string() != nil else { return false }
        if depth == 0 { return true }
        continue
      case .openBrace, .openBracket: depth += 1
      case .closeBrace, .closeBracket:
        // The end of what holds a number or a literal is not part of it.
        if depth == 0 { return true }
        depth -= 1
        if depth == 0 {
          position += 1
          return true
        }
      case UInt8(ascii: ","), 0x20, 0x09, 0x0A, 0x0D: if depth == 0 { return true }
      default: break
      }
      position += 1
    }
    return depth == 0
  }

  /// Escapes beyond those of single characters cannot stand in a key we look for.
  private static func unescaped(_ text: Slice<UnsafeBufferPointer<UInt8>>) -> String {
    guard text.contains(UInt8(ascii: "\\")) else { return String(decoding: text, as: UTF8.self) }
    var units: [UInt16] = []
    var rest = String(decoding: text, as: UTF8.self).utf16[...]
    let plain: [UInt16: UInt16] = [0x62: 8, 0x66: 12, 0x6E: 10, 0x72: 13, 0x74: 9]
    while let unit = rest.popFirst() {
      guard unit == 0x5C, let escape = rest.popFirst() else {
        units.append(unit)
        continue
      }
      if escape == 0x75, let code = String(rest.prefix(4)).flatMap({ UInt16($0, radix: 16) }) {
        units.append(code)
        rest = rest.dropFirst(4)
      } else {
        units.append(plain[escape] ?? escape)
      }
    }
    return String(decoding: units, as: UTF16.self)
  }
}
