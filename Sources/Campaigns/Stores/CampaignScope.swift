public import Postgres

/// One campaign as seen from one workspace: what every read below a campaign takes, so that no statement can
/// answer across tenants. A scope whose campaign belongs to another workspace finds nothing.
public struct CampaignScope: Hashable, Sendable {
  public let workspace: Identifier<Workspace>
  public let campaign: Identifier<Campaign>

  public init(workspace: Identifier<Workspace>, campaign: Identifier<Campaign>) {
    self.workspace = workspace
    self.campaign = campaign
  }

  /// The campaign's id if the workspace owns it, else NULL: `WHERE campaign_id = \(scope.sql)`.
  public var sql: SQL {
    "(SELECT id FROM campaign WHERE id = \(campaign.uuid) AND workspace_id = \(workspace.uuid))"
  }
}

extension Campaign {
  public var scope: CampaignScope { CampaignScope(workspace: workspace, campaign: id) }
}

/// A piece of a list that grows, newest first.
public struct Page<Element: Sendable>: Sendable {
  public let items: [Element]
  /// Whether older items follow; ask for them with the last item's id as `after`.
  public let hasMore: Bool

  /// - Parameter rows: up to `limit + 1` rows; the one too many says that there is more.
  init(rows: [Element], limit: Int) {
    items = Array(rows.prefix(limit))
    hasMore = rows.count > limit
  }

  /// What a page may hold; a wish outside is moved to the nearest.
  static func checked(limit: Int) -> Int { min(max(limit, 1), 500) }
}
