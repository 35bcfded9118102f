import Campaigns
import FoundationEssentials
import Postgres

/// Finds the versions that a batch's rows are of, and makes what a platform's own ads lack: campaign, segments,
/// versions, experiments. Works inside the import's transaction.
struct InsightCatalogue {
  private let connection: Connection
  private let moment: Date
  private var randomness: any RandomNumberGenerator & Sendable
  private(set) var summary = InsightImporter.Summary()

  init(connection: Connection, moment: Date, randomness: any RandomNumberGenerator & Sendable) {
    self.connection = connection
    self.moment = moment
    self.randomness = randomness
  }

  /// - Returns: the campaign, and the version of each row.
  mutating func place(
    _ batch: InsightBatch, in key: String, _ workspace: Identifier<Workspace>
  ) async throws -> (campaign: Campaign, variants: [UUID]) {
    let known = batch.insights.compactMap { insight -> Identifier<Variant>? in
      if case .known(let id) = insight.subject { id } else { nil }
    }
    if !known.isEmpty {
      let campaign = try await CampaignStore(connection).find(key: key, workspace: workspace)
      let there = Set(try await VariantStore(connection).list(in: campaign.scope).map(\.id))
      let problems = zip(batch.insights, known).filter { !there.contains($1) }.prefix(20).map { insight, id in
        InsightImportError.Problem(
          line: insight.line, column: nil, message: "campaign \(key) has no version with the id \(id)")
      }
      guard problems.isEmpty else { throw InsightImportError.rows(problems) }
      return (campaign, known.map(\.uuid))
    }
    let places = batch.insights.compactMap(Place.init)
    let campaign = try await ensureCampaign(key, workspace, batch)
    let segments = try await ensureSegments(places, campaign)
    let variants = try await ensureVariants(places, segments, campaign)
    var impressions: [ImportedAudience: Int64] = [:]
    for (insight, place) in zip(batch.insights, places) {
      impressions[place.audience, default: 0] += insight.figures.impressions
    }
    for (audience, segment) in segments {
      let control = places.first { $0.audience == audience }.flatMap { variants[$0] }
      if let control {
        try await ensureExperiment(
          segment, control: control, impressions: impressions[audience] ?? 0, campaign)
      }
    }
    return (campaign, places.compactMap { variants[$0]?.uuid })
  }

  /// A variant before it has an id.
  private struct Place: Hashable {
    var audience: ImportedAudience
    var variant: String

    init?(_ insight: Insight) {
      guard case .named(let variant, let audience) = insight.subject else { return nil }
      self.audience = audience
      self.variant = variant
    }
  }

  private mutating func ensureCampaign(
    _ key: String, _ workspace: Identifier<Workspace>, _ batch: InsightBatch
  ) async throws -> Campaign {
    let store = CampaignStore(connection)
    if let known = try await store.findIfPresent(key: key, workspace: workspace) {
      guard known.brand == nil else {
        throw InsightImportError.campaign(
          "campaign \(key) was designed here; insights of a platform's own ads need a campaign of their own. "
            + "Figures of its own versions are named by id: --from csv with variant_by: id in the mapping")
      }
      return known
    }
    let total = batch.insights.reduce(0) { $0 + $1.figures.impressions }
    let campaign = Campaign(
      id: .new(at: moment, using: &randomness), workspace: workspace, brand: nil, key: key, name: key,
      status: .running, goal: .clickThrough, languages: ["und"], placements: [], startsOn: nil, endsOn: nil,
      budget: nil,
      document: CampaignDocument(
        brief: Brief(product: [:], promise: [:], proof: [:], legal: [:]), factors: [],
        policy: DecisionPolicy(
          confidence: 0.95, regenerate: false, allocationFloor: AllocationEpoch.floor,
          plannedImpressionsPerSegment: max(total, 1), schedule: "0 6 * * 1"), durationMs: 0,
        versionsPerSegment: 0))
    try await store.insert(campaign)
    summary.madeCampaign = true
    return campaign
  }

  private mutating func ensureSegments(
    _ places: [Place], _ campaign: Campaign
  ) async throws -> [ImportedAudience: Identifier<Segment>] {
    let store = SegmentStore(connection)
    let known = Dictionary(
      uniqueKeysWithValues: try await store.list(in: campaign.scope).map { ($0.key, $0.id) })
    var segments: [ImportedAudience: Identifier<Segment>] = [:]
    let audiences = Set(places.map(\.audience)).sorted { $0.order < $1.order }
    for audience in audiences {
      if let id = known[audience.key] {
        segments[audience] = id
        continue
      }
      let segment = Segment(
        id: .new(at: moment, using: &randomness), campaign: campaign.id, key: audience.key,
        name: audience.name,
        language: "und", audience: nil, rule: audience.rule)
      try await store.insert(segment, position: known.count + summary.madeSegments)
      segments[audience] = segment.id
      summary.madeSegments += 1
    }
    return segments
  }

  private mutating func ensureVariants(
    _ places: [Place], _ segments: [ImportedAudience: Identifier<Segment>], _ campaign: Campaign
  ) async throws -> [Place: Identifier<Variant>] {
    let store = VariantStore(connection)
    var known: [Identifier<Segment>: [String: Identifier<Variant>]] = [:]
    for variant in try await store.list(in: campaign.scope) {
      known[variant.segment, default: [:]][variant.name] = variant.id
    }
    var variants: [Place: Identifier<Variant>] = [:]
    for place in places {
      guard variants[place] == nil, let segment = segments[place.audience] else { continue }
      if let id = known[segment]?[place.variant] {
        variants[place] = id
        continue
      }
      let variant = Variant(
        id: .new(at: moment, using: &randomness), campaign: campaign.id, segment: segment,
        name: place.variant, origin: .imported, generation: 1, parent: nil, levels: [:], status: .active,
        createdAt: moment,
        activatedAt: moment)
      try await store.insert(variant, storyboard: nil)
      variants[place] = variant.id
      summary.madeVariants += 1
    }
    return variants
  }

  /// Without allocation: who was shown what was the platform's choice, and nobody told us the odds.
  private mutating func ensureExperiment(
    _ segment: Identifier<Segment>, control: Identifier<Variant>, impressions: Int64, _ campaign: Campaign
  ) async throws {
    let id = Identifier<Experiment>.new(at: moment, using: &randomness)
    _ = try await connection.execute(
      """
      INSERT INTO experiment (id, campaign_id, segment_id, round, goal, alpha, planned_impressions, randomised,
        control_variant_id, started_at)
      SELECT \(id.uuid), \(campaign.id.uuid), \(segment.uuid), 1, \(campaign.goal.rawValue),
        \(1 - campaign.document.policy.confidence), \(max(impressions, 1)), false, \(control.uuid), \(moment)
      WHERE NOT EXISTS (SELECT FROM experiment WHERE segment_id = \(segment.uuid))
      """)
  }
}
