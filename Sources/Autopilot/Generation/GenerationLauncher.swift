public import Campaigns
import Creative
public import FoundationEssentials
import Jobs
public import Postgres

/// Gets generations on air: orders the first one of a campaign, and lets a generation enter its segment as soon as
/// all its files exist.
public struct GenerationLauncher: Sendable {
  private let database: Database
  private let identifiers: IdentifierSource

  public init(database: Database, identifiers: IdentifierSource = .live) {
    self.database = database
    self.identifiers = identifiers
  }

  /// Designs the first versions of every segment that has none, and orders their files. Doing it again orders
  /// nothing twice, and again what was ordered and got lost.
  /// - Returns: the variants that were new.
  /// - Throws: `AutopilotError.noDesign`, `CreativeError`, `CampaignsError`, `PostgresError`.
  @discardableResult
  public func order(_ campaign: Campaign, time: LogicalTime) async throws -> [Variant] {
    try await database.transaction { connection in
      let room = DesignRoom(campaign)
      let order = GenerationOrder(
        campaign: campaign, time: time, identifiers: identifiers, connection: connection)
      var ordered: [Variant] = []
      var others: [[[String: String]]] = []
      for (position, segment) in try await SegmentStore(connection).list(in: campaign.scope).enumerated() {
        try await AutopilotStore(connection).lock(segment.id)
        let existing = try await VariantStore(connection).list(in: campaign.scope, segment: segment.id)
        guard existing.isEmpty else {
          others.append(existing.filter { $0.generation == 1 }.map(\.levels))
          continue
        }
        let designs = room.designer.firstGeneration(
          position: position, versions: campaign.document.versionsPerSegment, others: others)
        others.append(designs.map(\.levels))
        ordered += try await order.place(designs, segment: segment, generation: 1, existing: [])
      }
      try await resume(campaign, time: time, on: connection)
      return ordered
    }
  }

  /// Orders again what should have been made and was lost: files whose job is gone or that a new placement asks for.
  func resume(_ campaign: Campaign, time: LogicalTime, on connection: some Queryable) async throws {
    let order = GenerationOrder(
      campaign: campaign, time: time, identifiers: identifiers, connection: connection)
    for (variant, placement) in try await AutopilotStore(connection).missingRenditions(of: campaign) {
      try await order.enqueue(variant, placement)
    }
  }

  /// Lets the generation that waits in a segment enter, if all its versions are rendered (or given up). Takes part in
  /// the caller's transaction.
  ///
  /// The versions to be replaced retire, the running experiment ends, and a new one starts at the next whole hour
  /// with equal shares: survivors first, then the new versions.
  /// - Returns: nil when nothing waits or something is missing yet.
  @discardableResult
  public func tryStart(
    _ segment: Segment, of campaign: Campaign, time: LogicalTime, now: Date, on connection: Connection
  ) async throws -> Experiment? {
    guard campaign.status == .draft || campaign.status == .running else { return nil }
    let store = AutopilotStore(connection)
    try await store.lock(segment.id)
    let variants = try await VariantStore(connection).list(in: campaign.scope, segment: segment.id)
    guard !variants.contains(where: { $0.status == .rendering }) else { return nil }
    let new = variants.filter { $0.status == .ready }
    guard let generation = new.map(\.generation).max() else { return nil }

    let experiments = try await ExperimentStore(connection).list(in: campaign.scope, segment: segment.id)
    let running = experiments.first { $0.endedAt == nil }
    let order = generation == 1 ? nil : try await store.latestRegeneration(segment.id, in: campaign.scope)
    let active = Set(variants.filter { $0.status == .active }.map(\.id))
    let names = Dictionary(uniqueKeysWithValues: variants.map { ($0.id, $0.name) })
    let shares = running?.epochs.last?.shares ?? []
    let state = LaunchState(
      generation: generation, new: new.map { .init(variant: $0.id, name: $0.name) },
      running: shares.map(\.variant).filter(active.contains).map {
        .init(variant: $0, name: names[$0] ?? "")
      },
      plan: try order?.decodedEvidence().plan, order: order?.reason, placements: campaign.placements.count)
    let plan = LaunchPlan(state)
    guard let control = plan.control,
      plan.arms.count >= min(2, campaign.document.versionsPerSegment)
    else { return nil }

    let launch = Launch(
      campaign: campaign, segment: segment, state: state, plan: plan, control: control, running: running,
      round: (experiments.map(\.round).max() ?? 0) + 1, time: time, now: now, identifiers: identifiers)
    return try await launch.carryOut(on: connection)
  }
}
