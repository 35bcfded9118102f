public import FoundationEssentials
public import Logging
public import Postgres

/// Adds what commits appended to `ingest_batch` to `rollup_hour`, `rollup_device_hour` and `rollup_filtered_hour`, about
/// every second, off the path on which events are answered. Several processes may fold at once: each takes batches no other holds.
public struct RollupFolder: Sendable {
  private let database: Database
  private let clock: any Clock<Duration>
  private let now: @Sendable () -> Date
  private let logger: Logger
  /// Batches added up by one statement.
  private let batchesPerFold: Int
  /// How long folded batches are kept, to be looked at.
  private let keptForDays: Int

  public init(
    database: Database, batchesPerFold: Int = 500, keptForDays: Int = 7,
    clock: any Clock<Duration> = ContinuousClock(), now: @escaping @Sendable () -> Date = { Date() },
    logger: Logger = Logger(label: "retake.ingestion")
  ) {
    self.database = database
    self.batchesPerFold = batchesPerFold
    self.keptForDays = keptForDays
    self.clock = clock
    self.now = now
    self.logger = logger
  }

  /// Folds and prunes until cancelled. A database that is away is waited for, with growing pauses.
  public func run(every interval: Duration = .seconds(1)) async {
    var pause = interval
    var nextPruning = now()
    while !Task.isCancelled {
      do {
        while try await fold(waiting: false) == batchesPerFold {}
        if now() >= nextPruning {
          _ = try await prune()
          nextPruning = now().addingTimeInterval(3600)
        }
        pause = interval
      } catch {
        if Task.isCancelled { return }
        pause = min(pause * 2, .seconds(30))
        logger.warning("rollups could not be folded, trying again in \(pause): \(error)")
      }
      do { try await clock.sleep(for: pause) } catch { return }
    }
  }

  /// Folds everything that was committed before the call, waiting for batches that other processes hold.
  /// - Returns: how many batches were folded here.
  @discardableResult
  public func foldAll() async throws -> Int {
    var folded = 0
    while true {
      let count = try await fold(waiting: true)
      folded += count
      if count < batchesPerFold { return folded }
    }
  }

  /// One statement: marking the batches and adding them up stand or fall together.
  private func fold(waiting: Bool) async throws -> Int {
    let others: SQL = waiting ? "" : "SKIP LOCKED"
    // Batches are locked and rows upserted in one order everywhere, so that no two wait for each other in a circle.
    return try await database.query(
      """
      WITH due AS (
        SELECT campaign_id, batch_id FROM ingest_batch WHERE folded_at IS NULL
        ORDER BY received_at, batch_id, campaign_id LIMIT \(Int64(batchesPerFold)) FOR UPDATE \(others)
      ), taken AS (
        UPDATE ingest_batch SET folded_at = \(now()) FROM due
        WHERE ingest_batch.campaign_id = due.campaign_id AND ingest_batch.batch_id = due.batch_id
        RETURNING ingest_batch.campaign_id, ingest_batch.deltas, ingest_batch.filtered
      ), delta AS (
        SELECT campaign_id, cell.* FROM taken CROSS JOIN LATERAL jsonb_to_recordset(taken.deltas) AS cell (
          variant_id uuid, hour timestamptz, placement smallint, device smallint, impressions bigint,
          viewables bigint, starts bigint, first_quartiles bigint, midpoints bigint, third_quartiles bigint,
          completes bigint, clicks bigint, conversions bigint, skips bigint, mutes bigint, hides bigint,
          interactions bigint, value_micros bigint)
      ), folded AS (
        INSERT INTO rollup_hour AS known (campaign_id, variant_id, hour, placement, \(Self.columns))
        SELECT campaign_id, variant_id, hour, placement, \(Self.sums)
        FROM delta
        GROUP BY campaign_id, variant_id, hour, placement
        ORDER BY campaign_id, variant_id, hour, placement
        ON CONFLICT (campaign_id, variant_id, hour, placement) DO UPDATE SET \(Self.additions)
      ), by_device AS (
        INSERT INTO rollup_device_hour AS known (campaign_id, variant_id, hour, device, impressions, completes,
          clicks, conversions)
        SELECT campaign_id, variant_id, hour, coalesce(device, 0), coalesce(sum(impressions), 0),
          coalesce(sum(completes), 0), coalesce(sum(clicks), 0), coalesce(sum(conversions), 0)
        FROM delta
        WHERE coalesce(impressions, completes, clicks, conversions) IS NOT NULL
        GROUP BY campaign_id, variant_id, hour, coalesce(device, 0)
        ORDER BY campaign_id, variant_id, hour, coalesce(device, 0)
        ON CONFLICT (campaign_id, variant_id, hour, device) DO UPDATE SET
          impressions = known.impressions + excluded.impressions, completes = known.completes + excluded.completes,
          clicks = known.clicks + excluded.clicks, conversions = known.conversions + excluded.conversions
      ), set_aside AS (
        INSERT INTO rollup_filtered_hour AS known (campaign_id, variant_id, hour, placement, traffic, kind, events,
          value_micros)
        SELECT campaign_id, variant_id, hour, placement, traffic, kind, sum(events), \(Self.value)
        FROM taken CROSS JOIN LATERAL jsonb_to_recordset(taken.filtered) AS delta (
          variant_id uuid, hour timestamptz, placement smallint, traffic smallint, kind smallint, events bigint,
          value_micros bigint)
        GROUP BY campaign_id, variant_id, hour, placement, traffic, kind
        ORDER BY campaign_id, variant_id, hour, placement, traffic, kind
        ON CONFLICT (campaign_id, variant_id, hour, placement, traffic, kind) DO UPDATE SET
          events = known.events + excluded.events, \(Self.valueAddition)
      )
      SELECT count(*) FROM taken
      """
    ).decode(Int64.self).first.map(Int.init) ?? 0
  }

  /// Drops batches that are folded into rollups and viewers alike and older than the policy keeps.
  public func prune() async throws -> Int {
    let oldest = now().addingTimeInterval(-Double(keptForDays) * 86_400)
    return try await database.execute(
      "DELETE FROM ingest_batch WHERE folded_at < \(oldest) AND viewers_folded_at < \(oldest)")
  }

  /// How many batches wait, and since when the oldest does; nil when none does.
  public func backlog() async throws -> (batches: Int, since: Date?) {
    let row = try await database.query(
      "SELECT count(*), min(received_at) FROM ingest_batch WHERE folded_at IS NULL"
    ).decode(Int64.self, Date?.self).first
    return (Int(row?.0 ?? 0), row?.1)
  }

  private static let columns: SQL = """
    impressions, viewables, starts, first_quartiles, midpoints, third_quartiles, completes, clicks, conversions,
    skips, mutes, hides, interactions, value_micros
    """

  private static let sums: SQL = """
    coalesce(sum(impressions), 0), coalesce(sum(viewables), 0), coalesce(sum(starts), 0),
    coalesce(sum(first_quartiles), 0), coalesce(sum(midpoints), 0), coalesce(sum(third_quartiles), 0),
    coalesce(sum(completes), 0), coalesce(sum(clicks), 0), coalesce(sum(conversions), 0),
    coalesce(sum(skips), 0), coalesce(sum(mutes), 0), coalesce(sum(hides), 0), coalesce(sum(interactions), 0),
    \(value)
    """

  private static let additions: SQL = """
    impressions = known.impressions + excluded.impressions, viewables = known.viewables + excluded.viewables,
    starts = known.starts + excluded.starts,
    first_quartiles = known.first_quartiles + excluded.first_quartiles,
    midpoints = known.midpoints + excluded.midpoints,
    third_quartiles = known.third_quartiles + excluded.third_quartiles,
    completes = known.completes + excluded.completes, clicks = known.clicks + excluded.clicks,
    conversions = known.conversions + excluded.conversions, skips = known.skips + excluded.skips,
    mutes = known.mutes + excluded.mutes, hides = known.hides + excluded.hides,
    interactions = known.interactions + excluded.interactions, \(valueAddition)
    """

  /// Sums of values end at the largest bigint, here and in the audit: one absurd client must not stop the folding.
  private static let value: SQL = "least(coalesce(sum(value_micros), 0), 9223372036854775807)::bigint"

  private static let valueAddition: SQL = """
    value_micros = CASE WHEN known.value_micros > 9223372036854775807 - excluded.value_micros
      THEN 9223372036854775807 ELSE known.value_micros + excluded.value_micros END
    """
}
