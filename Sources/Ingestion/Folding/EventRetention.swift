public import FoundationEssentials
public import Logging
public import Postgres

/// Drops whole day partitions once they are older than the policy keeps, oldest first, and each only when its rollups
/// and viewers are proven to hold all of it. What was dropped and what was proven stands in `event_partition_dropped`.
///
/// The proof, for one day, with its partition locked against writers and every batch folded:
/// - The hours of the partition recounted equal their cells of `rollup_hour`, `rollup_device_hour` and
///   `rollup_filtered_hour`. Where events of other partitions fall into the same hours (clocks that were set right), all partitions are recounted.
/// - Every viewer of the partition is in `viewer_stat`, since no later day and with no smaller count, and the moments
///   of these cohorts are the sums of their viewers. Viewers cannot be recounted exactly day by day: a viewer's counts
///   run over all days.
public struct EventRetention: Sendable {
  /// A partition that is gone.
  public struct Dropped: Hashable, Sendable {
    /// Midnight in UTC.
    public var day: Date
    public var at: Date
    public var events: Int
  }

  private struct Facts {
    var events: Int64
    var counted: Int64
    var valueMicros: String
    var first: Date?
    var last: Date?
    var fingerprint: Int64
  }

  private let database: Database
  private let policy: RetentionPolicy
  private let folding: EventFolding
  private let now: @Sendable () -> Date
  private let logger: Logger

  public init(
    database: Database, policy: RetentionPolicy, folding: EventFolding,
    now: @escaping @Sendable () -> Date = { Date() }, logger: Logger = Logger(label: "retake.ingestion")
  ) {
    self.database = database
    self.policy = policy
    self.folding = folding
    self.now = now
    self.logger = logger
  }

  /// Drops what is due.
  /// - Throws: ``RetentionError/notProven(day:reason:)`` at the first day that cannot be proven; it and all later ones
  ///   stay. Errors of the database, such as a lock that was not to be had in time: it is tried again next time.
  @discardableResult
  public func dropPartitions() async throws -> [Dropped] {
    guard let last = policy.lastDueDay(at: now()) else { return [] }
    var dropped: [Dropped] = []
    for day in try await EventPartitions(database).days() where day <= last {
      guard let gone = try await drop(day) else { break }
      logger.notice(
        "dropped the events of a day", metadata: ["day": "\(gone.day)", "events": "\(gone.events)"])
      dropped.append(gone)
    }
    return dropped
  }

  /// Drops quarantined events that are older than the policy keeps.
  /// - Returns: how many.
  @discardableResult
  public func pruneQuarantine() async throws -> Int {
    guard let days = policy.keepQuarantineDays else { return 0 }
    let oldest = now().addingTimeInterval(-Double(days) * 86_400)
    let count = try await database.execute("DELETE FROM quarantine WHERE received_at < \(oldest)")
    if count > 0 {
      logger.notice(
        "dropped quarantined events", metadata: ["events": "\(count)", "older_than": "\(oldest)"])
    }
    return count
  }

  /// The first day that is kept, in days since 1970; nil when nothing was ever dropped.
  public static func firstKeptDay(_ database: some Queryable) async throws -> Int? {
    let day = try await database.first(
      "SELECT max(day) - date '1970-01-01' + 1 FROM event_partition_dropped", as: Int32?.self)
    return day.flatMap(\.self).map { Int($0) }
  }

  /// - Returns: nil when another process is at it.
  private func drop(_ day: Int) async throws -> Dropped? {
    let moment = now()
    let partition: SQL = "\(identifier: EventPartitions.name(of: day))"
    return try await database.transaction { connection in
      try await connection.setLocalStatementTimeout(.seconds(3600))
      _ = try await connection.query("SELECT set_config('lock_timeout', '3s', true)")
      let isOurs = try await connection.query(
        "SELECT pg_try_advisory_xact_lock(hashtextextended('event_retention', 0))"
      ).decode(Bool.self).first
      guard isOurs == true, try await EventPartitions(connection).days().contains(day) else { return nil }
      _ = try await connection.execute("LOCK TABLE \(partition) IN SHARE MODE")
      // Nothing can be added to the day now, and what was added is committed: fold it, on other connections.
      try await folding.foldAll()
      let facts = try await facts(of: partition, on: connection)
      let (cells, viewers) = try await prove(day, partition, facts, on: connection)
      _ = try await connection.execute(
        """
        INSERT INTO event_partition_dropped (day, dropped_at, events, counted, value_micros, viewers, cells,
          first_occurred_at, last_occurred_at, fingerprint)
        VALUES (date '1970-01-01' + \(Int32(day)), \(moment), \(facts.events), \(facts.counted),
          \(facts.valueMicros)::numeric, \(Int64(viewers)), \(Int64(cells)), \(facts.first), \(facts.last),
          \(facts.fingerprint))
        """)
      // Writers wait from here to COMMIT, which is next.
      _ = try await connection.execute("DROP TABLE \(partition)")
      return Dropped(day: EventPartitions.start(of: day), at: moment, events: Int(facts.events))
    }
  }

  private func facts(of partition: SQL, on connection: Connection) async throws -> Facts {
    let row = try await connection.query(
      """
      SELECT count(*), count(*) FILTER (WHERE traffic = 0), coalesce(sum(value_micros), 0)::text, min(occurred_at),
        max(occurred_at), coalesce(bit_xor(uuid_hash_extended(event_id, 0)), 0)
      FROM \(partition)
      """
    ).decode(Int64.self, Int64.self, String.self, Date?.self, Date?.self, Int64.self).first
    return Facts(
      events: row?.0 ?? 0, counted: row?.1 ?? 0, valueMicros: row?.2 ?? "0", first: row?.3, last: row?.4,
      fingerprint: row?.5 ?? 0)
  }

  /// - Returns: how many cells and viewers were compared.
  private func prove(
    _ day: Int, _ partition: SQL, _ facts: Facts, on connection: Connection
  ) async throws -> (cells: Int, viewers: Int) {
    guard let first = facts.first, let last = facts.last else { return (0, 0) }
    // Whole days around everything the partition holds.
    let days =
      EventPartitions.start(
        of: EventPartitions.day(of: first))..<EventPartitions.start(of: EventPartitions.day(of: last) + 1)
    let audit = RollupAudit(connection)
    let alone = RollupAudit.Scope(source: partition, hours: days, sparesDropped: false)
    if try await !audit.differences(limit: 1, in: alone).isEmpty {
      let all = RollupAudit.Scope(hours: days)
      if let difference = try await audit.differences(limit: 1, in: all).first {
        throw notProven(
          day,
          """
          \(difference.rolledUp) are rolled up of variant \(difference.variant) at \(difference.hour) and \
          \(difference.recounted) recounted
          """)
      }
    }
    let viewers = ViewerAudit(connection)
    let coverage = try await viewers.coverage(of: partition)
    if coverage.missing > 0 {
      throw notProven(day, "\(coverage.missing) of \(coverage.viewers) viewers are not held in full")
    }
    if try await !viewers.cohorts(limit: 1, days: days).isEmpty {
      throw notProven(day, "the moments of its cohorts are not the sums of their viewers")
    }
    return (try await audit.cells(in: days), coverage.viewers)
  }

  private func notProven(_ day: Int, _ reason: String) -> RetentionError {
    .notProven(day: EventPartitions.start(of: day).formatted(.iso8601.year().month().day()), reason: reason)
  }
}
