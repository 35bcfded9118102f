/// What this process did with the events it was sent, since it started; for `/metrics`.
public struct IngestCounters: Hashable, Sendable {
  /// Of all answered events: received = stored + duplicate + quarantined + rejected.
  public var events = EventCounts()
  /// Quarantined and rejected events by reason.
  public var reasons: [Rejection.Code: Int] = [:]
  /// Bodies refused as a whole, by reason; their events were never counted.
  public var refusedBodies: [BodyError.Code: Int] = [:]
  /// Events answered with "try again": not stored as far as we know, and not counted above.
  public var turnedAway = 0
  public var commits = 0
  /// Commits that met stored events and went through the staging table.
  public var collisions = 0
  /// Events waiting for a commit now.
  public var waiting = 0

  public init() {}
}

/// How events are gathered and written.
public struct EventWriterSettings: Hashable, Sendable {
  /// How long the first event of a commit waits for company.
  public var collectFor: Duration
  public var eventsPerCommit: Int
  /// More waiting events than this are not taken.
  public var waitingEvents: Int
  /// Nor is anything when those that wait hold more bytes than this.
  public var waitingBytes: Int
  /// How long a database that is away, or stalled, is waited for before it is given up.
  public var patience: Duration
  public var recentIDs: Int
  public var retryAfterSeconds: Int

  public init(
    collectFor: Duration = .milliseconds(2), eventsPerCommit: Int = 10_000, waitingEvents: Int = 200_000,
    waitingBytes: Int = 32 << 20, patience: Duration = .seconds(3), recentIDs: Int = 500_000,
    retryAfterSeconds: Int = 2
  ) {
    self.collectFor = collectFor
    self.eventsPerCommit = eventsPerCommit
    self.waitingEvents = waitingEvents
    self.waitingBytes = waitingBytes
    self.patience = patience
    self.recentIDs = recentIDs
    self.retryAfterSeconds = retryAfterSeconds
  }
}
