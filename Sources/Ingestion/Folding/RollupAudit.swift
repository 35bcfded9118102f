import Campaigns
public import FoundationEssentials
public import Postgres

/// Rollups against the events they were made from: they must say the same, cell by cell.
public struct RollupAudit: Sendable {
  /// A cell of `rollup_hour` that is not what a recount of the events gives.
  public struct Difference: Hashable, Sendable {
    public var campaign: UUID
    public var variant: UUID
    public var hour: Date
    public var placement: Int16
    /// Events of any kind and micros of value, by the rollup and by recount.
    public var rolledUp: Int64
    public var recounted: Int64
  }

  private let database: any Queryable

  public init(_ database: any Queryable) { self.database = database }

  /// Up to `limit` cells that differ; empty when everything is folded and right. Reads every event.
  public func differences(limit: Int = 100) async throws -> [Difference] {
    try await database.query(
      """
      WITH recount AS (\(Self.recount)), rolled AS (
        SELECT campaign_id, variant_id, hour, placement, ARRAY[impressions, viewables, starts, first_quartiles,
          midpoints, third_quartiles, completes, clicks, conversions, skips, mutes, hides, interactions,
          value_micros] AS sums
        FROM rollup_hour
      )
      SELECT campaign_id, variant_id, hour, placement,
        coalesce((SELECT sum(n) FROM unnest(rolled.sums) AS n), 0)::bigint,
        coalesce((SELECT sum(n) FROM unnest(recount.sums) AS n), 0)::bigint
      FROM rolled FULL JOIN recount USING (campaign_id, variant_id, hour, placement)
      WHERE rolled.sums IS DISTINCT FROM recount.sums
      ORDER BY campaign_id, variant_id, hour, placement LIMIT \(Int64(limit))
      """
    ).decode(UUID.self, UUID.self, Date.self, Int16.self, Int64.self, Int64.self).map {
      Difference(campaign: $0.0, variant: $0.1, hour: $0.2, placement: $0.3, rolledUp: $0.4, recounted: $0.5)
    }
  }

  private static let recount: SQL = """
    SELECT campaign_id, variant_id, date_trunc('hour', occurred_at, 'UTC') AS hour, placement, ARRAY[
      count(*) FILTER (WHERE kind = 1), count(*) FILTER (WHERE kind = 2), count(*) FILTER (WHERE kind = 3),
      count(*) FILTER (WHERE kind = 4), count(*) FILTER (WHERE kind = 5), count(*) FILTER (WHERE kind = 6),
      count(*) FILTER (WHERE kind = 7), count(*) FILTER (WHERE kind = 8), count(*) FILTER (WHERE kind = 9),
      count(*) FILTER (WHERE kind = 10), count(*) FILTER (WHERE kind = 11), count(*) FILTER (WHERE kind = 12),
      count(*) FILTER (WHERE kind = 13), coalesce(sum(value_micros), 0)::bigint] AS sums
    FROM events WHERE traffic = 0 GROUP BY 1, 2, 3, 4
    """
}
