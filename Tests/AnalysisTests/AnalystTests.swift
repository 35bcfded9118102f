import Analysis
import Campaigns
import Foundation
import Postgres
import TestKit
import Testing

@Suite("The analyst reads rollups as they are stored")
struct AnalystTests {
  private var decided: Scenario {
    var scenario = Scenario()
    scenario.rate = { arm, _ in [0.020, 0.035, 0.021][arm] }
    scenario.epochs = [(0, [1 / 3.0, 1 / 3.0, 1 / 3.0]), (7, [0.2, 0.6, 0.2])]
    return scenario
  }

  @Test("stored sums give the same analysis as the sums themselves")
  func roundTrip() async throws {
    let scenario = decided
    try await withTestDatabase { database in
      let stored = try await StoredScenario(scenario, in: database)
      let end = scenario.start + 14 * Scenario.day
      let analysis = try #require(
        try await Analyst(database).analyse(campaign: stored.campaign, at: end).first)
      let expected = try scenario.analysis()
      #expect(analysis.variants.map(\.counts) == expected.variants.map(\.counts))
      #expect(analysis.variants.map(\.contrast) == expected.variants.map(\.contrast))
      #expect(analysis.verdicts.map(\.sentence) == expected.verdicts.map(\.sentence))
      #expect(analysis.winner?.variant.name == "B")
      #expect(analysis.variants.first?.share == 0.6)
    }
  }

  @Test("a moment in the past knows nothing of later hours, epochs or ends")
  func past() async throws {
    let scenario = decided
    try await withTestDatabase { database in
      let stored = try await StoredScenario(scenario, in: database)
      try await ExperimentStore(database).end(
        scenario.experiment.id, in: stored.campaign.scope, at: scenario.start + 14 * Scenario.day)
      let moment = scenario.start + 2 * Scenario.day + 15.5 * 3_600
      let analysis = try #require(
        try await Analyst(database).analyse(campaign: stored.campaign, at: moment).first)
      #expect(analysis.variants.map(\.counts.impressions) == [2_500, 2_500, 2_500], "15:00 was not over")
      #expect(analysis.experiment.epochs.count == 1)
      #expect(analysis.experiment.endedAt == nil)
      #expect(analysis.variants.allSatisfy { $0.share == 1 / 3.0 })
      #expect(try await Analyst(database).analyse(campaign: stored.campaign, at: scenario.start).isEmpty)
    }
  }

  @Test("hours of a version without a share, and hours before the round, are not compared")
  func strays() async throws {
    let scenario = decided
    try await withTestDatabase { database in
      let stored = try await StoredScenario(scenario, in: database)
      let before = try await Analyst(database).analyse(campaign: stored.campaign, at: .distantFuture)
      try await stored.add(
        variant: scenario.variant(0).id, hour: scenario.start - 3_600, impressions: 9_999, clicks: 9_000)
      let after = try await Analyst(database).analyse(campaign: stored.campaign, at: .distantFuture)
      #expect(before.first?.variants == after.first?.variants)
    }
  }

  @Test("recording twice stores once, and what is stored can be reached again from its evidence")
  func record() async throws {
    let scenario = decided
    try await withTestDatabase { database in
      let stored = try await StoredScenario(scenario, in: database)
      let analyst = Analyst(database)
      let moment = scenario.start + 14 * Scenario.day
      let verdicts = try await analyst.analyse(campaign: stored.campaign, at: moment).flatMap(\.verdicts)
      #expect(try await analyst.record(verdicts) == 3)
      #expect(try await analyst.record(verdicts) == 0)
      // Late events change the figures, not the claim that was made.
      try await stored.add(
        variant: scenario.variant(0).id, hour: scenario.start + 3_600, impressions: 500, clicks: 400)
      let again = try await analyst.analyse(campaign: stored.campaign, at: moment).flatMap(\.verdicts)
      #expect(try await analyst.record(again) == 0)
      let kept = try await VerdictStore(database).latest(in: stored.campaign.scope, at: moment)
      #expect(kept.count == 3)
      for verdict in kept { #expect(try verdict.recomputed().agrees(with: verdict)) }
    }
  }

  @Test("accepted events that are not folded yet are told")
  func pending() async throws {
    let scenario = decided
    try await withTestDatabase { database in
      let stored = try await StoredScenario(scenario, in: database)
      try await database.execute(
        """
        INSERT INTO ingest_batch (campaign_id, batch_id, received_at, stored, deltas)
        VALUES (\(stored.campaign.id.uuid), \(UUID()), \(scenario.start), 77, '[]')
        """)
      let analysis = try await Analyst(database).analyse(
        campaign: stored.campaign, at: scenario.start + 14 * Scenario.day)
      #expect(analysis.first?.checks.map(\.kind) == [.delayedEvents])
    }
  }

  @Test("an imported segment has costs, no winner and nothing to record")
  func imported() async throws {
    var scenario = Scenario()
    scenario.randomised = false
    let arms = scenario
    try await withTestDatabase { database in
      let stored = try await StoredScenario(arms, in: database)
      for arm in 0..<3 {
        try await database.execute(
          """
          INSERT INTO insight (campaign_id, variant_id, source, period, breakdown, impressions, clicks,
            conversions, spend_micros, imported_at)
          VALUES (\(stored.campaign.id.uuid), \(arms.variant(arm).id.uuid), 'meta', '(,)', 'ad', 100000,
            \(Int64(20 * (arm + 1))), 3, 12000000, \(arms.start))
          """)
      }
      let analyst = Analyst(database)
      let analysis = try #require(
        try await analyst.analyse(campaign: stored.campaign, at: arms.start + 60).first)
      #expect(analysis.verdicts.map(\.kind) == [.invalid])
      #expect(analysis.checks.map(\.kind) == [.notRandomised])
      #expect(analysis.variants.map(\.spendMicros) == [12_000_000, 12_000_000, 12_000_000])
      #expect(try await analyst.record(analysis.verdicts) == 0)
    }
  }
}
