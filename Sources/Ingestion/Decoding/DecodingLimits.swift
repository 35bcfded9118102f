/// What one body may hold. A body over a limit is refused as a whole; an event over a limit is rejected alone.
public struct DecodingLimits: Hashable, Sendable {
  /// Events in one body.
  public var eventsPerBody: Int
  /// Bytes of one event, from its opening to its closing brace.
  public var bytesPerEvent: Int
  /// Bytes of a viewer's or a message's id.
  public var bytesPerIdentifier: Int
  /// Objects and arrays inside each other, the body's own array included; at most 64.
  public var depth: Int

  public init(
    eventsPerBody: Int = 50_000, bytesPerEvent: Int = 32_768, bytesPerIdentifier: Int = 256, depth: Int = 32
  ) {
    self.eventsPerBody = eventsPerBody
    self.bytesPerEvent = bytesPerEvent
    self.bytesPerIdentifier = bytesPerIdentifier
    self.depth = min(max(depth, 2), 64)
  }
}
