public import Campaigns
public import FoundationEssentials
public import Postgres

/// What is stored of a campaign's traffic, for those who account for it.
public struct StoredTraffic: Sendable {
  /// Impressions of one version in one hour, over all placements.
  public struct HourlyImpressions: Hashable, Sendable {
    public var hour: Date
    public var variant: Identifier<Variant>
    public var count: Int64
  }

  private let database: any Queryable

  public init(_ database: any Queryable) { self.database = database }

  /// Events of every kind. Reads them all.
  public func events(in scope: CampaignScope) async throws -> Int {
    try await database.query("SELECT count(*) FROM events WHERE campaign_id = \(scope.sql)")
      .decode(Int64.self).first.map(Int.init) ?? 0
  }

  /// Of these, those that a rule for invalid traffic filtered.
  public func filteredEvents(in scope: CampaignScope) async throws -> Int {
    try await database.query("SELECT count(*) FROM events WHERE campaign_id = \(scope.sql) AND traffic > 0")
      .decode(Int64.self).first.map(Int.init) ?? 0
  }

  /// Of the rollups, from whole hours before `until`; in the order of the hours.
  public func impressions(
    segment: Identifier<Segment>, in scope: CampaignScope, until: Date
  ) async throws -> [HourlyImpressions] {
    try await database.query(
      """
      SELECT hour, variant_id, sum(impressions)::bigint
      FROM rollup_hour JOIN variant ON variant.id = rollup_hour.variant_id
        AND variant.campaign_id = rollup_hour.campaign_id
      WHERE rollup_hour.campaign_id = \(scope.sql) AND variant.segment_id = \(segment.uuid)
        AND hour < date_trunc('hour', \(until)::timestamptz, 'UTC')
      GROUP BY hour, variant_id HAVING sum(impressions) > 0
      ORDER BY hour, variant_id
      """
    ).decode(Date.self, UUID.self, Int64.self).map {
      HourlyImpressions(hour: $0.0, variant: Identifier($0.1), count: $0.2)
    }
  }
}
