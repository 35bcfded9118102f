public import FoundationEssentials
public import Postgres

/// Table `api_key`.
public struct KeyStore: Sendable {
  private let database: any Queryable

  /// - Parameter database: the pool, or the connection of a transaction to take part in.
  public init(_ database: any Queryable) { self.database = database }

  private static let columns: SQL = "id, workspace_id, name, hint, scopes, created_at, revoked_at"

  /// Makes a key and gives its secret, which cannot be had again.
  /// - Throws: `CampaignsError.refused` for no scope or no name.
  public func create(
    id: Identifier<APIKey>, name: String, scopes: Set<Scope>, workspace: Identifier<Workspace>,
    at moment: Date
  ) async throws -> (key: APIKey, secret: APIKeySecret) {
    guard !scopes.isEmpty else {
      let all = Scope.allCases.map(\.rawValue).joined(separator: ", ")
      throw CampaignsError.refused("a key needs at least one scope: \(all)")
    }
    guard !name.isEmpty else { throw CampaignsError.refused("a key needs a name, such as who will use it") }
    let secret = try APIKeySecret.generate(for: scopes)
    let key = APIKey(
      id: id, workspace: workspace, name: name, hint: secret.hint, scopes: scopes, createdAt: moment)
    try await database.execute(
      """
      INSERT INTO api_key (id, workspace_id, name, hint, secret_sha256, scopes, created_at)
      VALUES (\(id.uuid), \(workspace.uuid), \(name), \(key.hint), \(secret.sha256),
        \(scopes.map(\.rawValue).sorted()), \(moment))
      """)
    return (key, secret)
  }

  /// The key whose secret this is; nil when there is none or it was revoked.
  public func authenticate(_ secret: APIKeySecret) async throws -> APIKey? {
    try await read(
      """
      SELECT \(Self.columns) FROM api_key
      WHERE secret_sha256 = \(secret.sha256) AND revoked_at IS NULL
      """
    ).first
  }

  /// Closes a key for ever; a key that is closed already stays as it was.
  /// - Throws: `CampaignsError.notFound`.
  public func revoke(
    _ id: Identifier<APIKey>, workspace: Identifier<Workspace>, at moment: Date
  ) async throws -> APIKey {
    let keys = try await read(
      """
      UPDATE api_key SET revoked_at = coalesce(revoked_at, greatest(\(moment), created_at))
      WHERE id = \(id.uuid) AND workspace_id = \(workspace.uuid)
      RETURNING \(Self.columns)
      """)
    guard let key = keys.first else { throw CampaignsError.notFound(what: "key", name: "\(id)") }
    return key
  }

  public func list(workspace: Identifier<Workspace>) async throws -> [APIKey] {
    try await read(
      """
      SELECT \(Self.columns) FROM api_key WHERE workspace_id = \(workspace.uuid) ORDER BY created_at, id
      """)
  }

  private func read(_ sql: SQL) async throws -> [APIKey] {
    try await database.query(sql)
      .decode(
        UUID.self, UUID.self, String.self, String.self, [String].self, Date.self, Date?.self
      ).map { row in
        APIKey(
          id: Identifier(row.0), workspace: Identifier(row.1), name: row.2, hint: row.3,
          scopes: Set(try row.4.map { try stored($0, in: "api_key") }), createdAt: row.5, revokedAt: row.6)
      }
  }
}
