public import FoundationEssentials
public import Postgres

/// Makes the database what a campaign's folder says: creates, updates or leaves, all of it or nothing.
public struct CampaignApplier: Sendable {
  public enum Change: String, Hashable, Sendable, Codable {
    case created, updated, unchanged, removed
  }

  /// What an application did.
  public struct Report: Hashable, Sendable {
    public var campaign: Campaign
    public var brandChange: Change
    public var campaignChange: Change
    /// In the files' order; removed ones last.
    public var segments: [SegmentChange]

    public struct SegmentChange: Hashable, Sendable {
      public var key: String
      public var change: Change
    }

    public var isUnchanged: Bool {
      brandChange == .unchanged && campaignChange == .unchanged
        && segments.allSatisfy { $0.change == .unchanged }
    }
  }

  private let database: Database
  private let vault: AssetVault

  public init(database: Database, vault: AssetVault) {
    self.database = database
    self.vault = vault
  }

  /// - Throws: `CampaignsError.refused` for a change that would make past results meaningless, `AssetError` when
  ///   a file changed or cannot be stored, `PostgresError`.
  public func apply(
    _ folder: CampaignFolder, workspace: Identifier<Workspace>, at moment: Date,
    using randomness: inout some RandomNumberGenerator
  ) async throws -> Report {
    // Files first: what they leave behind when the transaction fails is only content nobody refers to.
    for (sha256, path) in folder.assetPaths.sorted(by: { $0.key < $1.key }) {
      try vault.store(fileAt: path, sha256: sha256)
    }
    let brand = Brand(
      id: .new(at: moment, using: &randomness), workspace: workspace, key: folder.brandKey,
      name: folder.brandName, document: folder.brand)
    let campaign = Campaign(
      id: .new(at: moment, using: &randomness), workspace: workspace, brand: brand.id, key: folder.key,
      name: folder.name, status: .draft, goal: folder.goal, languages: folder.languages,
      placements: folder.placements, startsOn: folder.startsOn, endsOn: folder.endsOn,
      budget: folder.budget, document: folder.document)
    let segments = folder.segments.map {
      Segment(
        id: .new(at: moment, using: &randomness), campaign: campaign.id, key: $0.key, name: $0.name,
        language: $0.language, audience: $0.audience, rule: $0.rule)
    }
    return try await database.transaction { connection in
      try await Application(connection).apply(brand, campaign, segments)
    }
  }
}

/// One application inside its transaction. The values it is given are as they would be created; where a row of
/// the same key stands, that row's id and status hold.
private struct Application {
  let connection: any Queryable

  init(_ connection: any Queryable) { self.connection = connection }

  func apply(_ brand: Brand, _ campaign: Campaign, _ segments: [Segment]) async throws
    -> CampaignApplier.Report
  {
    try await WorkspaceStore(connection).lock(campaign.workspace)
    let (brand, brandChange) = try await apply(brand)
    let (campaign, campaignChange) = try await apply(campaign, brand: brand)
    let changes = try await apply(segments, in: campaign)
    return CampaignApplier.Report(
      campaign: campaign, brandChange: brandChange, campaignChange: campaignChange, segments: changes)
  }

  private func apply(_ wanted: Brand) async throws -> (Brand, CampaignApplier.Change) {
    let store = BrandStore(connection)
    guard var stored = try await store.find(key: wanted.key, workspace: wanted.workspace) else {
      try await store.insert(wanted)
      try await store.replaceAssets(of: wanted)
      return (wanted, .created)
    }
    guard stored.name != wanted.name || stored.document != wanted.document else {
      return (stored, .unchanged)
    }
    stored.name = wanted.name
    stored.document = wanted.document
    try await store.update(stored)
    try await store.replaceAssets(of: stored)
    return (stored, .updated)
  }

  private func apply(
    _ wanted: Campaign, brand: Brand
  ) async throws -> (Campaign, CampaignApplier.Change) {
    let store = CampaignStore(connection)
    var wanted = wanted
    wanted.brand = brand.id
    guard let stored = try await store.findIfPresent(key: wanted.key, workspace: wanted.workspace) else {
      try await store.insert(wanted)
      return (wanted, .created)
    }
    wanted = wanted.takingPlace(of: stored)
    guard stored != wanted else { return (stored, .unchanged) }
    if stored.goal != wanted.goal, try await !ExperimentStore(connection).list(in: stored.scope).isEmpty {
      throw CampaignsError.refused(
        "the goal of campaign \(stored.key) cannot change from \(stored.goal.rawValue) to "
          + "\(wanted.goal.rawValue): its experiments were started for it. Start a new campaign")
    }
    try await store.update(wanted)
    return (wanted, .updated)
  }

  private func apply(
    _ segments: [Segment], in campaign: Campaign
  ) async throws -> [CampaignApplier.Report.SegmentChange] {
    let store = SegmentStore(connection)
    let stored = try await store.list(in: campaign.scope)
    var changes: [CampaignApplier.Report.SegmentChange] = []
    for (position, wanted) in segments.enumerated() {
      let change: CampaignApplier.Change
      if let index = stored.firstIndex(where: { $0.key == wanted.key }) {
        let kept = wanted.takingPlace(of: stored[index])
        if stored[index].language != wanted.language {
          try await refuseIfMade(stored[index], in: campaign)
        }
        change = kept == stored[index] && index == position ? .unchanged : .updated
        if change == .updated { try await store.update(kept, position: position) }
      } else {
        try await store.insert(wanted.moved(to: campaign.id), position: position)
        change = .created
      }
      changes.append(.init(key: wanted.key, change: change))
    }
    for old in stored where !segments.contains(where: { $0.key == old.key }) {
      try await store.remove(old)
      changes.append(.init(key: old.key, change: .removed))
    }
    return changes
  }

  private func refuseIfMade(_ segment: Segment, in campaign: Campaign) async throws {
    let variants = try await VariantStore(connection).list(in: campaign.scope, segment: segment.id)
    guard variants.isEmpty else {
      throw CampaignsError.refused(
        "the language of segment \(segment.key) cannot change: it has \(variants.count) versions that speak "
          + "\(segment.language). Add a new segment for the other language")
    }
  }
}

extension Campaign {
  fileprivate func takingPlace(of stored: Campaign) -> Campaign {
    Campaign(
      id: stored.id, workspace: stored.workspace, brand: brand, key: stored.key, name: name,
      status: stored.status, goal: goal, languages: languages, placements: placements, startsOn: startsOn,
      endsOn: endsOn, budget: budget, document: document)
  }
}

extension Segment {
  fileprivate func takingPlace(of stored: Segment) -> Segment {
    Segment(
      id: stored.id, campaign: stored.campaign, key: key, name: name, language: language,
      audience: audience, rule: rule)
  }

  fileprivate func moved(to campaign: Identifier<Campaign>) -> Segment {
    Segment(
      id: id, campaign: campaign, key: key, name: name, language: language, audience: audience, rule: rule)
  }
}
