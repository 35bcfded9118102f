public import FoundationEssentials
public import Postgres

/// Table `decision`: append-only; a decision is undone by a new one of kind `reverse`.
public struct DecisionStore: Sendable {
  private let database: any Queryable

  /// - Parameter database: the pool, or the connection of a transaction to take part in.
  public init(_ database: any Queryable) { self.database = database }

  private static let columns: SQL = """
    id, campaign_id, segment_id, experiment_id, variant_id, kind, reason, evidence, decided_by, decided_at,
    reverses_id
    """

  /// - Throws: `CampaignsError.refused` when the decision to reverse was reversed already.
  public func insert(_ decision: Decision) async throws {
    try await translating(
      \.isSecondReversal, to: "this decision was reversed already"
    ) {
      try await database.execute(
        """
        INSERT INTO decision (\(Self.columns))
        VALUES (\(decision.id.uuid), \(decision.campaign.uuid), \(decision.segment.uuid),
          \(decision.experiment?.uuid), \(decision.variant?.uuid), \(decision.kind.rawValue),
          \(decision.reason), \(JSONB(text: decision.evidence)), \(decision.decidedBy), \(decision.decidedAt),
          \(decision.reverses?.uuid))
        """)
    }
  }

  /// - Throws: `CampaignsError.notFound`.
  public func find(_ id: Identifier<Decision>, in scope: CampaignScope) async throws -> Decision {
    let decisions = try await read(
      "SELECT \(Self.columns) FROM decision WHERE id = \(id.uuid) AND campaign_id = \(scope.sql)")
    guard let decision = decisions.first else {
      throw CampaignsError.notFound(what: "decision", name: "\(id)")
    }
    return decision
  }

  /// From `start` up to, not including, `end`; oldest first.
  public func between(_ start: Date, and end: Date, in scope: CampaignScope) async throws -> [Decision] {
    try await read(
      """
      SELECT \(Self.columns) FROM decision
      WHERE campaign_id = \(scope.sql) AND decided_at >= \(start) AND decided_at < \(end)
      ORDER BY decided_at, id
      """)
  }

  /// Newest first.
  /// - Parameters:
  ///   - after: the last decision of the page before.
  ///   - limit: 1 to 500.
  public func page(
    in scope: CampaignScope, segment: Identifier<Segment>? = nil, after: Identifier<Decision>? = nil,
    limit: Int = 100
  ) async throws -> Page<Decision> {
    let limit = Page<Decision>.checked(limit: limit)
    let older: SQL =
      after.map {
        "AND (decided_at, id) < (SELECT decided_at, id FROM decision WHERE id = \($0.uuid) AND campaign_id = \(scope.sql))"
      }
      ?? ""
    let rows = try await read(
      """
      SELECT \(Self.columns) FROM decision
      WHERE campaign_id = \(scope.sql) AND segment_id = coalesce(\(segment?.uuid), segment_id) \(older)
      ORDER BY decided_at DESC, id DESC LIMIT \(Int64(limit + 1))
      """)
    return Page(rows: rows, limit: limit)
  }

  private func read(_ sql: SQL) async throws -> [Decision] {
    try await database.query(sql)
      .decode(
        UUID.self, UUID.self, UUID.self, UUID?.self, UUID?.self, String.self, String.self, JSONB.self,
        String.self, Date.self, UUID?.self
      ).map { row in
        Decision(
          id: Identifier(row.0), campaign: Identifier(row.1), segment: Identifier(row.2),
          experiment: row.3.map { Identifier($0) }, variant: row.4.map { Identifier($0) },
          kind: try stored(row.5, in: "decision"), reason: row.6, evidence: row.7.text, decidedBy: row.8,
          decidedAt: row.9, reverses: row.10.map { Identifier($0) })
      }
  }
}

extension PostgresError {
  fileprivate var isSecondReversal: Bool { constraint == "decision_reversed_once" }
}
