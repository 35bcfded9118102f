import Analysis
import Campaigns
import Foundation
import Postgres
import TestKit
import Testing

@Suite("All that a report claims, under one correction")
struct CampaignAnalysisTests {
  @Test("a clear winner is claimed once, with what to expect of it; equal versions are not")
  func claims() async throws {
    var scenario = Scenario()
    scenario.rate = { arm, _ in [0.020, 0.035, 0.021][arm] }
    let decided = scenario
    try await withTestDatabase { database in
      let stored = try await StoredScenario(decided, in: database)
      let metrics = try MetricCatalogue(contentsOf: Repository.file("config/metrics.yaml")).metrics
      let report = try await Analyst(database).report(
        campaign: stored.campaign, metrics: metrics, at: decided.start + 14 * Scenario.day)
      #expect(report.correction.hypotheses == 3 && report.correction.shown == 2)
      #expect(report.claims.count == 2)
      let claim = try #require(report.claims.first { $0.isBetter })
      #expect(claim.variant == decided.variant(1).id && claim.metric == "click_through")
      let expected = try #require(claim.expectedLift)
      let lift = try #require(claim.lift)
      #expect(expected > 0 && expected <= lift.value)
      #expect(
        report.claims.allSatisfy { $0.difference.excludesZero && $0.isBetter == ($0.difference.low > 0) })
      // 2 of 3 at 5 % over the report, 1 of 3 at 4.75 % in the round: the report's is narrower here.
      let own = try #require(report.segments.first?.analysis.variants.first?.contrast)
      #expect(own.comparison == claim.against && own.difference.value == claim.difference.value)
      #expect(claim.difference.low > own.difference.low && claim.difference.high < own.difference.high)
      #expect(
        claim.sentence.hasPrefix("Young city dwellers: Version B is shown to do better than C: +67% clicks"))
      #expect(claim.sentence.contains("Expect about +"))
      #expect(report.segments.first?.analysis.winner?.variant.name == "B")
      #expect(report.pooled.count == 2, "B and C against the control")
      #expect(report.factors.missing != nil)
      #expect(
        report.notes.contains { $0.hasPrefix("By device: only where a segment was seen on more than one") })
      #expect(report.languages.isEmpty && report.notes.contains { $0.hasPrefix("By language: not told") })
      #expect(try JSONEncoder().encode(report).count > 1_000)
    }
  }

  @Test("placements are compared on their own, and count as further claims")
  func placements() async throws {
    var scenario = Scenario()
    scenario.rate = { arm, _ in [0.020, 0.035, 0.021][arm] }
    let decided = scenario
    try await withTestDatabase { database in
      let stored = try await StoredScenario(decided, in: database)
      try await database.execute(
        "INSERT INTO placement (name) VALUES ('tiktok.infeed'), ('instagram.stories')")
      for arm in 0..<3 {
        try await database.execute(
          """
          INSERT INTO rollup_hour (campaign_id, variant_id, placement, hour, impressions, clicks)
          VALUES (\(stored.campaign.id.uuid), \(decided.variant(arm).id.uuid), 2, \(decided.start + 7_200), 20000, 500)
          """)
      }
      let report = try await Analyst(database).report(
        campaign: stored.campaign, metrics: [], at: decided.start + 14 * Scenario.day)
      let findings = try #require(report.segments.first)
      #expect(findings.placements.map(\.part.value) == ["instagram.stories", "tiktok.infeed"])
      #expect(findings.placements.map(\.impressions) == [60_000, 42_000])
      #expect(findings.placements[0].result.versions.allSatisfy { $0.isBetter == nil })
      #expect(findings.placements[1].result.versions.first?.isBetter == true)
      #expect(report.correction.hypotheses == 9, "three pairs over all, three in each placement")
      let claim = try #require(report.claims.first { $0.placement == "tiktok.infeed" && $0.isBetter })
      #expect(
        claim.device == nil && claim.sentence.hasPrefix("Young city dwellers, in tiktok.infeed: Version B"))
    }
  }

  @Test("segments worked out side by side come in their order, each as it would be alone")
  func order() async throws {
    let rounds = (0..<12).map { number in
      var scenario = Scenario()
      scenario.rate = { arm, _ in 0.02 + 0.001 * Double((arm + number) % 5) }
      var inputs = scenario.inputs()
      inputs.segment.key = "segment_\(number)"
      return inputs
    }
    let campaign = Campaign(
      id: Scenario.id(1), workspace: Scenario.id(3), brand: nil, key: "many", name: "Many", status: .running,
      goal: .clickThrough, languages: ["en"], placements: [], startsOn: nil, endsOn: nil, budget: nil,
      document: CampaignDocument(
        brief: Brief(product: [:], promise: [:], proof: [:], legal: [:]), factors: [],
        policy: DecisionPolicy(
          confidence: 0.95, regenerate: true, allocationFloor: 0.05, plannedImpressionsPerSegment: 60_000,
          schedule: "0 6 * * 1"),
        durationMs: 10_000, versionsPerSegment: 3))
    let metrics = try MetricCatalogue(contentsOf: Repository.file("config/metrics.yaml")).metrics
    let report = try await CampaignAnalysis.analyse(
      campaign, segments: rounds.map { SegmentInputs($0) }, metrics: metrics,
      asOf: Scenario.monday + 14 * Scenario.day)
    let alone = try rounds.map { try SegmentFindings(of: $0, metrics: metrics, duration: 10) }
    #expect(report.segments == alone)
  }

  @Test("viewers' moments and crossings are read as they are stored")
  func viewers() async throws {
    let scenario = Scenario()
    try await withTestDatabase { database in
      let stored = try await StoredScenario(scenario, in: database)
      for arm in 0..<2 {
        try await database.execute(
          """
          INSERT INTO viewer_stat (campaign_id, variant_id, viewer_id, first_day, impressions, clicks)
          SELECT \(stored.campaign.id.uuid), \(scenario.variant(arm).id.uuid),
            ('00000000-0000-4000-8000-' || lpad(viewer::text, 12, '0'))::uuid, '2026-11-18', 10, viewer % 2
          FROM generate_series(1, 1000) AS viewer
          """)
      }
      try await database.execute(
        """
        INSERT INTO viewer_moment (campaign_id, variant_id, first_day, viewers, impressions, impressions_square, completes,
          completes_viewers, completes_square, impressions_completes, clicks, clicks_viewers, clicks_square,
          impressions_clicks, conversions, conversions_viewers, conversions_square, impressions_conversions,
          value_micros, value_micros_square, impressions_value_micros)
        SELECT campaign_id, variant_id, first_day, count(*), sum(impressions), sum(impressions ^ 2), 0, 0, 0, 0,
          sum(clicks), sum(clicks), sum(clicks ^ 2), sum(impressions * clicks), 0, 0, 0, 0, 0, 0, 0
        FROM viewer_stat GROUP BY 1, 2, 3
        """)
      let analysis = try #require(
        try await Analyst(database).analyse(
          campaign: stored.campaign, at: scenario.start + 14 * Scenario.day
        ).first)
      // The same thousand viewers saw both versions.
      #expect(analysis.checks.map(\.kind) == [.viewersInSeveralVersions])
      #expect(analysis.checks.first?.numbers["crossed"] == 1_000)
      #expect(!analysis.allowsClaims)
    }
  }
}
