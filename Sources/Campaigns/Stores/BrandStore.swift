internal import Cryptography
internal import FoundationEssentials
public import Postgres

/// Tables `brand`, `asset` and `brand_asset`.
public struct BrandStore: Sendable {
  private let database: any Queryable

  /// - Parameter database: the pool, or the connection of a transaction to take part in.
  public init(_ database: any Queryable) { self.database = database }

  private static let columns: SQL = "id, workspace_id, key, name, document"

  /// - Throws: `CampaignsError.notFound`.
  public func find(_ id: Identifier<Brand>, workspace: Identifier<Workspace>) async throws -> Brand {
    let brands = try await read(
      "SELECT \(Self.columns) FROM brand WHERE id = \(id.uuid) AND workspace_id = \(workspace.uuid)")
    guard let brand = brands.first else { throw CampaignsError.notFound(what: "brand", name: "\(id)") }
    return brand
  }

  public func find(key: String, workspace: Identifier<Workspace>) async throws -> Brand? {
    try await read(
      "SELECT \(Self.columns) FROM brand WHERE key = \(key) AND workspace_id = \(workspace.uuid)"
    ).first
  }

  public func list(workspace: Identifier<Workspace>) async throws -> [Brand] {
    try await read("SELECT \(Self.columns) FROM brand WHERE workspace_id = \(workspace.uuid) ORDER BY key")
  }

  public func insert(_ brand: Brand) async throws {
    try await database.execute(
      """
      INSERT INTO brand (id, workspace_id, key, name, document)
      VALUES (\(brand.id.uuid), \(brand.workspace.uuid), \(brand.key), \(brand.name),
        \(try JSONB(encoding: brand.document)))
      """)
  }

  public func update(_ brand: Brand) async throws {
    try await database.execute(
      """
      UPDATE brand SET name = \(brand.name), document = \(try JSONB(encoding: brand.document)),
        updated_at = now()
      WHERE id = \(brand.id.uuid) AND workspace_id = \(brand.workspace.uuid)
      """)
  }

  /// Makes the rows of the brand's assets what its document says.
  ///
  /// Several statements: call it in a transaction.
  public func replaceAssets(of brand: Brand) async throws {
    for asset in brand.document.assets.values { try await upsert(asset, workspace: brand.workspace) }
    try await database.execute("DELETE FROM brand_asset WHERE brand_id = \(brand.id.uuid)")
    let assets = brand.document.assets.sorted { $0.key < $1.key }
    try await database.execute(
      """
      INSERT INTO brand_asset (workspace_id, brand_id, key, sha256)
      SELECT \(brand.workspace.uuid), \(brand.id.uuid), key, decode(sha256, 'hex')
      FROM unnest(\(assets.map(\.key))::text[], \(assets.map(\.value.sha256))::text[]) AS a (key, sha256)
      """)
  }

  /// Assets the workspace has or had, by SHA-256; hashes it never had are absent from the answer.
  public func assets(
    _ sha256: [String], workspace: Identifier<Workspace>
  ) async throws -> [String: BrandAsset] {
    let rows = try await database.query(
      """
      SELECT encode(sha256, 'hex'), kind, file_name, media_type, size_bytes, licence FROM asset
      WHERE workspace_id = \(workspace.uuid)
        AND sha256 IN (SELECT decode(hex, 'hex') FROM unnest(\(sha256)::text[]) AS wanted (hex))
      """
    ).decode(String.self, String.self, String.self, String.self, Int64.self, JSONB.self)
    let assets = try rows.map { row in
      BrandAsset(
        sha256: row.0, kind: try stored(row.1, in: "asset"), fileName: row.2, mediaType: row.3,
        sizeBytes: row.4, licence: try row.5.decode(Licence.self))
    }
    return Dictionary(uniqueKeysWithValues: assets.map { ($0.sha256, $0) })
  }

  private func upsert(_ asset: BrandAsset, workspace: Identifier<Workspace>) async throws {
    guard let digest = SHA256Digest(hex: asset.sha256) else {
      throw CampaignsError.refused("\"\(asset.sha256)\" is not a SHA-256 in hexadecimal")
    }
    try await database.execute(
      """
      INSERT INTO asset (workspace_id, sha256, kind, media_type, size_bytes, file_name, licence)
      VALUES (\(workspace.uuid), \(digest.bytes), \(asset.kind.rawValue), \(asset.mediaType),
        \(asset.sizeBytes), \(asset.fileName), \(try JSONB(encoding: asset.licence)))
      ON CONFLICT (workspace_id, sha256) DO UPDATE
      SET kind = EXCLUDED.kind, media_type = EXCLUDED.media_type, file_name = EXCLUDED.file_name,
        licence = EXCLUDED.licence
      """)
  }

  private func read(_ sql: SQL) async throws -> [Brand] {
    try await database.query(sql).decode(UUID.self, UUID.self, String.self, String.self, JSONB.self).map {
      row in
      Brand(
        id: Identifier(row.0), workspace: Identifier(row.1), key: row.2, name: row.3,
        document: try row.4.decode(BrandDocument.self))
    }
  }
}
