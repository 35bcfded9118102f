public import FoundationEssentials
public import Postgres

/// Table `variant`.
public struct VariantStore: Sendable {
  private let database: any Queryable

  /// - Parameter database: the pool, or the connection of a transaction to take part in.
  public init(_ database: any Queryable) { self.database = database }

  private static let columns: SQL = """
    id, campaign_id, segment_id, name, origin, generation, parent_id, levels, rationale, status, created_at,
    activated_at, retired_at
    """

  /// In the order of their design.
  public func list(in scope: CampaignScope, segment: Identifier<Segment>? = nil) async throws -> [Variant] {
    try await read(
      """
      SELECT \(Self.columns) FROM variant
      WHERE campaign_id = \(scope.sql) AND segment_id = coalesce(\(segment?.uuid), segment_id)
      ORDER BY segment_id, length(name), name
      """)
  }

  /// - Throws: `CampaignsError.notFound`.
  public func find(_ id: Identifier<Variant>, in scope: CampaignScope) async throws -> Variant {
    let variants = try await read(
      "SELECT \(Self.columns) FROM variant WHERE id = \(id.uuid) AND campaign_id = \(scope.sql)")
    guard let variant = variants.first else { throw CampaignsError.notFound(what: "variant", name: "\(id)") }
    return variant
  }

  /// A variant by its id alone, whichever campaign of the workspace it is of.
  /// - Throws: `CampaignsError.notFound`.
  public func find(_ id: Identifier<Variant>, workspace: Identifier<Workspace>) async throws -> Variant {
    let variants = try await read(
      """
      SELECT \(Self.columns) FROM variant WHERE id = \(id.uuid) AND EXISTS (
        SELECT FROM campaign WHERE campaign.id = variant.campaign_id AND workspace_id = \(workspace.uuid))
      """)
    guard let variant = variants.first else { throw CampaignsError.notFound(what: "variant", name: "\(id)") }
    return variant
  }

  /// The campaign of each of the variants that the workspace owns: where events are routed by. Ids of others
  /// are absent from the answer.
  public func campaigns(
    of ids: [Identifier<Variant>], workspace: Identifier<Workspace>
  ) async throws -> [Identifier<Variant>: Identifier<Campaign>] {
    let rows = try await database.query(
      """
      SELECT variant.id, variant.campaign_id FROM variant JOIN campaign ON campaign.id = variant.campaign_id
      WHERE variant.id = ANY (\(ids.map(\.uuid))) AND campaign.workspace_id = \(workspace.uuid)
      """
    ).decode(UUID.self, UUID.self)
    return Dictionary(uniqueKeysWithValues: rows.map { (Identifier($0.0), Identifier($0.1)) })
  }

  /// The storyboard's JSON, nil for imported variants. Its shape is the Engine's.
  /// - Throws: `CampaignsError.notFound`.
  public func storyboard(of id: Identifier<Variant>, in scope: CampaignScope) async throws -> JSONB? {
    let rows = try await database.query(
      "SELECT storyboard FROM variant WHERE id = \(id.uuid) AND campaign_id = \(scope.sql)"
    ).decode(JSONB?.self)
    guard let row = rows.first else { throw CampaignsError.notFound(what: "variant", name: "\(id)") }
    return row
  }

  /// - Parameter storyboard: present exactly for designed variants.
  /// - Throws: `CampaignsError.alreadyExists` when the segment has a variant of that name.
  public func insert(_ variant: Variant, storyboard: JSONB?) async throws {
    let count = try await database.execute(
      """
      INSERT INTO variant (id, campaign_id, segment_id, name, origin, generation, parent_id, levels, rationale,
        storyboard, status, created_at, activated_at, retired_at)
      VALUES (\(variant.id.uuid), \(variant.campaign.uuid), \(variant.segment.uuid), \(variant.name),
        \(variant.origin.rawValue), \(Int32(variant.generation)), \(variant.parent?.uuid),
        \(try JSONB(encoding: variant.levels)), \(variant.rationale), \(storyboard),
        \(variant.status.rawValue), \(variant.createdAt), \(variant.activatedAt), \(variant.retiredAt))
      ON CONFLICT (segment_id, name) DO NOTHING
      """)
    guard count == 1 else { throw CampaignsError.alreadyExists(what: "variant", name: variant.name) }
  }

  /// Moves a variant on in its life: `activated_at` is set when it first becomes active, `retired_at` while it
  /// is retired.
  /// - Throws: `CampaignsError.notFound`.
  public func setStatus(
    _ status: Variant.Status, of id: Identifier<Variant>, in scope: CampaignScope, at moment: Date
  ) async throws {
    let count = try await database.execute(
      """
      UPDATE variant SET status = \(status.rawValue),
        activated_at = CASE WHEN \(status == .active) THEN coalesce(activated_at, \(moment)) ELSE activated_at END,
        retired_at = CASE WHEN \(status == .retired) THEN coalesce(retired_at, \(moment)) END
      WHERE id = \(id.uuid) AND campaign_id = \(scope.sql)
      """)
    guard count == 1 else { throw CampaignsError.notFound(what: "variant", name: "\(id)") }
  }

  private func read(_ sql: SQL) async throws -> [Variant] {
    try await database.query(sql)
      .decode(
        UUID.self, UUID.self, UUID.self, String.self, String.self, Int32.self, UUID?.self, JSONB.self,
        String.self, String.self, Date.self, Date?.self, Date?.self
      ).map { row in
        Variant(
          id: Identifier(row.0), campaign: Identifier(row.1), segment: Identifier(row.2), name: row.3,
          origin: try stored(row.4, in: "variant"), generation: Int(row.5),
          parent: row.6.map { Identifier($0) }, levels: try row.7.decode([String: String].self),
          rationale: row.8, status: try stored(row.9, in: "variant"), createdAt: row.10, activatedAt: row.11,
          retiredAt: row.12)
      }
  }
}
