/// What surrounds the events of a body in a foreign format: a list, one object that holds a list, or nothing.
///
/// SDKs write what concerns all events behind the list, so the body is looked through once before events are read.
struct BodyEnvelope {
  enum Form { case list, one }

  var form = Form.list
  /// Where the list or the one event begins.
  var start = 0
  /// Objects and arrays around the list.
  var depth = 0
  /// The body's own time, milliseconds since 1970.
  var sentAtMs: Int64?

  /// Checks all of a body that is an object; of a list, only that it is one.
  init(_ body: JSONScanner, format: ForeignFormat) throws(BodyError) {
    var scanner = body
    switch scanner.peek() {
    case nil: throw BodyError(code: .emptyBody, offset: scanner.position, message: "the body holds no event")
    case .openBracket: start = scanner.position
    case .openBrace:
      do throws(JSONSyntaxError) {
        try read(&scanner, format)
        guard scanner.peek() == nil else { throw scanner.error(.trailingBytes) }
      } catch {
        throw .malformed(error)
      }
    default: throw .malformed(scanner.error(.unexpectedByte))
    }
  }

  private mutating func read(_ scanner: inout JSONScanner, _ format: ForeignFormat) throws(JSONSyntaxError) {
    form = .one
    start = scanner.position
    var list: Int?
    var sentAt: JSONValue = .absent
    try scanner.object { (key, scanner) throws(JSONSyntaxError) in
      let text = scanner.bytes[key.range]
      if let name = format.list, text.elementsEqual(name.utf8), scanner.peek() == .openBracket {
        guard list == nil else { throw scanner.error(.unexpectedByte) }
        list = scanner.position
      }
      let value = try scanner.value(depth: 1).0
      if let name = format.sentAt, text.elementsEqual(name.utf8) { sentAt = value }
    }
    if let list {
      form = .list
      start = list
      depth = 1
    }
    switch sentAt {
    case .text(let text) where text.isValid && !text.hasEscapes:
      sentAtMs = Timestamp.milliseconds(rfc3339: RawEvent.Text(rebasing: scanner.bytes[text.range]))
    case .number(let number, _): sentAtMs = number.integer
    default: break
    }
  }
}
