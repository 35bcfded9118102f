public import FoundationEssentials
public import Postgres

/// `viewer_stat` and `viewer_moment` against the events they were made from.
///
/// What retention dropped cannot be recounted. A viewer whose first day lies after everything that was dropped must
/// equal its recount; an older one must hold at least what is left of it. Moments must equal the viewers they sum in
/// any case.
public struct ViewerAudit: Sendable {
  public enum Difference: Hashable, Sendable {
    /// A row of `viewer_stat`. Both sides as `(first day, impressions, completes, clicks, conversions, value in
    /// micros)`; nil when there is none.
    case viewer(campaign: UUID, variant: UUID, viewer: UUID, held: String?, recounted: String?)
    /// A row of `viewer_moment` that is not the sum of its viewers; the numbers in the order of its columns.
    case cohort(campaign: UUID, variant: UUID, firstDay: Date, held: String?, summed: String?)
  }

  private let database: any Queryable

  public init(_ database: any Queryable) { self.database = database }

  /// Up to `limit` viewers and as many cohorts that differ; empty when everything is folded and right. Reads every
  /// event.
  public func differences(limit: Int = 100) async throws -> [Difference] {
    try await viewers(limit: limit) + cohorts(limit: limit)
  }

  func viewers(limit: Int) async throws -> [Difference] {
    try await Recount.rows(
      """
      WITH recount AS (\(Self.recount("events"))), kept AS (
        SELECT coalesce(max((last_occurred_at AT TIME ZONE 'UTC')::date + 1), '-infinity') AS from_day
        FROM event_partition_dropped
      )
      SELECT campaign_id, variant_id, viewer_id, \(Self.text("viewer_stat")), \(Self.text("recount"))
      FROM viewer_stat FULL JOIN recount USING (campaign_id, variant_id, viewer_id) CROSS JOIN kept
      WHERE CASE WHEN viewer_stat.first_day < kept.from_day THEN \(Self.holdsLess("viewer_stat", "recount"))
        ELSE ROW(\(Self.facts("viewer_stat"))) IS DISTINCT FROM ROW(\(Self.facts("recount"))) END
      ORDER BY campaign_id, variant_id, viewer_id LIMIT \(Int64(limit))
      """, on: database
    ).decode(UUID.self, UUID.self, UUID.self, String?.self, String?.self).map {
      .viewer(campaign: $0.0, variant: $0.1, viewer: $0.2, held: $0.3, recounted: $0.4)
    }
  }

  /// - Parameter days: first days to look at, as midnights in UTC; all when nil.
  func cohorts(limit: Int, days: Range<Date>? = nil) async throws -> [Difference] {
    let within: SQL =
      days.map {
        """
        first_day >= (\($0.lowerBound)::timestamptz AT TIME ZONE 'UTC')::date
          AND first_day < (\($0.upperBound)::timestamptz AT TIME ZONE 'UTC')::date
        """
      } ?? "true"
    let columns = ViewerMoments.columns.map { "\(identifier: $0)" as SQL }.joined(separator: ", ")
    return try await Recount.rows(
      """
      WITH summed AS (
        SELECT campaign_id, variant_id, first_day, ROW(\(Self.moments))::text AS numbers
        FROM viewer_stat WHERE \(within) GROUP BY campaign_id, variant_id, first_day
      ), held AS (
        SELECT campaign_id, variant_id, first_day, ROW(\(columns))::text AS numbers
        FROM viewer_moment WHERE \(within)
      )
      SELECT campaign_id, variant_id, first_day, held.numbers, summed.numbers
      FROM held FULL JOIN summed USING (campaign_id, variant_id, first_day)
      WHERE held.numbers IS DISTINCT FROM summed.numbers
      ORDER BY campaign_id, variant_id, first_day LIMIT \(Int64(limit))
      """, on: database
    ).decode(UUID.self, UUID.self, Date.self, String?.self, String?.self).map {
      .cohort(campaign: $0.0, variant: $0.1, firstDay: $0.2, held: $0.3, summed: $0.4)
    }
  }

  /// How many viewers (by version) a partition has, and how many of them `viewer_stat` does not hold in full.
  func coverage(of partition: SQL) async throws -> (viewers: Int, missing: Int) {
    let row = try await Recount.rows(
      """
      WITH recount AS (\(Self.recount(partition)))
      SELECT count(*), count(*) FILTER (WHERE \(Self.holdsLess("viewer_stat", "recount")))
      FROM recount LEFT JOIN viewer_stat USING (campaign_id, variant_id, viewer_id)
      """, on: database
    ).decode(Int64.self, Int64.self).first
    return (Int(row?.0 ?? 0), Int(row?.1 ?? 0))
  }

  /// Counts end where the columns do, as the folder's do.
  private static func recount(_ source: SQL) -> SQL {
    """
    SELECT campaign_id, variant_id, viewer_id, (min(occurred_at) AT TIME ZONE 'UTC')::date AS first_day,
      least(count(*) FILTER (WHERE kind = 1), 2147483647)::integer AS impressions,
      least(count(*) FILTER (WHERE kind = 7), 2147483647)::integer AS completes,
      least(count(*) FILTER (WHERE kind = 8), 2147483647)::integer AS clicks,
      least(count(*) FILTER (WHERE kind = 9), 2147483647)::integer AS conversions,
      least(coalesce(sum(value_micros), 0), 9223372036854775807)::bigint AS value_micros
    FROM \(source) WHERE traffic = 0 GROUP BY campaign_id, variant_id, viewer_id
    """
  }

  private static func facts(_ table: SQL) -> SQL {
    """
    \(table).first_day, \(table).impressions, \(table).completes, \(table).clicks, \(table).conversions,
    \(table).value_micros
    """
  }

  private static func text(_ table: SQL) -> SQL {
    "CASE WHEN \(table).first_day IS NOT NULL THEN ROW(\(facts(table)))::text END"
  }

  /// Whether a viewer lacks something of what was recounted; never when nothing was.
  private static func holdsLess(_ held: SQL, _ recount: SQL) -> SQL {
    """
    (\(recount).first_day IS NOT NULL AND (\(held).first_day IS NULL OR \(held).first_day > \(recount).first_day
      OR \(held).impressions < \(recount).impressions OR \(held).completes < \(recount).completes
      OR \(held).clicks < \(recount).clicks OR \(held).conversions < \(recount).conversions
      OR \(held).value_micros < \(recount).value_micros))
    """
  }

  /// In the order of `ViewerMoments.columns`.
  private static let moments: SQL = """
    count(*), sum(impressions), sum(impressions::bigint * impressions),
    sum(completes), count(*) FILTER (WHERE completes > 0), sum(completes::bigint * completes),
    sum(impressions::bigint * completes),
    sum(clicks), count(*) FILTER (WHERE clicks > 0), sum(clicks::bigint * clicks), sum(impressions::bigint * clicks),
    sum(conversions), count(*) FILTER (WHERE conversions > 0), sum(conversions::bigint * conversions),
    sum(impressions::bigint * conversions),
    sum(value_micros), sum(value_micros::numeric * value_micros), sum(impressions::numeric * value_micros)
    """
}
