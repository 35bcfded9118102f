import Campaigns
import FoundationEssentials
import Postgres

/// Sums of rollups and insights, as an analysis needs them. The database adds up and does nothing else.
struct RollupReader {
  let database: any Queryable

  /// Sums by round, epoch, UTC day and version over every randomised round of a segment, from whole hours before
  /// `until`. An hour belongs to the epoch in force when it began; versions without a share in it are left out.
  func cells(segment: Segment, scope: CampaignScope, until: Date) async throws -> [RollupCell] {
    let rows = try await database.query(
      """
      WITH epoch AS (
        SELECT experiment_id, epoch, starts_at, least(
          lead(starts_at) OVER (PARTITION BY experiment_id ORDER BY epoch),
          date_trunc('hour', ended_at, 'UTC'), date_trunc('hour', \(until)::timestamptz, 'UTC')) AS ends_at
        FROM allocation JOIN experiment ON experiment.id = allocation.experiment_id
        WHERE allocation.campaign_id = \(scope.sql) AND experiment.segment_id = \(segment.id.uuid)
          AND experiment.randomised AND started_at < \(until)
      )
      SELECT epoch.experiment_id, epoch.epoch,
        (extract(epoch FROM date_trunc('day', rollup.hour, 'UTC'))::bigint / 86400),
        share.variant_id, sum(impressions)::bigint, sum(viewables)::bigint, sum(starts)::bigint,
        sum(first_quartiles)::bigint, sum(midpoints)::bigint, sum(third_quartiles)::bigint,
        sum(completes)::bigint, sum(clicks)::bigint, sum(conversions)::bigint, sum(skips)::bigint,
        sum(mutes)::bigint, sum(hides)::bigint, sum(interactions)::bigint, sum(value_micros)::bigint
      FROM epoch
      JOIN allocation_share AS share
        ON share.experiment_id = epoch.experiment_id AND share.epoch = epoch.epoch
      JOIN rollup_hour AS rollup
        ON rollup.campaign_id = \(scope.sql) AND rollup.variant_id = share.variant_id
        AND rollup.hour >= epoch.starts_at AND rollup.hour < epoch.ends_at
      GROUP BY 1, 2, 3, 4
      ORDER BY 3, 2, 4
      """)
    return try rows.decode(
      UUID.self, Int32.self, Int64.self, UUID.self, Int64.self, Int64.self, Int64.self, Int64.self,
      Int64.self,
      Int64.self, Int64.self, Int64.self, Int64.self, Int64.self, Int64.self, Int64.self, Int64.self,
      Int64.self
    ).map { row in
      var counts = EventCounts()
      counts.impressions = row.4
      counts.viewables = row.5
      counts.starts = row.6
      counts.firstQuartiles = row.7
      counts.midpoints = row.8
      counts.thirdQuartiles = row.9
      counts.completes = row.10
      counts.clicks = row.11
      counts.conversions = row.12
      counts.skips = row.13
      counts.mutes = row.14
      counts.hides = row.15
      counts.interactions = row.16
      counts.valueMicros = row.17
      return RollupCell(
        experiment: Identifier(row.0), epoch: Int(row.1), day: CivilDate(dayNumber: Int(row.2)),
        variant: Identifier(row.3), counts: counts)
    }
  }

  /// A round's sums by epoch, part and version, of what the goals are counted in.
  /// - Parameter dimension: one that events have.
  func partCells(
    _ round: Experiment, by dimension: Part.Dimension, scope: CampaignScope, until: Date
  ) async throws -> [PartCell] {
    let (value, rollup): (SQL, SQL)
    switch dimension {
    case .placement:
      value = "coalesce((SELECT name FROM placement WHERE placement.id = part.number), '')"
      rollup = "SELECT *, placement AS number FROM rollup_hour"
    case .device:
      value = "part.number::text"
      rollup = "SELECT *, device AS number FROM rollup_device_hour"
    case .language: return []
    }
    let rows = try await database.query(
      """
      WITH epoch AS (
        SELECT epoch, starts_at, least(
          lead(starts_at) OVER (ORDER BY epoch), date_trunc('hour', ended_at, 'UTC'),
          date_trunc('hour', \(until)::timestamptz, 'UTC')) AS ends_at
        FROM allocation JOIN experiment ON experiment.id = allocation.experiment_id
        WHERE allocation.campaign_id = \(scope.sql) AND experiment_id = \(round.id.uuid)
      ), part AS (
        SELECT epoch.epoch, rollup.number, share.variant_id, sum(impressions)::bigint AS impressions,
          sum(completes)::bigint AS completes, sum(clicks)::bigint AS clicks,
          sum(conversions)::bigint AS conversions
        FROM epoch
        JOIN allocation_share AS share
          ON share.experiment_id = \(round.id.uuid) AND share.epoch = epoch.epoch
        JOIN (\(rollup)) AS rollup
          ON rollup.campaign_id = \(scope.sql) AND rollup.variant_id = share.variant_id
          AND rollup.hour >= epoch.starts_at AND rollup.hour < epoch.ends_at
        GROUP BY 1, 2, 3
      )
      SELECT epoch, \(value) AS value, variant_id, impressions, completes, clicks, conversions FROM part
      ORDER BY value, epoch, variant_id
      """
    ).decode(Int32.self, String.self, UUID.self, Int64.self, Int64.self, Int64.self, Int64.self)
    return rows.map { row in
      var counts = EventCounts()
      counts.impressions = row.3
      counts.completes = row.4
      counts.clicks = row.5
      counts.conversions = row.6
      return PartCell(
        part: Part(dimension, dimension == .device ? Self.device(row.1) : row.1),
        cell: RollupCell(
          experiment: round.id, epoch: Int(row.0), day: CivilDate(round.startedAt),
          variant: Identifier(row.2), counts: counts))
    }
  }

  /// What a newer program counts, this one has no name for.
  private static func device(_ number: String) -> String {
    (Int16(number).flatMap { DeviceType(rawValue: $0) } ?? .unknown).name
  }

  /// A segment hour by hour: responses, and impressions times each version's factor. Hours of versions outside their
  /// rounds count too: the market does not care.
  func hours(
    segment: Segment, goal: Goal, scope: CampaignScope, until: Date, factors: [Identifier<Variant>: Double]
  ) async throws -> [SegmentHour] {
    let factors = factors.sorted { $0.key.description < $1.key.description }
    let successes: SQL =
      switch goal {
      case .clickThrough: "clicks"
      case .viewThrough: "completes"
      case .conversion: "conversions"
      }
    let rows = try await database.query(
      """
      SELECT extract(epoch FROM hour)::bigint / 3600, round(sum(impressions * factor))::bigint,
        sum(\(successes))::bigint
      FROM unnest(\(factors.map(\.key.uuid))::uuid[], \(factors.map(\.value))::float8[]) AS version (id, factor)
      JOIN rollup_hour ON rollup_hour.campaign_id = \(scope.sql) AND rollup_hour.variant_id = version.id
      WHERE hour < \(until)
      GROUP BY hour ORDER BY hour
      """
    ).decode(Int64.self, Int64.self, Int64.self)
    return rows.map { SegmentHour(hour: Int($0.0), impressions: $0.1, successes: $0.2) }
  }

  /// What platforms reported of a segment's versions, by period. Periods that end after `until` are left out;
  /// those without dates are taken whole.
  func platformCells(segment: Segment, scope: CampaignScope, until: Date) async throws -> [PlatformCell] {
    let rows = try await database.query(
      """
      SELECT insight.variant_id, (lower(period) - '1970-01-01'::date)::bigint,
        (upper(period) - '1970-01-01'::date)::bigint, sum(impressions)::bigint, sum(clicks)::bigint,
        sum(conversions)::bigint, sum(spend_micros)::bigint
      FROM insight JOIN variant ON variant.id = insight.variant_id AND variant.campaign_id = insight.campaign_id
      WHERE insight.campaign_id = \(scope.sql) AND variant.segment_id = \(segment.id.uuid)
        AND (upper_inf(period) OR upper(period) <= (\(until)::timestamptz AT TIME ZONE 'UTC')::date)
      GROUP BY 1, 2, 3
      ORDER BY 2 NULLS FIRST, 1
      """
    ).decode(UUID.self, Int64?.self, Int64?.self, Int64.self, Int64.self, Int64.self, Int64.self)
    return rows.map { row in
      PlatformCell(
        variant: Identifier(row.0), from: row.1.map { CivilDate(dayNumber: Int($0)) },
        until: row.2.map { CivilDate(dayNumber: Int($0)) }, impressions: row.3, clicks: row.4,
        conversions: row.5, spendMicros: row.6)
    }
  }

  /// Events accepted before `moment` that no rollup holds yet.
  func pendingEvents(scope: CampaignScope, before moment: Date) async throws -> Int64 {
    try await database.query(
      """
      SELECT coalesce(sum(stored), 0)::bigint FROM ingest_batch
      WHERE campaign_id = \(scope.sql) AND folded_at IS NULL AND received_at < \(moment)
      """
    ).decode(Int64.self).first ?? 0
  }

  /// Events of the campaign that rollups hold of hours before `moment`.
  func foldedEvents(scope: CampaignScope, before moment: Date) async throws -> Int64 {
    try await database.query(
      """
      SELECT coalesce(sum(impressions + viewables + starts + first_quartiles + midpoints + third_quartiles + completes
        + clicks + conversions + skips + mutes + hides + interactions), 0)::bigint
      FROM rollup_hour WHERE campaign_id = \(scope.sql) AND hour < \(moment)
      """
    ).decode(Int64.self).first ?? 0
  }
}
