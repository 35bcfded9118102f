internal import FoundationEssentials
public import Postgres

/// Table `segment`.
public struct SegmentStore: Sendable {
  private let database: any Queryable

  /// - Parameter database: the pool, or the connection of a transaction to take part in.
  public init(_ database: any Queryable) { self.database = database }

  private static let columns: SQL = "id, campaign_id, key, name, language, audience, rule"

  /// In the order the campaign's files give them.
  public func list(in scope: CampaignScope) async throws -> [Segment] {
    try await read(
      "SELECT \(Self.columns) FROM segment WHERE campaign_id = \(scope.sql) ORDER BY position, key")
  }

  /// - Throws: `CampaignsError.notFound`.
  public func find(_ id: Identifier<Segment>, in scope: CampaignScope) async throws -> Segment {
    let segments = try await read(
      "SELECT \(Self.columns) FROM segment WHERE id = \(id.uuid) AND campaign_id = \(scope.sql)")
    guard let segment = segments.first else { throw CampaignsError.notFound(what: "segment", name: "\(id)") }
    return segment
  }

  /// - Throws: `CampaignsError.notFound`.
  public func find(key: String, in scope: CampaignScope) async throws -> Segment {
    let segments = try await read(
      "SELECT \(Self.columns) FROM segment WHERE key = \(key) AND campaign_id = \(scope.sql)")
    guard let segment = segments.first else { throw CampaignsError.notFound(what: "segment", name: key) }
    return segment
  }

  /// - Parameter position: where the segment stands in lists, from 0.
  public func insert(_ segment: Segment, position: Int) async throws {
    let count = try await database.execute(
      """
      INSERT INTO segment (id, campaign_id, key, name, language, audience, rule, position)
      VALUES (\(segment.id.uuid), \(segment.campaign.uuid), \(segment.key), \(segment.name),
        \(segment.language), \(segment.audience), \(try JSONB(encoding: segment.rule)), \(Int32(position)))
      ON CONFLICT (campaign_id, key) DO NOTHING
      """)
    guard count == 1 else { throw CampaignsError.alreadyExists(what: "segment", name: segment.key) }
  }

  public func update(_ segment: Segment, position: Int) async throws {
    let count = try await database.execute(
      """
      UPDATE segment SET name = \(segment.name), language = \(segment.language),
        audience = \(segment.audience), rule = \(try JSONB(encoding: segment.rule)),
        position = \(Int32(position))
      WHERE id = \(segment.id.uuid) AND campaign_id = \(segment.campaign.uuid)
      """)
    guard count == 1 else { throw CampaignsError.notFound(what: "segment", name: "\(segment.id)") }
  }

  /// Removes a segment nothing was made for.
  /// - Throws: `CampaignsError.refused` when it has variants (and so perhaps experiments and results).
  public func remove(_ segment: Segment) async throws {
    let count = try await database.execute(
      """
      DELETE FROM segment WHERE id = \(segment.id.uuid) AND campaign_id = \(segment.campaign.uuid)
        AND NOT EXISTS (SELECT FROM variant WHERE segment_id = \(segment.id.uuid))
      """)
    guard count == 1 else {
      throw CampaignsError.refused(
        "segment \(segment.key) has versions and results, which would be lost; leave it in segments.yaml, or "
          + "start a new campaign without it")
    }
  }

  private func read(_ sql: SQL) async throws -> [Segment] {
    try await database.query(sql)
      .decode(
        UUID.self, UUID.self, String.self, String.self, String.self, Int64?.self, JSONB.self
      ).map { row in
        Segment(
          id: Identifier(row.0), campaign: Identifier(row.1), key: row.2, name: row.3, language: row.4,
          audience: row.5, rule: try row.6.decode(AudienceRule.self))
      }
  }
}
