import Campaigns
import FoundationEssentials
public import Postgres
import Synchronization

/// The variants and placements events may name, looked up when first met and kept for a minute.
///
/// Only what exists is kept, so its size is bounded by the database's, whatever clients send.
public final class EventCatalogue: Sendable {
  private struct Kept {
    var view = CatalogueView()
    var since: Date
    /// What was known before; good enough while the database cannot be asked.
    var before = CatalogueView()

    var lastKnown: CatalogueView { view.variants.count == 0 ? before : view }
  }

  private let database: any Queryable
  private let keptFor: TimeInterval
  private let views = Mutex<[Identifier<Workspace>: Kept]>([:])

  public init(database: any Queryable, keptForSeconds: Int = 60) {
    self.database = database
    keptFor = Double(keptForSeconds)
  }

  func view(of workspace: Identifier<Workspace>, at moment: Date) -> CatalogueView {
    views.withLock { views in
      guard let kept = views[workspace], abs(moment.timeIntervalSince(kept.since)) < keptFor else {
        views[workspace] = Kept(since: moment, before: views[workspace]?.lastKnown ?? CatalogueView())
        return CatalogueView()
      }
      return kept.view
    }
  }

  /// Whatever its age, and never asking the database.
  func lastKnown(of workspace: Identifier<Workspace>) -> CatalogueView {
    views.withLock { $0[workspace]?.lastKnown ?? CatalogueView() }
  }

  /// Asks the database for what the view does not hold.
  func resolve(
    _ unknown: EventChecks.Unknown, of workspace: Identifier<Workspace>, at moment: Date
  ) async throws(PostgresError) -> CatalogueView {
    let variants = unknown.variants.isEmpty ? [] : try await self.variants(unknown.variants, workspace)
    let placements =
      unknown.placements.isEmpty ? [] : try await self.placements(unknown.placements, workspace)
    return views.withLock { views in
      var kept = views[workspace] ?? Kept(since: moment)
      for (id, campaign, currency) in variants {
        kept.view.variants.insert(.init(campaign: Identifier(campaign), currency: currency), for: id)
      }
      for (id, name) in placements {
        let placement = CatalogueView.Placement(id: id, name: Array(name.utf8))
        if !kept.view.placements.contains(placement) { kept.view.placements.append(placement) }
      }
      views[workspace] = kept
      return kept.view
    }
  }

  private func variants(
    _ ids: Set<UUID>, _ workspace: Identifier<Workspace>
  ) async throws(PostgresError) -> [(UUID, UUID, String?)] {
    try await database.query(
      """
      SELECT variant.id, variant.campaign_id, campaign.currency
      FROM variant JOIN campaign ON campaign.id = variant.campaign_id
      WHERE variant.id = ANY (\(Array(ids))) AND campaign.workspace_id = \(workspace.uuid)
      """
    ).decode(UUID.self, UUID.self, String?.self)
  }

  /// Numbers of placements that some campaign of the workspace has, given out now when they are new.
  private func placements(
    _ names: Set<String>, _ workspace: Identifier<Workspace>
  ) async throws(PostgresError) -> [(Int16, String)] {
    let wanted: SQL = """
      SELECT DISTINCT wanted.name FROM campaign CROSS JOIN LATERAL unnest(campaign.placements) AS wanted (name)
      WHERE campaign.workspace_id = \(workspace.uuid) AND wanted.name = ANY (\(Array(names)))
      """
    _ = try await database.execute(
      """
      INSERT INTO placement (name) \(wanted)
        AND NOT EXISTS (SELECT FROM placement WHERE placement.name = wanted.name)
      ON CONFLICT (name) DO NOTHING
      """)
    return try await database.query("SELECT id, name FROM placement WHERE name IN (\(wanted))")
      .decode(Int16.self, String.self)
  }
}
