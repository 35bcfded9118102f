public import FoundationEssentials
public import Logging
public import Postgres

/// What stored events need now and then: partitions made ahead of need, days dropped that are old enough, and the
/// process told where keeping begins. Every process may run it; they do not get in each other's way.
public struct EventUpkeep: Sendable {
  private let partitions: EventPartitions
  private let retention: EventRetention
  private let floor: RetentionFloor
  private let database: Database
  private let aheadDays: Int
  private let policy: RetentionPolicy
  private let clock: any Clock<Duration>
  private let now: @Sendable () -> Date
  private let logger: Logger

  /// - Parameters:
  ///   - aheadDays: how many days after today have their partition already.
  ///   - floor: the one the process's `AcceptWindow` looks at.
  public init(
    database: Database, folding: EventFolding, aheadDays: Int = 3, policy: RetentionPolicy = .forEver,
    floor: RetentionFloor = RetentionFloor(), clock: any Clock<Duration> = ContinuousClock(),
    now: @escaping @Sendable () -> Date = { Date() }, logger: Logger = Logger(label: "retake.ingestion")
  ) {
    self.database = database
    self.aheadDays = aheadDays
    self.policy = policy
    self.floor = floor
    self.clock = clock
    self.now = now
    self.logger = logger
    partitions = EventPartitions(database)
    retention = EventRetention(database: database, policy: policy, folding: folding, now: now, logger: logger)
  }

  /// Runs until cancelled. A duty that fails is logged and done again at its next turn.
  public func run(every interval: Duration = .seconds(600)) async {
    while !Task.isCancelled {
      await once()
      do { try await clock.sleep(for: interval) } catch { return }
    }
  }

  /// Every duty once, each whatever becomes of the others.
  public func once() async {
    await attempt("make partitions ahead") { try await partitions.make(ahead: aheadDays, at: now()) }
    await attempt("drop old events") { try await retention.dropPartitions() }
    // After dropping, and also for what others dropped.
    await attempt("learn which days are kept") { try await learnFloor() }
    await attempt("drop old quarantined events") { try await retention.pruneQuarantine() }
  }

  /// How far folding, partitions and dropping are, by these settings.
  public func status(_ database: some Queryable, at moment: Date) async throws -> FoldingStatus {
    try await FoldingStatus.read(database, aheadDays: aheadDays, policy: policy, at: moment)
  }

  /// Reads where keeping begins. Worth awaiting before the first event is taken.
  public func learnFloor() async throws {
    if let day = try await EventRetention.firstKeptDay(database) { floor.raise(toDay: day) }
  }

  private func attempt(_ duty: String, _ body: () async throws -> Void) async {
    do {
      try await body()
    } catch {
      if !Task.isCancelled { logger.warning("cannot \(duty): \(error)") }
    }
  }
}
