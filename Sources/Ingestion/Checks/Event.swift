public import Campaigns
public import FoundationEssentials

/// One engagement fact, understood and believed: what is stored.
public struct Event: Hashable, Sendable {
  public var id: EventID
  public var campaign: Identifier<Campaign>
  public var variant: Identifier<Variant>
  /// A pseudonym.
  public var viewer: UUID
  public var kind: EventKind
  /// `placement.id`; 0 when the client did not say.
  public var placement: Int16
  /// Milliseconds since 1970.
  public var occurredAtMs: Int64
  public var valueMicros: Int64?
  public var source: EventSource
  /// Whether it counts; set by the rules for invalid traffic.
  public var traffic = TrafficReason.counted
  public var device = DeviceType.unknown
}

/// An event that was understood but not believed: kept with its reason, so that it can be explained.
public struct QuarantinedEvent: Hashable, Sendable {
  public var id: EventID
  public var reason: Rejection.Code
  public var detail: String
  /// The event's JSON as it came, without what names its viewer; see ``EventRedaction``.
  public var body: String
}

/// One request's events after all checks.
public struct CheckedBatch: Sendable {
  public var workspace: Identifier<Workspace>
  public var receivedAt: Date
  public var events: [Event] = []
  public var quarantined: [QuarantinedEvent] = []
  /// Of every event that will not be stored, in order of index; quarantined ones too.
  public var rejections: [Rejection] = []

  public init(workspace: Identifier<Workspace>, receivedAt: Date) {
    self.workspace = workspace
    self.receivedAt = receivedAt
  }

  /// How many events the body held.
  public var received: Int { events.count + rejections.count }
}

/// What became of some events. The sum always holds: received = stored + duplicate + quarantined + rejected.
public struct EventCounts: Hashable, Sendable, Codable {
  public var stored = 0
  public var duplicate = 0
  public var quarantined = 0
  public var rejected = 0

  public init(stored: Int = 0, duplicate: Int = 0, quarantined: Int = 0, rejected: Int = 0) {
    self.stored = stored
    self.duplicate = duplicate
    self.quarantined = quarantined
    self.rejected = rejected
  }

  public var received: Int { stored + duplicate + quarantined + rejected }

  public static func += (left: inout EventCounts, right: EventCounts) {
    left.stored += right.stored
    left.duplicate += right.duplicate
    left.quarantined += right.quarantined
    left.rejected += right.rejected
  }
}
