import Analysis
import Campaigns
import Foundation
import Postgres

/// A scenario in a database, as campaigns and ingestion would have left it.
struct StoredScenario {
  let database: Database
  let campaign: Campaign

  init(_ scenario: Scenario, in database: Database) async throws {
    self.database = database
    let workspace = try await WorkspaceStore(database)
      .ensure(name: "studio", id: Scenario.id(3), at: scenario.start)
    let empty: LocalisedText = [:]
    campaign = Campaign(
      id: Scenario.id(1), workspace: workspace.id, brand: nil, key: "launch", name: "Launch",
      status: .running,
      goal: scenario.goal, languages: ["en"], placements: ["tiktok.infeed"], startsOn: nil, endsOn: nil,
      budget: nil,
      document: CampaignDocument(
        brief: Brief(product: empty, promise: empty, proof: empty, legal: empty), factors: [],
        policy: DecisionPolicy(
          confidence: 0.95, regenerate: true, allocationFloor: 0.05, plannedImpressionsPerSegment: 60_000,
          schedule: "0 6 * * 1"), durationMs: 6_000, versionsPerSegment: 3))
    try await CampaignStore(database).insert(campaign)
    try await SegmentStore(database).insert(scenario.segment, position: 0)
    for position in scenario.names.indices {
      try await VariantStore(database).insert(
        scenario.variant(position), storyboard: scenario.randomised ? JSONB(text: "{}") : nil)
    }
    guard scenario.randomised else { return }
    var experiment = scenario.experiment
    let later = experiment.epochs.dropFirst()
    experiment.epochs = [experiment.epochs[0]]
    try await ExperimentStore(database).start(experiment)
    for epoch in later { try await ExperimentStore(database).open(epoch, in: experiment) }
    for cell in scenario.cells {
      // Two hours a day, so that days must be added up.
      for (hour, part) in [
        (3, cell.counts.impressions / 2), (15, cell.counts.impressions - cell.counts.impressions / 2),
      ] {
        let successes = cell.counts[scenario.goal.success]
        try await add(
          variant: cell.variant, hour: cell.day.start + Double(hour) * 3_600, impressions: part,
          clicks: hour == 3 ? successes / 2 : successes - successes / 2)
      }
    }
  }

  func add(
    variant: Identifier<Variant>, hour: Date, impressions: Int64, clicks: Int64
  ) async throws {
    try await database.execute(
      """
      INSERT INTO rollup_hour (campaign_id, variant_id, placement, hour, impressions, clicks)
      VALUES (\(campaign.id.uuid), \(variant.uuid), 1, \(hour), \(impressions), \(clicks))
      """)
  }

  func add(
    variant: Identifier<Variant>, hour: Date, device: Int, impressions: Int, clicks: Int
  ) async throws {
    try await database.execute(
      """
      INSERT INTO rollup_device_hour (campaign_id, variant_id, device, hour, impressions, clicks)
      VALUES (\(campaign.id.uuid), \(variant.uuid), \(Int16(device)), \(hour), \(Int64(impressions)), \(Int64(clicks)))
      """)
  }
}
