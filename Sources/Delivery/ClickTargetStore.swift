public import Campaigns
public import FoundationEssentials
public import Postgres

/// Table `click_target`.
public struct ClickTargetStore: Sendable {
  private let database: any Queryable

  /// - Parameter database: the pool, or the connection of a transaction to take part in.
  public init(_ database: any Queryable) { self.database = database }

  /// The campaign's target of that address, made when there is none.
  /// - Throws: `CampaignsError.refused` for an address that cannot be a target.
  public func register(
    _ url: String, for campaign: Campaign, id: Identifier<ClickTarget>, at moment: Date
  ) async throws -> (target: ClickTarget, isNew: Bool) {
    if let problem = ClickTarget.problem(of: url) {
      throw CampaignsError.refused("the target \"\(url.prefix(100))\" \(problem)")
    }
    let count = try await database.execute(
      """
      INSERT INTO click_target (id, workspace_id, campaign_id, url, created_at)
      VALUES (\(id.uuid), \(campaign.workspace.uuid), \(campaign.id.uuid), \(url), \(moment))
      ON CONFLICT (campaign_id, url) DO NOTHING
      """)
    let targets = try await read("campaign_id = \(campaign.id.uuid) AND url = \(url)")
    guard let target = targets.first else { throw CampaignsError.notFound(what: "target", name: url) }
    return (target, count == 1)
  }

  /// In the order they were registered.
  public func list(of campaign: Identifier<Campaign>) async throws -> [ClickTarget] {
    try await read("campaign_id = \(campaign.uuid)")
  }

  /// - Throws: `CampaignsError.notFound`.
  public func find(
    _ id: Identifier<ClickTarget>, workspace: Identifier<Workspace>
  ) async throws -> ClickTarget {
    let targets = try await read("id = \(id.uuid) AND workspace_id = \(workspace.uuid)")
    guard let target = targets.first else { throw CampaignsError.notFound(what: "target", name: "\(id)") }
    return target
  }

  /// Links to it lead nowhere from then on.
  /// - Throws: `CampaignsError.notFound`.
  public func remove(_ id: Identifier<ClickTarget>, of campaign: Identifier<Campaign>) async throws {
    let count = try await database.execute(
      "DELETE FROM click_target WHERE id = \(id.uuid) AND campaign_id = \(campaign.uuid)")
    guard count == 1 else { throw CampaignsError.notFound(what: "target", name: "\(id)") }
  }

  private func read(_ condition: SQL) async throws -> [ClickTarget] {
    try await database.query(
      "SELECT id, campaign_id, url FROM click_target WHERE \(condition) ORDER BY created_at, id"
    ).decode(UUID.self, UUID.self, String.self).map {
      ClickTarget(id: Identifier($0.0), campaign: Identifier($0.1), url: $0.2)
    }
  }
}
