internal import Cryptography
internal import FoundationEssentials
public import Postgres

/// Table `rendition`.
public struct RenditionStore: Sendable {
  private let database: any Queryable

  /// - Parameter database: the pool, or the connection of a transaction to take part in.
  public init(_ database: any Queryable) { self.database = database }

  private static let columns: SQL = """
    campaign_id, variant_id, placement, file_name, encode(sha256, 'hex'), width, height, duration_ms, size_bytes,
    engine_version, rendered_at
    """

  public func list(in scope: CampaignScope, variant: Identifier<Variant>? = nil) async throws -> [Rendition] {
    try await read(
      """
      SELECT \(Self.columns) FROM rendition
      WHERE campaign_id = \(scope.sql) AND variant_id = coalesce(\(variant?.uuid), variant_id)
      ORDER BY variant_id, placement
      """)
  }

  /// - Throws: `CampaignsError.notFound`.
  public func find(
    variant: Identifier<Variant>, placement: String, in scope: CampaignScope
  ) async throws -> Rendition {
    let renditions = try await read(
      """
      SELECT \(Self.columns) FROM rendition
      WHERE campaign_id = \(scope.sql) AND variant_id = \(variant.uuid) AND placement = \(placement)
      """)
    guard let rendition = renditions.first else {
      throw CampaignsError.notFound(what: "rendition", name: "\(placement) of variant \(variant)")
    }
    return rendition
  }

  /// Records a file. One of the same bytes that is recorded already keeps its row as it is, `rendered_at`
  /// included; one of other bytes (a new engine, a changed asset) takes its place.
  public func save(_ rendition: Rendition) async throws {
    guard let digest = SHA256Digest(hex: rendition.sha256) else {
      throw CampaignsError.refused("\"\(rendition.sha256)\" is not a SHA-256 in hexadecimal")
    }
    try await database.execute(
      """
      INSERT INTO rendition (campaign_id, variant_id, placement, file_name, sha256, width, height, duration_ms,
        size_bytes, engine_version, rendered_at)
      VALUES (\(rendition.campaign.uuid), \(rendition.variant.uuid), \(rendition.placement),
        \(rendition.fileName), \(digest.bytes), \(Int32(rendition.width)), \(Int32(rendition.height)),
        \(Int32(rendition.durationMs)), \(rendition.sizeBytes), \(rendition.engineVersion),
        \(rendition.renderedAt))
      ON CONFLICT (campaign_id, variant_id, placement) DO UPDATE
      SET file_name = EXCLUDED.file_name, sha256 = EXCLUDED.sha256, width = EXCLUDED.width,
        height = EXCLUDED.height, duration_ms = EXCLUDED.duration_ms, size_bytes = EXCLUDED.size_bytes,
        engine_version = EXCLUDED.engine_version, rendered_at = EXCLUDED.rendered_at
      WHERE (rendition.sha256, rendition.file_name, rendition.engine_version)
        IS DISTINCT FROM (EXCLUDED.sha256, EXCLUDED.file_name, EXCLUDED.engine_version)
      """)
  }

  private func read(_ sql: SQL) async throws -> [Rendition] {
    try await database.query(sql)
      .decode(
        UUID.self, UUID.self, String.self, String.self, String.self, Int32.self, Int32.self, Int32.self,
        Int64.self, String.self, Date.self
      ).map { row in
        Rendition(
          campaign: Identifier(row.0), variant: Identifier(row.1), placement: row.2, fileName: row.3,
          sha256: row.4, width: Int(row.5), height: Int(row.6), durationMs: Int(row.7), sizeBytes: row.8,
          engineVersion: row.9, renderedAt: row.10)
      }
  }
}
