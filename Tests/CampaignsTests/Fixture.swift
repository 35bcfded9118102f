import Campaigns
import FoundationEssentials
import Postgres
import TestKit

/// A workspace with a running campaign, two segments and two active variants in the first.
struct Fixture {
  static let moment = Date(timeIntervalSince1970: 1_794_787_200)

  var workspace: Workspace
  var campaign: Campaign
  var segments: [Segment]
  var variants: [Variant]
  var scope: CampaignScope { campaign.scope }

  static func make(in database: Database, name: String = "acme", seed: UInt64 = 1) async throws -> Fixture {
    var randomness = SeededGenerator(seed: seed)
    let workspace = try await WorkspaceStore(database).ensure(
      name: name, id: .new(at: moment, using: &randomness), at: moment)
    let campaign = Campaign(
      id: .new(at: moment, using: &randomness), workspace: workspace.id, brand: nil, key: "launch",
      name: "Launch", status: .running, goal: .clickThrough, languages: ["en"],
      placements: ["tiktok.infeed"], startsOn: "2026-10-26", endsOn: nil,
      budget: Money(minorUnits: 1_200_000, currency: "EUR"), document: document)
    try await CampaignStore(database).insert(campaign)
    var segments: [Segment] = []
    for (position, key) in ["commuters", "hikers"].enumerated() {
      let segment = Segment(
        id: .new(at: moment, using: &randomness), campaign: campaign.id, key: key, name: key,
        language: "en", audience: 1000,
        rule: AudienceRule(all: [
          .init(attribute: "age", test: .between(18, 29)),
          .init(attribute: "country", test: .among(["GB", "IE"])),
        ]))
      try await SegmentStore(database).insert(segment, position: position)
      segments.append(segment)
    }
    var variants: [Variant] = []
    for position in 0..<2 {
      let variant = Variant(
        id: .new(at: moment, using: &randomness), campaign: campaign.id, segment: segments[0].id,
        name: Variant.name(at: position), origin: .designed, generation: 1, parent: nil,
        levels: ["hook": "h\(position)"], rationale: "for a test", status: .active, createdAt: moment,
        activatedAt: moment)
      try await VariantStore(database).insert(variant, storyboard: JSONB(text: #"{"scenes": []}"#))
      variants.append(variant)
    }
    return Fixture(workspace: workspace, campaign: campaign, segments: segments, variants: variants)
  }

  static let document = CampaignDocument(
    brief: Brief(
      product: ["en": "A bottle"], promise: ["en": "Fizz"], proof: ["en": "30 s"], legal: ["en": "-"]),
    factors: [
      Factor(key: "hook", levels: [Level(key: "h0", text: ["en": "a"]), Level(key: "h1", text: ["en": "b"])])
    ],
    policy: DecisionPolicy(
      confidence: 0.95, minimumLift: 0.05, regenerate: true, allocationFloor: 0.05,
      plannedImpressionsPerSegment: 60_000, schedule: "0 6 * * 1"),
    durationMs: 6000, versionsPerSegment: 2)

  func experiment(round: Int = 1, id seed: UInt64 = 50, shares: [Double] = [0.5, 0.5]) -> Experiment {
    var randomness = SeededGenerator(seed: seed)
    return Experiment(
      id: .new(at: Self.moment, using: &randomness), campaign: campaign.id, segment: segments[0].id,
      round: round, goal: .clickThrough, alpha: 0.05, plannedImpressions: 60_000, randomised: true,
      control: variants[0].id, startedAt: Self.moment,
      epochs: [epoch(1, at: Self.moment, shares: shares)])
  }

  /// Listed against the order of their ids, so that a test notices when the order is lost.
  func epoch(_ number: Int, at moment: Date, shares: [Double]) -> AllocationEpoch {
    let reversed = variants.sorted { "\($0.id)" > "\($1.id)" }
    return AllocationEpoch(
      number: number, startsAt: moment,
      shares: zip(reversed, shares).map { .init(variant: $0.id, share: $1) })
  }
}
