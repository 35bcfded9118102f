/// Events from the bytes of a request: a JSON array of objects, or one object per line (NDJSON).
///
/// One pass, no tree, no allocation per event. An element that is JSON but not an event is rejected alone; so is a
/// line of NDJSON that is not JSON at all. Anything else that is not JSON refuses the whole body.
struct EventDecoder: ~Copyable {
  private enum Form { case array, lines }

  private var scanner: JSONScanner
  private let limits: DecodingLimits
  private var form = Form.array
  private var isFinished = false
  private(set) var count = 0
  private var scratch: Scratch

  /// The buffer must outlive the decoder.
  init(_ body: UnsafeBufferPointer<UInt8>, limits: DecodingLimits) throws(BodyError) {
    scanner = JSONScanner(body, depthLimit: limits.depth)
    self.limits = limits
    scratch = Scratch(capacity: limits.bytesPerEvent + 4)
    switch scanner.peek() {
    case nil: throw BodyError(code: .emptyBody, offset: scanner.position, message: "the body holds no event")
    case .openBracket:
      scanner.position += 1
      if scanner.peek() == .closeBracket {
        scanner.position += 1
        do { try endOfArray() } catch { throw .malformed(error) }
      }
    case .openBrace: form = .lines
    default: throw .malformed(scanner.error(.unexpectedByte))
    }
  }

  /// The next element, nil behind the last. The event's texts are valid until the next call.
  mutating func next() throws(BodyError) -> DecodedEvent? {
    guard !isFinished, scanner.peek() != nil || form == .array else { return nil }
    guard count < limits.eventsPerBody else {
      throw BodyError(
        code: .tooManyEvents, offset: scanner.position,
        message: "the body holds more than \(limits.eventsPerBody) events; send several bodies")
    }
    let start = scanner.position
    defer { count += 1 }
    do {
      let decoded = try element()
      try endOfElement()
      return decoded
    } catch {
      guard form == .lines else { throw .malformed(error) }
      // An object may be printed over several lines, so the error may lie further down: go on behind the line
      // on which the broken one began, for the next may be whole. Depth bounds how often a line is read again.
      scanner.position = start
      scanner.skipLine()
      let error = BodyError.malformed(error)
      return .rejected(Rejection(index: count, code: .malformedJSON, message: error.description))
    }
  }

  private mutating func endOfElement() throws(JSONSyntaxError) {
    switch form {
    case .array: if try !scanner.continues(until: .closeBracket) { try endOfArray() }
    case .lines:
      while !scanner.isAtEnd {
        let byte = scanner.bytes[scanner.position]
        guard byte == 0x20 || byte == 0x09 || byte == 0x0D || byte == 0x0A else {
          throw scanner.error(.trailingBytes)
        }
        scanner.position += 1
        if byte == 0x0A { return }
      }
    }
  }

  private mutating func endOfArray() throws(JSONSyntaxError) {
    isFinished = true
    guard scanner.peek() == nil else { throw scanner.error(.trailingBytes) }
  }

  private mutating func element() throws(JSONSyntaxError) -> DecodedEvent {
    let depth = form == .array ? 1 : 0
    guard scanner.peek() == .openBrace else {
      _ = try scanner.skipValue(depth: depth)
      return rejected(EventProblem(code: .notAnObject))
    }
    let start = scanner.position
    var event = RawEvent()
    var reading = EventReading(limits: limits, depth: depth + 1)
    scratch.used = 0
    scanner.position += 1
    if scanner.peek() == .closeBrace {
      scanner.position += 1
    } else {
      repeat {
        guard scanner.peek() == .quote else { throw scanner.error(.expectedKey) }
        if let field = scanner.plainKey() {
          try scanner.expect(.colon, .expectedColon)
          try reading.value(of: field, into: &event, from: &scanner, scratch: &scratch)
        } else {
          let key = try scanner.string()
          try scanner.expect(.colon, .expectedColon)
          try reading.field(key, into: &event, from: &scanner, scratch: &scratch)
        }
      } while try scanner.continues(until: .closeBrace)
    }
    event.source = start..<scanner.position
    event.index = count
    if event.source.count > limits.bytesPerEvent { return rejected(EventProblem(code: .eventTooLarge)) }
    if let problem = reading.finish() { return rejected(problem) }
    return .event(event)
  }

  private func rejected(_ problem: EventProblem) -> DecodedEvent {
    .rejected(Rejection(index: count, code: problem.code, message: problem.message))
  }
}

/// Room for the texts of one event whose escapes had to be resolved; made when the first is met.
struct Scratch: ~Copyable {
  private let capacity: Int
  private var buffer: UnsafeMutableBufferPointer<UInt8>?
  var used = 0

  init(capacity: Int) { self.capacity = capacity }

  deinit { buffer?.deallocate() }

  /// The text of a valid string; nil when the event's texts are larger than an event may be.
  @inline(__always)
  mutating func text(of string: JSONScanner.RawString, in scanner: JSONScanner) -> RawEvent.Text? {
    string.hasEscapes ? resolve(string, in: scanner) : scanner.text(string.range)
  }

  @inline(never)
  private mutating func resolve(_ string: JSONScanner.RawString, in scanner: JSONScanner) -> RawEvent.Text? {
    let buffer = self.buffer ?? .allocate(capacity: capacity)
    self.buffer = buffer
    let free = UnsafeMutableBufferPointer(rebasing: buffer[used...])
    guard let count = scanner.unescape(string.range, into: free) else { return nil }
    used += count
    return RawEvent.Text(rebasing: UnsafeBufferPointer(free)[..<count])
  }
}
