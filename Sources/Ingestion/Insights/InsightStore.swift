import Campaigns
import FoundationEssentials
import Postgres

/// One import, inside its transaction.
struct InsightStore {
  private let connection: Connection
  private let moment: Date
  private var randomness: any RandomNumberGenerator & Sendable
  private var summary = InsightImporter.Summary()

  init(connection: Connection, moment: Date, randomness: any RandomNumberGenerator & Sendable) {
    self.connection = connection
    self.moment = moment
    self.randomness = randomness
  }

  mutating func write(
    _ export: MetaExport, source: InsightImporter.Source, campaign key: String,
    workspace: Identifier<Workspace>
  ) async throws -> InsightImporter.Summary {
    // Two imports of one campaign take turns.
    _ = try await connection.query(
      "SELECT pg_advisory_xact_lock(hashtextextended(\(workspace.uuid)::text || \(key)::text, 1))")
    let campaign = try await ensureCampaign(key, workspace, export)
    let segments = try await ensureSegments(export, campaign)
    let variants = try await ensureVariants(export, segments, campaign)
    for (audience, segment) in segments {
      let control = export.insights.first { $0.audience == audience }.flatMap { variants[Place($0)] }
      if let control { try await ensureExperiment(segment, control: control, export, audience, campaign) }
    }
    for chunk in stride(from: 0, to: export.insights.count, by: 5_000) {
      let rows = export.insights[chunk..<min(chunk + 5_000, export.insights.count)]
      try await upsert(Array(rows), variants, source, campaign)
    }
    summary.rows = export.insights.count
    summary.currency = export.currency
    for insight in export.insights {
      summary.impressions += insight.figures.impressions
      summary.clicks += insight.figures.clicks
      summary.conversions += insight.figures.conversions
      summary.spendMicros += insight.figures.spendMicros
    }
    return summary
  }

  /// A variant before it has an id.
  private struct Place: Hashable {
    var audience: ImportedAudience
    var variant: String

    init(_ insight: Insight) {
      audience = insight.audience
      variant = insight.variant
    }
  }

  private mutating func ensureCampaign(
    _ key: String, _ workspace: Identifier<Workspace>, _ export: MetaExport
  ) async throws -> Campaign {
    let store = CampaignStore(connection)
    if let known = try await store.findIfPresent(key: key, workspace: workspace) {
      guard known.brand == nil else {
        throw InsightImportError.campaign(
          "campaign \(key) was designed here; insights of a platform's own ads need a campaign of their own")
      }
      return known
    }
    let total = export.insights.reduce(0) { $0 + $1.figures.impressions }
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
    _ export: MetaExport, _ campaign: Campaign
  ) async throws -> [ImportedAudience: Identifier<Segment>] {
    let store = SegmentStore(connection)
    let known = Dictionary(
      uniqueKeysWithValues: try await store.list(in: campaign.scope).map { ($0.key, $0.id) })
    var segments: [ImportedAudience: Identifier<Segment>] = [:]
    let audiences = Set(export.insights.map(\.audience)).sorted { $0.order < $1.order }
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
    _ export: MetaExport, _ segments: [ImportedAudience: Identifier<Segment>], _ campaign: Campaign
  ) async throws -> [Place: Identifier<Variant>] {
    let store = VariantStore(connection)
    var known: [Identifier<Segment>: [String: Identifier<Variant>]] = [:]
    for variant in try await store.list(in: campaign.scope) {
      known[variant.segment, default: [:]][variant.name] = variant.id
    }
    var variants: [Place: Identifier<Variant>] = [:]
    for insight in export.insights {
      let place = Place(insight)
      guard variants[place] == nil, let segment = segments[insight.audience] else { continue }
      if let id = known[segment]?[insight.variant] {
        variants[place] = id
        continue
      }
      let variant = Variant(
        id: .new(at: moment, using: &randomness), campaign: campaign.id, segment: segment,
        name: insight.variant,
        origin: .imported, generation: 1, parent: nil, levels: [:], status: .active, createdAt: moment,
        activatedAt: moment)
      try await store.insert(variant, storyboard: nil)
      variants[place] = variant.id
      summary.madeVariants += 1
    }
    return variants
  }

  /// Without allocation: who was shown what was the platform's choice, and nobody told us the odds.
  private mutating func ensureExperiment(
    _ segment: Identifier<Segment>, control: Identifier<Variant>, _ export: MetaExport,
    _ audience: ImportedAudience, _ campaign: Campaign
  ) async throws {
    let impressions = export.insights.reduce(0) {
      $0 + ($1.audience == audience ? $1.figures.impressions : 0)
    }
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

  private mutating func upsert(
    _ insights: [Insight], _ variants: [Place: Identifier<Variant>], _ source: InsightImporter.Source,
    _ campaign: Campaign
  ) async throws {
    let ids = insights.compactMap { variants[Place($0)]?.uuid }
    let changed = try await connection.query(
      """
      INSERT INTO insight AS known (campaign_id, variant_id, source, period, breakdown, impressions, clicks,
        conversions, spend_micros, imported_at)
      SELECT \(campaign.id.uuid), variant_id, \(source.rawValue), period::daterange, breakdown, impressions,
        clicks, conversions, spend_micros, \(moment)
      FROM unnest(\(ids), \(insights.map(\.period)), \(insights.map(\.breakdown)),
        \(insights.map(\.figures.impressions)), \(insights.map(\.figures.clicks)),
        \(insights.map(\.figures.conversions)), \(insights.map(\.figures.spendMicros)))
        AS given (variant_id, period, breakdown, impressions, clicks, conversions, spend_micros)
      ON CONFLICT (campaign_id, variant_id, source, period, breakdown) DO UPDATE SET
        impressions = excluded.impressions, clicks = excluded.clicks, conversions = excluded.conversions,
        spend_micros = excluded.spend_micros, imported_at = excluded.imported_at
      WHERE (known.impressions, known.clicks, known.conversions, known.spend_micros)
        IS DISTINCT FROM (excluded.impressions, excluded.clicks, excluded.conversions, excluded.spend_micros)
      RETURNING xmax::text = '0'
      """
    ).decode(Bool.self)
    summary.added += changed.count { $0 }
    summary.corrected += changed.count { !$0 }
  }
}
