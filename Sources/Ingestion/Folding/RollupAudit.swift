import Campaigns
public import FoundationEssentials
public import Postgres

/// Rollups against the events they were made from: they must say the same, cell by cell, those that count (`rollup_hour`,
/// `rollup_device_hour`) and those that were filtered (`rollup_filtered_hour`).
///
/// Hours in which dropped partitions had events cannot be recounted in full: there the rollups must hold at least what
/// is left.
public struct RollupAudit: Sendable {
  /// A cell that is not what a recount of the events gives.
  public struct Difference: Hashable, Sendable {
    public var campaign: UUID
    public var variant: UUID
    public var hour: Date
    /// 0 for a cell of `rollup_device_hour`, which has all placements.
    public var placement: Int16
    /// Of a cell of `rollup_device_hour`; nil for the others, which have all devices.
    public var device: Int16?
    /// Why the cell's events do not count: `events.traffic`; 0 when they do.
    public var traffic: Int16 = 0
    /// The kind of filtered events; nil for a cell of `rollup_hour`, which has all kinds.
    public var kind: Int16?
    /// Events of any kind and micros of value, by the rollup and by recount.
    public var rolledUp: Int64
    public var recounted: Int64
  }

  /// What is recounted.
  struct Scope: Sendable {
    /// `events` or one of its partitions.
    var source: SQL = "events"
    /// Whole hours of `occurred_at`; all when nil.
    var hours: Range<Date>?
    /// Whether hours with dropped events need only hold at least what is left.
    var sparesDropped = true

    func contains(_ time: SQL) -> SQL {
      guard let hours else { return "true" }
      return "\(time) >= \(hours.lowerBound) AND \(time) < \(hours.upperBound)"
    }
  }

  private let database: any Queryable

  public init(_ database: any Queryable) { self.database = database }

  /// Up to `limit` cells of each table that differ; empty when everything is folded and right. Reads every event.
  public func differences(limit: Int = 100) async throws -> [Difference] {
    try await differences(limit: limit, in: Scope())
  }

  func differences(limit: Int, in scope: Scope) async throws -> [Difference] {
    try await counted(limit, scope) + devices(limit, scope) + filtered(limit, scope)
  }

  private func counted(_ limit: Int, _ scope: Scope) async throws -> [Difference] {
    try await Recount.rows(
      """
      WITH recount AS (\(Self.recount(scope))), rolled AS (
        SELECT campaign_id, variant_id, hour, placement, ARRAY[impressions, viewables, starts, first_quartiles,
          midpoints, third_quartiles, completes, clicks, conversions, skips, mutes, hides, interactions,
          value_micros] AS sums
        FROM rollup_hour WHERE \(scope.contains("hour"))
      )
      SELECT campaign_id, variant_id, hour, placement, \(Self.total("rolled.sums")), \(Self.total("recount.sums"))
      FROM rolled FULL JOIN recount USING (campaign_id, variant_id, hour, placement)
      WHERE \(Self.differs(scope))
      ORDER BY campaign_id, variant_id, hour, placement LIMIT \(Int64(limit))
      """, on: database
    ).decode(UUID.self, UUID.self, Date.self, Int16.self, Int64.self, Int64.self).map {
      Difference(campaign: $0.0, variant: $0.1, hour: $0.2, placement: $0.3, rolledUp: $0.4, recounted: $0.5)
    }
  }

  private func devices(_ limit: Int, _ scope: Scope) async throws -> [Difference] {
    try await Recount.rows(
      """
      WITH recount AS (
        SELECT campaign_id, variant_id, date_trunc('hour', occurred_at, 'UTC') AS hour, device, ARRAY[
          count(*) FILTER (WHERE kind = 1), count(*) FILTER (WHERE kind = 7), count(*) FILTER (WHERE kind = 8),
          count(*) FILTER (WHERE kind = 9)] AS sums
        FROM \(scope.source) WHERE traffic = 0 AND kind IN (1, 7, 8, 9) AND \(scope.contains("occurred_at"))
        GROUP BY 1, 2, 3, 4
      ), rolled AS (
        SELECT campaign_id, variant_id, hour, device, ARRAY[impressions, completes, clicks, conversions] AS sums
        FROM rollup_device_hour WHERE \(scope.contains("hour"))
      )
      SELECT campaign_id, variant_id, hour, device, \(Self.total("rolled.sums")), \(Self.total("recount.sums"))
      FROM rolled FULL JOIN recount USING (campaign_id, variant_id, hour, device)
      WHERE \(Self.differs(scope))
      ORDER BY campaign_id, variant_id, hour, device LIMIT \(Int64(limit))
      """, on: database
    ).decode(UUID.self, UUID.self, Date.self, Int16.self, Int64.self, Int64.self).map {
      Difference(
        campaign: $0.0, variant: $0.1, hour: $0.2, placement: 0, device: $0.3, rolledUp: $0.4, recounted: $0.5
      )
    }
  }

  private func filtered(_ limit: Int, _ scope: Scope) async throws -> [Difference] {
    try await Recount.rows(
      """
      WITH recount AS (
        SELECT campaign_id, variant_id, date_trunc('hour', occurred_at, 'UTC') AS hour, placement, traffic, kind,
          ARRAY[count(*), \(Self.value)] AS sums
        FROM \(scope.source) WHERE traffic > 0 AND \(scope.contains("occurred_at")) GROUP BY 1, 2, 3, 4, 5, 6
      ), rolled AS (
        SELECT campaign_id, variant_id, hour, placement, traffic, kind, ARRAY[events, value_micros] AS sums
        FROM rollup_filtered_hour WHERE \(scope.contains("hour"))
      )
      SELECT campaign_id, variant_id, hour, placement, traffic, kind, \(Self.total("rolled.sums")),
        \(Self.total("recount.sums"))
      FROM rolled FULL JOIN recount USING (campaign_id, variant_id, hour, placement, traffic, kind)
      WHERE \(Self.differs(scope))
      ORDER BY campaign_id, variant_id, hour, placement, traffic, kind LIMIT \(Int64(limit))
      """, on: database
    ).decode(
      UUID.self, UUID.self, Date.self, Int16.self, Int16.self, Int16.self, Int64.self, Int64.self
    ).map {
      Difference(
        campaign: $0.0, variant: $0.1, hour: $0.2, placement: $0.3, traffic: $0.4, kind: $0.5, rolledUp: $0.6,
        recounted: $0.7)
    }
  }

  /// How many cells of the rollups lie in some hours.
  func cells(in hours: Range<Date>) async throws -> Int {
    let scope = Scope(hours: hours)
    return try await database.query(
      """
      SELECT (SELECT count(*) FROM rollup_hour WHERE \(scope.contains("hour")))
        + (SELECT count(*) FROM rollup_filtered_hour WHERE \(scope.contains("hour")))
      """
    ).decode(Int64.self).first.map(Int.init) ?? 0
  }

  private static func differs(_ scope: Scope) -> SQL {
    let exactly: SQL = "rolled.sums IS DISTINCT FROM recount.sums"
    if !scope.sparesDropped { return exactly }
    return """
      CASE WHEN EXISTS (
        SELECT FROM event_partition_dropped AS dropped
        WHERE hour >= date_trunc('hour', dropped.first_occurred_at, 'UTC') AND hour <= dropped.last_occurred_at)
      THEN EXISTS (
        SELECT FROM unnest(rolled.sums, recount.sums) AS pair (held, left_over)
        WHERE coalesce(held, 0) < coalesce(left_over, 0))
      ELSE \(exactly) END
      """
  }

  private static func total(_ sums: SQL) -> SQL {
    "least(coalesce((SELECT sum(n) FROM unnest(\(sums)) AS n), 0), 9223372036854775807)::bigint"
  }

  /// As the rollups, it ends at the largest bigint.
  private static let value: SQL = "least(coalesce(sum(value_micros), 0), 9223372036854775807)::bigint"

  private static func recount(_ scope: Scope) -> SQL {
    """
    SELECT campaign_id, variant_id, date_trunc('hour', occurred_at, 'UTC') AS hour, placement, ARRAY[
      count(*) FILTER (WHERE kind = 1), count(*) FILTER (WHERE kind = 2), count(*) FILTER (WHERE kind = 3),
      count(*) FILTER (WHERE kind = 4), count(*) FILTER (WHERE kind = 5), count(*) FILTER (WHERE kind = 6),
      count(*) FILTER (WHERE kind = 7), count(*) FILTER (WHERE kind = 8), count(*) FILTER (WHERE kind = 9),
      count(*) FILTER (WHERE kind = 10), count(*) FILTER (WHERE kind = 11), count(*) FILTER (WHERE kind = 12),
      count(*) FILTER (WHERE kind = 13), \(value)] AS sums
    FROM \(scope.source) WHERE traffic = 0 AND \(scope.contains("occurred_at")) GROUP BY 1, 2, 3, 4
    """
  }
}
