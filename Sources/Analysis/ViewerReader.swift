import Campaigns
import FoundationEssentials
import Postgres
import Statistics

/// What is kept by viewer. The database adds up and does nothing else.
struct ViewerReader {
  let database: any Queryable

  /// Cohorts of a segment's versions whose first day began before `until`.
  ///
  /// A cohort's row goes on counting what its viewers do later, so for a moment in the past it holds more than was
  /// known then. It serves how much a viewer's impressions hang together, not what was responded.
  func cohorts(segment: Segment, scope: CampaignScope, until: Date) async throws -> [ViewerCohort] {
    let rows = try await database.query(
      """
      SELECT moment.variant_id, (first_day - '1970-01-01'::date)::bigint, viewers, impressions,
        impressions_square::float8, completes, completes_square::float8, impressions_completes::float8, clicks,
        clicks_square::float8, impressions_clicks::float8, conversions, conversions_square::float8,
        impressions_conversions::float8, (value_micros / 1000000)::float8,
        (value_micros_square / 1000000000000)::float8, (impressions_value_micros / 1000000)::float8
      FROM viewer_moment AS moment
      JOIN variant ON variant.campaign_id = moment.campaign_id AND variant.id = moment.variant_id
      WHERE moment.campaign_id = \(scope.sql) AND variant.segment_id = \(segment.id.uuid)
        AND first_day < (\(until)::timestamptz AT TIME ZONE 'UTC')::date AND viewers > 0
      ORDER BY 2, 1
      """
    ).decode(
      UUID.self, Int64.self, Int64.self, Int64.self, Double.self, Int64.self, Double.self, Double.self,
      Int64.self,
      Double.self, Double.self, Int64.self, Double.self, Double.self, Double.self, Double.self, Double.self)
    return rows.map { row in
      let moments = { (sum: Double, square: Double, product: Double) in
        BivariateMoments(
          count: row.2, sumX: Double(row.3), sumY: sum, sumOfSquaresX: row.4, sumOfSquaresY: square,
          sumOfProducts: product)
      }
      return ViewerCohort(
        variant: Identifier(row.0), day: CivilDate(dayNumber: Int(row.1)),
        completes: moments(Double(row.5), row.6, row.7), clicks: moments(Double(row.8), row.9, row.10),
        conversions: moments(Double(row.11), row.12, row.13), value: moments(row.14, row.15, row.16))
    }
  }

  /// Among a sample of viewers by pseudonym, those who first saw several of these versions after `day`, the first whole
  /// day of the shares in force. Pseudonyms are hashes, so a range of them is a sample; it bounds what is read.
  func crossing(
    of variants: [Identifier<Variant>], scope: CampaignScope, from day: CivilDate, until: Date,
    viewers: Int64
  ) async throws -> ViewerCrossing {
    let sample = 20_000.0
    let share = min(1, sample / Double(max(1, viewers)))
    let bound = UInt64((share * 65_535).rounded(.up))
    let digits = String(bound, radix: 16)
    let last = String(repeating: "0", count: 4 - digits.count) + digits + "ffff-ffff-ffff-ffff-ffffffffffff"
    let highest = UUID(uuidString: last) ?? UUID()
    let rows = try await database.query(
      """
      SELECT count(*)::bigint, count(*) FILTER (WHERE versions > 1)::bigint FROM (
        SELECT count(*) AS versions FROM viewer_stat
        WHERE campaign_id = \(scope.sql) AND variant_id = ANY (\(variants.map(\.uuid))::uuid[])
          AND viewer_id <= \(highest) AND first_day >= (\(day.start)::timestamptz AT TIME ZONE 'UTC')::date
          AND first_day < (\(until)::timestamptz AT TIME ZONE 'UTC')::date
        GROUP BY viewer_id) AS viewer
      """
    ).decode(Int64.self, Int64.self)
    return ViewerCrossing(viewers: rows.first?.0 ?? 0, crossed: rows.first?.1 ?? 0)
  }
}
