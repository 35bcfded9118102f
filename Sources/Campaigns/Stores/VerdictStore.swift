public import FoundationEssentials
public import Postgres

/// Table `verdict`: append-only.
public struct VerdictStore: Sendable {
  private let database: any Queryable

  /// - Parameter database: the pool, or the connection of a transaction to take part in.
  public init(_ database: any Queryable) { self.database = database }

  private static let columns: SQL = """
    id, campaign_id, segment_id, experiment_id, variant_id, kind, metric, estimate, low, high, sentence, evidence,
    as_of
    """

  public func insert(_ verdict: Verdict) async throws {
    try await database.execute(
      """
      INSERT INTO verdict (\(Self.columns))
      VALUES (\(verdict.id.uuid), \(verdict.campaign.uuid), \(verdict.segment.uuid),
        \(verdict.experiment.uuid), \(verdict.variant?.uuid), \(verdict.kind.rawValue),
        \(verdict.metric.rawValue), \(verdict.estimate), \(verdict.low), \(verdict.high), \(verdict.sentence),
        \(JSONB(text: verdict.evidence)), \(verdict.asOf))
      """)
  }

  /// - Throws: `CampaignsError.notFound`.
  public func find(_ id: Identifier<Verdict>, in scope: CampaignScope) async throws -> Verdict {
    let verdicts = try await read(
      "SELECT \(Self.columns) FROM verdict WHERE id = \(id.uuid) AND campaign_id = \(scope.sql)")
    guard let verdict = verdicts.first else { throw CampaignsError.notFound(what: "verdict", name: "\(id)") }
    return verdict
  }

  /// What holds now: of every segment, all verdicts of its newest look at or before `moment`.
  public func latest(in scope: CampaignScope, at moment: Date) async throws -> [Verdict] {
    try await read(
      """
      SELECT \(Self.columns) FROM verdict AS v
      WHERE campaign_id = \(scope.sql) AND as_of = (
        SELECT max(as_of) FROM verdict
        WHERE campaign_id = v.campaign_id AND segment_id = v.segment_id AND as_of <= \(moment))
      ORDER BY segment_id, id
      """)
  }

  /// From `start` up to, not including, `end`; oldest first.
  public func between(_ start: Date, and end: Date, in scope: CampaignScope) async throws -> [Verdict] {
    try await read(
      """
      SELECT \(Self.columns) FROM verdict
      WHERE campaign_id = \(scope.sql) AND as_of >= \(start) AND as_of < \(end) ORDER BY as_of, id
      """)
  }

  /// Newest first.
  /// - Parameters:
  ///   - after: the last verdict of the page before.
  ///   - limit: 1 to 500.
  public func page(
    in scope: CampaignScope, segment: Identifier<Segment>? = nil, after: Identifier<Verdict>? = nil,
    limit: Int = 100
  ) async throws -> Page<Verdict> {
    let limit = Page<Verdict>.checked(limit: limit)
    let older: SQL =
      after.map {
        "AND (as_of, id) < (SELECT as_of, id FROM verdict WHERE id = \($0.uuid) AND campaign_id = \(scope.sql))"
      } ?? ""
    let rows = try await read(
      """
      SELECT \(Self.columns) FROM verdict
      WHERE campaign_id = \(scope.sql) AND segment_id = coalesce(\(segment?.uuid), segment_id) \(older)
      ORDER BY as_of DESC, id DESC LIMIT \(Int64(limit + 1))
      """)
    return Page(rows: rows, limit: limit)
  }

  private func read(_ sql: SQL) async throws -> [Verdict] {
    try await database.query(sql)
      .decode(
        UUID.self, UUID.self, UUID.self, UUID.self, UUID?.self, String.self, String.self, Double?.self,
        Double?.self, Double?.self, String.self, JSONB.self, Date.self
      ).map { row in
        Verdict(
          id: Identifier(row.0), campaign: Identifier(row.1), segment: Identifier(row.2),
          experiment: Identifier(row.3), variant: row.4.map { Identifier($0) },
          kind: try stored(row.5, in: "verdict"), metric: try stored(row.6, in: "verdict"), estimate: row.7,
          low: row.8, high: row.9, sentence: row.10, evidence: row.11.text, asOf: row.12)
      }
  }
}
