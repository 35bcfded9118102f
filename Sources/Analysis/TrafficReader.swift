public import Campaigns
public import FoundationEssentials
public import Postgres

/// Gross and net by version, from `rollup_hour` and `rollup_filtered_hour`. The database adds up and does nothing else.
public struct TrafficReader: Sendable {
  private let database: any Queryable

  public init(_ database: any Queryable) { self.database = database }

  /// Of whole hours in `from..<until`.
  /// - Parameter variants: only these; all when nil.
  public func accounts(
    scope: CampaignScope, from: Date, until: Date, of variants: Set<Identifier<Variant>>? = nil
  ) async throws -> [Identifier<Variant>: TrafficAccount] {
    let only: SQL = variants.map { "AND variant_id = ANY (\($0.map(\.uuid))::uuid[])" } ?? ""
    let rows = try await database.query(
      """
      SELECT variant_id, 0::smallint, kind::smallint, sum(events)::bigint
      FROM rollup_hour CROSS JOIN LATERAL (VALUES (1, impressions), (2, viewables), (3, starts),
        (4, first_quartiles), (5, midpoints), (6, third_quartiles), (7, completes), (8, clicks),
        (9, conversions), (10, skips), (11, mutes), (12, hides), (13, interactions)) AS count (kind, events)
      WHERE campaign_id = \(scope.sql) AND hour >= \(from)
        AND hour < date_trunc('hour', \(until)::timestamptz, 'UTC') AND events > 0 \(only)
      GROUP BY 1, 3
      UNION ALL
      SELECT variant_id, traffic, kind, sum(events)::bigint FROM rollup_filtered_hour
      WHERE campaign_id = \(scope.sql) AND hour >= \(from)
        AND hour < date_trunc('hour', \(until)::timestamptz, 'UTC') \(only)
      GROUP BY 1, 2, 3
      """
    ).decode(UUID.self, Int16.self, Int16.self, Int64.self)
    return rows.reduce(into: [:]) { accounts, row in
      guard let kind = EventKind(rawValue: row.2) else { return }
      accounts[Identifier(row.0), default: TrafficAccount()].add(
        row.3, of: kind, reason: row.1 == 0 ? nil : TrafficFilter(number: row.1))
    }
  }
}
