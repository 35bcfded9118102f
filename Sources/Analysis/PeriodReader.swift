public import Campaigns
public import FoundationEssentials
public import Postgres

/// What versions did and cost within a stretch of time: what a report adds up.
public struct PeriodReader: Sendable {
  private let database: any Queryable

  public init(_ database: any Queryable) { self.database = database }

  public struct Sums: Hashable, Sendable {
    public var counts = EventCounts()
    /// Nil where no platform said.
    public var spendMicros: Int64?

    public init() {}
  }

  /// Events of whole hours in `from..<until` by version.
  public func events(
    campaign: Campaign, from: Date, until: Date
  ) async throws -> [Identifier<Variant>: EventCounts] {
    let rows = try await database.query(
      """
      SELECT variant_id, sum(impressions)::bigint, sum(completes)::bigint, sum(clicks)::bigint,
        sum(conversions)::bigint, sum(value_micros)::bigint
      FROM rollup_hour
      WHERE campaign_id = \(campaign.scope.sql) AND hour >= \(from)
        AND hour < date_trunc('hour', \(until)::timestamptz, 'UTC')
      GROUP BY variant_id
      """
    ).decode(UUID.self, Int64.self, Int64.self, Int64.self, Int64.self, Int64.self)
    return rows.reduce(into: [:]) { counts, row in
      var sum = EventCounts()
      sum.impressions = row.1
      sum.completes = row.2
      sum.clicks = row.3
      sum.conversions = row.4
      sum.valueMicros = row.5
      counts[Identifier(row.0)] = sum
    }
  }

  /// What platforms reported of days in `from..<until` by version.
  /// - Parameter undated: whether sums of an export without dates count too.
  public func insights(
    campaign: Campaign, from: Date, until: Date, undated: Bool
  ) async throws -> [Identifier<Variant>: Sums] {
    let rows = try await database.query(
      """
      SELECT variant_id, sum(impressions)::bigint, sum(clicks)::bigint, sum(conversions)::bigint,
        sum(spend_micros)::bigint
      FROM insight
      WHERE campaign_id = \(campaign.scope.sql) AND (
        (\(undated) AND (lower_inf(period) OR upper_inf(period)))
        OR period <@ daterange((\(from)::timestamptz AT TIME ZONE 'UTC')::date,
          (\(until)::timestamptz AT TIME ZONE 'UTC')::date))
      GROUP BY variant_id
      """
    ).decode(UUID.self, Int64.self, Int64.self, Int64.self, Int64.self)
    return rows.reduce(into: [:]) { sums, row in
      var sum = Sums()
      sum.counts.impressions = row.1
      sum.counts.clicks = row.2
      sum.counts.conversions = row.3
      sum.spendMicros = row.4
      sums[Identifier(row.0)] = sum
    }
  }

  /// Whether any of the campaign's insights come without dates.
  public func hasUndatedInsights(campaign: Campaign) async throws -> Bool {
    try await database.query(
      """
      SELECT EXISTS (SELECT FROM insight
        WHERE campaign_id = \(campaign.scope.sql) AND (lower_inf(period) OR upper_inf(period)))
      """
    ).decode(Bool.self).first ?? false
  }
}
