/// Events from a body in a foreign format: a list of them, an object that holds the list, or one event.
///
/// No tree is made and one event is held at a time. An element that is JSON but not an event is rejected alone; a body
/// that is not JSON is refused as a whole.
struct ForeignDecoder: EventDecoding, ~Copyable {
  let format: ForeignFormat
  let vocabulary: EventVocabulary
  let limits: DecodingLimits
  let envelope: BodyEnvelope
  private(set) var scanner: JSONScanner
  private(set) var walk: FieldWalk
  var texts: TextBuffer
  private var isFinished = false
  private(set) var count = 0

  /// The buffer must outlive the decoder.
  static func open(
    _ body: UnsafeBufferPointer<UInt8>, format: ForeignFormat, vocabulary: EventVocabulary,
    limits: DecodingLimits
  ) throws(BodyError) -> ForeignDecoder {
    let scanner = JSONScanner(body, depthLimit: limits.depth)
    let envelope = try BodyEnvelope(scanner, format: format)
    var decoder = ForeignDecoder(
      scanner, envelope: envelope, format: format, vocabulary: vocabulary, limits: limits)
    do { try decoder.enter() } catch { throw .malformed(error) }
    return decoder
  }

  private init(
    _ start: JSONScanner, envelope: BodyEnvelope, format: ForeignFormat, vocabulary: EventVocabulary,
    limits: DecodingLimits
  ) {
    scanner = start
    scanner.position = envelope.start
    self.envelope = envelope
    self.format = format
    self.vocabulary = vocabulary
    self.limits = limits
    walk = FieldWalk(format.tree)
    // An event's own texts, and those of its texts that are joined.
    texts = TextBuffer(capacity: 2 * limits.bytesPerEvent + 16)
  }

  mutating func next() throws(BodyError) -> DecodedEvent? {
    guard !isFinished else { return nil }
    guard count < limits.eventsPerBody else {
      throw BodyError(
        code: .tooManyEvents, offset: scanner.position,
        message: "the body holds more than \(limits.eventsPerBody) events; send several bodies")
    }
    let decoded: DecodedEvent
    do {
      decoded = try element()
      if envelope.form == .one {
        isFinished = true
      } else if try !scanner.continues(until: .closeBracket) {
        try endOfList()
      }
    } catch {
      throw .malformed(error)
    }
    count += 1
    return decoded
  }

  /// Steps into the list.
  private mutating func enter() throws(JSONSyntaxError) {
    guard envelope.form == .list else { return }
    scanner.position += 1
    guard scanner.peek() == .closeBracket else { return }
    scanner.position += 1
    try endOfList()
  }

  /// What follows the list inside an object was checked with the envelope.
  private mutating func endOfList() throws(JSONSyntaxError) {
    isFinished = true
    guard envelope.depth == 0, scanner.peek() != nil else { return }
    throw scanner.error(.trailingBytes)
  }

  private mutating func element() throws(JSONSyntaxError) -> DecodedEvent {
    let depth = envelope.form == .one ? 0 : envelope.depth + 1
    guard scanner.peek() == .openBrace else {
      _ = try scanner.skipValue(depth: depth)
      return .rejected(Rejection(index: count, code: .notAnObject, message: "an event must be a JSON object"))
    }
    let start = scanner.position
    texts.clear()
    try walk.run(&scanner, depth: depth)
    guard scanner.position - start <= limits.bytesPerEvent else {
      return .rejected(Rejection(index: count, code: .eventTooLarge, message: "the event is too large"))
    }
    do {
      var event = try event()
      event.index = count
      event.source = start..<scanner.position
      return .event(event)
    } catch {
      return .rejected(Rejection(index: count, code: error.code, message: error.message))
    }
  }
}
