public import FoundationEssentials
public import Postgres

/// How far the work behind stored events is, for `/metrics` and `retake doctor`.
public struct FoldingStatus: Hashable, Sendable {
  /// What waits to be folded.
  public struct Backlog: Hashable, Sendable {
    public var batches: Int
    /// When the oldest was received; nil when none waits.
    public var since: Date?

    /// Seconds the oldest has waited; 0 when none does.
    public func ageSeconds(at moment: Date) -> Double {
      since.map { max(0, moment.timeIntervalSince($0)) } ?? 0
    }
  }

  public var rollups: Backlog
  public var viewers: Backlog
  /// Day partitions of `events`, as midnights in UTC and in order.
  public var partitions: [Date]
  /// Of today and the days that should be made ahead, those that have none.
  public var missing: [Date]
  /// Whole days after today that have their partition, without a gap.
  public var daysAhead: Int
  /// The newest day that retention dropped.
  public var lastDropped: EventRetention.Dropped?
  /// Partitions that are older than the policy keeps: their turn has not come, or they could not be proven complete.
  public var overdue: [Date]

  public var oldestPartition: Date? { partitions.first }

  /// - Parameters:
  ///   - aheadDays: as ``EventUpkeep`` has it.
  ///   - policy: as ``EventUpkeep`` has it.
  public static func read(
    _ database: some Queryable, aheadDays: Int, policy: RetentionPolicy = .forEver, at moment: Date
  ) async throws -> FoldingStatus {
    let days = try await EventPartitions(database).days()
    let present = Set(days)
    let wanted = EventPartitions.wanted(ahead: aheadDays, at: moment)
    let today = wanted.lowerBound
    let waiting = try await database.query(
      """
      SELECT (SELECT count(*) FROM ingest_batch WHERE folded_at IS NULL),
        (SELECT min(received_at) FROM ingest_batch WHERE folded_at IS NULL),
        (SELECT count(*) FROM ingest_batch WHERE viewers_folded_at IS NULL),
        (SELECT min(received_at) FROM ingest_batch WHERE viewers_folded_at IS NULL)
      """
    ).decode(Int64.self, Date?.self, Int64.self, Date?.self).first
    let dropped = try await database.query(
      "SELECT day, dropped_at, events FROM event_partition_dropped ORDER BY day DESC LIMIT 1"
    ).decode(Date.self, Date.self, Int64.self).first
    let lastDue = policy.lastDueDay(at: moment)
    return FoldingStatus(
      rollups: Backlog(batches: Int(waiting?.0 ?? 0), since: waiting?.1),
      viewers: Backlog(batches: Int(waiting?.2 ?? 0), since: waiting?.3),
      partitions: days.map(EventPartitions.start),
      missing: wanted.filter { !present.contains($0) }.map(
        EventPartitions.start),
      daysAhead: (today + 1...today + 1000).prefix { present.contains($0) }.count,
      lastDropped: dropped.map { EventRetention.Dropped(day: $0.0, at: $0.1, events: Int($0.2)) },
      overdue: days.filter { day in lastDue.map { day <= $0 } ?? false }.map(EventPartitions.start))
  }
}
