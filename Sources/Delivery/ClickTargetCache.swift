public import Campaigns
public import FoundationEssentials

/// Click targets by id, kept for a minute, so that a click need not wait for the database. A target that was removed
/// leads nowhere after that time at the latest.
public actor ClickTargetCache {
  private static let capacity = 10_000

  private struct Key: Hashable {
    let id: Identifier<ClickTarget>
    let workspace: Identifier<Workspace>
  }

  private let store: ClickTargetStore
  private let keptFor: TimeInterval
  private var known: [Key: (target: ClickTarget, since: Date)] = [:]

  public init(store: ClickTargetStore, keptFor: TimeInterval = 60) {
    self.store = store
    self.keptFor = keptFor
  }

  /// - Throws: `CampaignsError.notFound`, or `PostgresError` when it is not known and cannot be asked for.
  public func target(
    _ id: Identifier<ClickTarget>, workspace: Identifier<Workspace>, at moment: Date
  ) async throws -> ClickTarget {
    let key = Key(id: id, workspace: workspace)
    if let kept = known[key], abs(moment.timeIntervalSince(kept.since)) < keptFor { return kept.target }
    do {
      let target = try await store.find(id, workspace: workspace)
      if known.count >= Self.capacity { known.removeAll() }
      known[key] = (target, moment)
      return target
    } catch let error as CampaignsError {
      known[key] = nil
      throw error
    } catch {
      // The database is away: better an old answer than a person who does not arrive.
      guard let kept = known[key] else { throw error }
      return kept.target
    }
  }
}
