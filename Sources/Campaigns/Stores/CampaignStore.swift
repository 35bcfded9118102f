internal import FoundationEssentials
public import Postgres

/// Table `campaign`.
public struct CampaignStore: Sendable {
  private let database: any Queryable

  /// - Parameter database: the pool, or the connection of a transaction to take part in.
  public init(_ database: any Queryable) { self.database = database }

  private static let columns: SQL = """
    id, workspace_id, brand_id, key, name, status, goal, languages, placements, starts_on::text, ends_on::text,
    budget_minor, currency, document
    """

  /// A campaign by an id that came from outside.
  /// - Throws: `CampaignsError.notFound`.
  public func find(_ id: Identifier<Campaign>, workspace: Identifier<Workspace>) async throws -> Campaign {
    let campaigns = try await read(
      "SELECT \(Self.columns) FROM campaign WHERE id = \(id.uuid) AND workspace_id = \(workspace.uuid)")
    guard let campaign = campaigns.first else {
      throw CampaignsError.notFound(what: "campaign", name: "\(id)")
    }
    return campaign
  }

  /// - Throws: `CampaignsError.notFound`.
  public func find(key: String, workspace: Identifier<Workspace>) async throws -> Campaign {
    guard let campaign = try await findIfPresent(key: key, workspace: workspace) else {
      throw CampaignsError.notFound(what: "campaign", name: key)
    }
    return campaign
  }

  public func findIfPresent(key: String, workspace: Identifier<Workspace>) async throws -> Campaign? {
    try await read(
      "SELECT \(Self.columns) FROM campaign WHERE key = \(key) AND workspace_id = \(workspace.uuid)"
    ).first
  }

  /// A campaign by an id out of one of our own rows (a job, a schedule), never by one a client sent.
  /// - Throws: `CampaignsError.notFound`.
  public func load(_ id: Identifier<Campaign>) async throws -> Campaign {
    let campaigns = try await read("SELECT \(Self.columns) FROM campaign WHERE id = \(id.uuid)")
    guard let campaign = campaigns.first else {
      throw CampaignsError.notFound(what: "campaign", name: "\(id)")
    }
    return campaign
  }

  public func list(workspace: Identifier<Workspace>) async throws -> [Campaign] {
    try await read(
      "SELECT \(Self.columns) FROM campaign WHERE workspace_id = \(workspace.uuid) ORDER BY key")
  }

  /// Campaigns of every workspace that are on air: what the autopilot's schedules go through.
  public func running() async throws -> [Campaign] {
    try await read("SELECT \(Self.columns) FROM campaign WHERE status = 'running' ORDER BY id")
  }

  /// - Throws: `CampaignsError.alreadyExists` when the workspace has a campaign of that key.
  public func insert(_ campaign: Campaign) async throws {
    let count = try await database.execute(
      """
      INSERT INTO campaign (id, workspace_id, brand_id, key, name, status, goal, languages, placements,
        starts_on, ends_on, budget_minor, currency, document)
      VALUES (\(campaign.id.uuid), \(campaign.workspace.uuid), \(campaign.brand?.uuid), \(campaign.key),
        \(campaign.name), \(campaign.status.rawValue), \(campaign.goal.rawValue), \(campaign.languages),
        \(campaign.placements), \(campaign.startsOn)::text::date, \(campaign.endsOn)::text::date,
        \(campaign.budget?.minorUnits), \(campaign.budget?.currency), \(try JSONB(encoding: campaign.document)))
      ON CONFLICT (workspace_id, key) DO NOTHING
      """)
    guard count == 1 else {
      throw CampaignsError.alreadyExists(what: "campaign", name: campaign.key)
    }
  }

  /// Everything but id, workspace, key and status.
  public func update(_ campaign: Campaign) async throws {
    let count = try await database.execute(
      """
      UPDATE campaign SET brand_id = \(campaign.brand?.uuid), name = \(campaign.name),
        goal = \(campaign.goal.rawValue), languages = \(campaign.languages),
        placements = \(campaign.placements), starts_on = \(campaign.startsOn)::text::date,
        ends_on = \(campaign.endsOn)::text::date, budget_minor = \(campaign.budget?.minorUnits),
        currency = \(campaign.budget?.currency), document = \(try JSONB(encoding: campaign.document)),
        updated_at = now()
      WHERE id = \(campaign.id.uuid) AND workspace_id = \(campaign.workspace.uuid)
      """)
    guard count == 1 else { throw CampaignsError.notFound(what: "campaign", name: "\(campaign.id)") }
  }

  public func setStatus(_ status: Campaign.Status, of scope: CampaignScope) async throws {
    let count = try await database.execute(
      "UPDATE campaign SET status = \(status.rawValue), updated_at = now() WHERE id = \(scope.sql)")
    guard count == 1 else { throw CampaignsError.notFound(what: "campaign", name: "\(scope.campaign)") }
  }

  private func read(_ sql: SQL) async throws -> [Campaign] {
    try await database.query(sql)
      .decode(
        UUID.self, UUID.self, UUID?.self, String.self, String.self, String.self, String.self, [String].self,
        [String].self, String?.self, String?.self, Int64?.self, String?.self, JSONB.self
      ).map { row in
        var budget: Money?
        if let minorUnits = row.11, let currency = row.12 {
          budget = Money(minorUnits: minorUnits, currency: currency)
        }
        return Campaign(
          id: Identifier(row.0), workspace: Identifier(row.1), brand: row.2.map { Identifier($0) },
          key: row.3,
          name: row.4, status: try stored(row.5, in: "campaign"), goal: try stored(row.6, in: "campaign"),
          languages: row.7, placements: row.8, startsOn: row.9, endsOn: row.10, budget: budget,
          document: try row.13.decode(CampaignDocument.self))
      }
  }
}
