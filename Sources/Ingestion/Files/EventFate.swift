public import FoundationEssentials

/// What became of one event.
public struct EventFate: Hashable, Sendable, Encodable {
  public enum Outcome: String, Hashable, Sendable, Encodable {
    case stored, quarantined
    /// Its day is no longer kept.
    case dropped
    /// It waits in the spool of this machine.
    case spooled
    /// Neither stored nor quarantined.
    case unseen
  }

  public struct Stored: Hashable, Sendable, Encodable {
    public var type: String
    public var campaign: String
    public var segment: String
    public var variant: String
    public var variantID: UUID
    /// A pseudonym.
    public var viewer: UUID
    /// nil when the client did not say.
    public var placement: String?
    public var source: String
    /// `unknown` when nothing told it.
    public var device: String
    /// `counted`, or the rule that filtered it.
    public var traffic: String
    public var occurredAt: Date
    public var receivedAt: Date
    public var valueMicros: Int64?
    public var currency: String?
    /// The commit that stored it; nil when its row is gone, which it is some days after it was folded.
    public var batch: Batch?
  }

  public struct Batch: Hashable, Sendable, Encodable {
    public var id: UUID
    public var committedAt: Date
    /// When it was added to the hourly counts; nil: it waits.
    public var foldedAt: Date?
    /// When it was added to what each viewer did; nil: it waits.
    public var viewersFoldedAt: Date?
  }

  public struct Quarantined: Hashable, Sendable, Encodable {
    public var reason: String
    public var detail: String
    /// The event as it came.
    public var body: String
    public var receivedAt: Date
  }

  public struct Retention: Hashable, Sendable, Encodable {
    public var day: String
    /// nil: a partition is missing and nobody wrote down why.
    public var droppedAt: Date?
  }

  /// What came in at the doors of the workspace within an hour.
  public struct Hour: Hashable, Sendable, Encodable {
    public var hour: Date
    public var received: Int64
    public var rejected: Int64
  }

  public var id: UUID
  public var outcome: Outcome
  /// The client's own time, which is part of the id; nil for an id that is none of an event's.
  public var timestamp: Date?
  public var stored: Stored?
  public var quarantined: Quarantined?
  public var retention: Retention?
  /// The hours in which it should have come, for events that are not there.
  public var hours: [Hour] = []
  /// Files of the spool that hold its message id.
  public var spoolFiles: [String] = []
}
