/// Reads the events of one body, one after the other, whatever format they are in.
protocol EventDecoding: ~Copyable {
  /// The next element, nil behind the last. The event's texts are valid until the next call.
  mutating func next() throws(BodyError) -> DecodedEvent?
}

extension EventDecoder: EventDecoding {}
