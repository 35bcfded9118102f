public import FoundationEssentials
public import Postgres

/// Table `workspace`.
public struct WorkspaceStore: Sendable {
  private let database: any Queryable

  /// - Parameter database: the pool, or the connection of a transaction to take part in.
  public init(_ database: any Queryable) { self.database = database }

  /// The workspace of that name, made when there is none. `id` is used only then.
  public func ensure(name: String, id: Identifier<Workspace>, at moment: Date) async throws -> Workspace {
    guard Self.isName(name) else {
      throw CampaignsError.refused(
        "a workspace's name is 1 to 63 lower-case letters, digits and hyphens and begins with a letter or "
          + "digit; \"\(name)\" is not")
    }
    try await database.execute(
      """
      INSERT INTO workspace (id, name, created_at) VALUES (\(id.uuid), \(name), \(moment))
      ON CONFLICT (name) DO NOTHING
      """)
    return try await find(name: name)
  }

  public func find(name: String) async throws -> Workspace {
    let rows = try await database.query("SELECT id, name FROM workspace WHERE name = \(name)")
      .decode(UUID.self, String.self)
    guard let row = rows.first else { throw CampaignsError.notFound(what: "workspace", name: name) }
    return Workspace(id: Identifier(row.0), name: row.1)
  }

  public func find(_ id: Identifier<Workspace>) async throws -> Workspace {
    let rows = try await database.query("SELECT name FROM workspace WHERE id = \(id.uuid)").decode(
      String.self)
    guard let name = rows.first else { throw CampaignsError.notFound(what: "workspace", name: "\(id)") }
    return Workspace(id: id, name: name)
  }

  public func list() async throws -> [Workspace] {
    try await database.query("SELECT id, name FROM workspace ORDER BY name").decode(UUID.self, String.self)
      .map { Workspace(id: Identifier($0.0), name: $0.1) }
  }

  /// Makes others who change the workspace's campaigns wait until this transaction ends.
  /// - Throws: `CampaignsError.notFound`.
  func lock(_ id: Identifier<Workspace>) async throws {
    let rows = try await database.query("SELECT id FROM workspace WHERE id = \(id.uuid) FOR NO KEY UPDATE")
    guard !rows.isEmpty else { throw CampaignsError.notFound(what: "workspace", name: "\(id)") }
  }

  static func isName(_ name: String) -> Bool {
    name.wholeMatch(of: #/[a-z0-9][a-z0-9-]{0,62}/#) != nil
  }
}
