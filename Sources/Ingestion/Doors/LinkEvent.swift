public import Campaigns

/// What a request for a signed link says of its viewer, as a native event, so that it is stored, spooled and replayed
/// like every other.
public struct LinkEvent: Hashable, Sendable {
  public var kind: EventKind
  public var variant: Identifier<Variant>
  public var viewer: String
  public var placement: String?
  /// Milliseconds since 1970.
  public var timestampMs: Int64
  public var messageID: String

  public init(
    kind: EventKind, variant: Identifier<Variant>, viewer: String, placement: String?, timestampMs: Int64,
    messageID: String
  ) {
    self.kind = kind
    self.variant = variant
    self.viewer = viewer
    self.placement = placement
    self.timestampMs = timestampMs
    self.messageID = messageID
  }

  /// A body for ``EventDoor/receive(_:workspace:source:client:at:)``.
  public var body: [UInt8] {
    var body: [UInt8] = []
    body.reserveCapacity(256)
    body.append(contentsOf: "{\"type\":\"\(kind.name)\",\"variant_id\":\"\(variant)\",\"viewer_id\":".utf8)
    JSONText.append(viewer.utf8, to: &body)
    body.append(contentsOf: ",\"timestamp\":\(timestampMs),\"message_id\":".utf8)
    JSONText.append(messageID.utf8, to: &body)
    if let placement {
      body.append(contentsOf: ",\"placement\":".utf8)
      JSONText.append(placement.utf8, to: &body)
    }
    body.append(.closeBrace)
    return body
  }
}
