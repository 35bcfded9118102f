import Campaigns
import Foundation
import Postgres
import TestKit
import Testing

@testable import Analysis

@Suite("Results by device and by language")
struct PartTests {
  @Test("devices are compared on their own beside placements, and count as further claims")
  func devices() async throws {
    var scenario = Scenario()
    scenario.rate = { arm, _ in [0.020, 0.035, 0.021][arm] }
    let decided = scenario
    try await withTestDatabase { database in
      let stored = try await StoredScenario(decided, in: database)
      // B wins on phones only; televisions and what nobody told are alike.
      for (device, impressions, clicks) in [
        (1, 14_000, [280, 490, 290]), (4, 20_000, [500, 500, 500]), (0, 90, [2, 3, 1]),
      ] {
        for arm in 0..<3 {
          try await stored.add(
            variant: decided.variant(arm).id, hour: decided.start + 7_200, device: device,
            impressions: impressions, clicks: clicks[arm])
        }
      }
      // Before the round.
      try await stored.add(
        variant: decided.variant(0).id, hour: decided.start - 7_200, device: 1, impressions: 999, clicks: 1)
      let report = try await Analyst(database).report(
        campaign: stored.campaign, metrics: [], at: decided.start + 14 * Scenario.day)
      let findings = try #require(report.segments.first)
      #expect(findings.placements.isEmpty)
      #expect(findings.devices.map(\.part.value) == ["phone", "tv", "unknown"])
      #expect(findings.devices.map(\.impressions) == [42_000, 60_000, 270])
      #expect(findings.devices[0].result.versions.first?.isBetter == true)
      #expect(findings.devices[1].result.versions.allSatisfy { $0.isBetter == nil })
      #expect(findings.devices[2].result.missing != nil, "too little of it to compare")
      #expect(report.correction.hypotheses == 9, "three pairs over all, on phones and on televisions")
      let claim = try #require(report.claims.first { $0.device == "phone" && $0.isBetter })
      #expect(claim.placement == nil && claim.language == nil && claim.segment == "young")
      #expect(claim.sentence.hasPrefix("Young city dwellers, on phones: Version B is shown to do better"))
      let json = try #require(
        try JSONSerialization.jsonObject(with: JSONEncoder().encode(findings)) as? [String: Any])
      let devices = try #require(json["devices"] as? [[String: Any]])
      #expect(
        devices.first?["device"] as? String == "phone" && devices.first?["impressions"] as? Int == 42_000)
      let read = try JSONDecoder().decode([PartResult].self, from: JSONEncoder().encode(findings.devices))
      #expect(read.map(\.part) == findings.devices.map(\.part))
    }
  }

  @Test("a segment seen on one type of device, or on nothing but unknown ones beside it, is told as a whole")
  func oneDevice() async throws {
    let scenario = Scenario()
    try await withTestDatabase { database in
      let stored = try await StoredScenario(scenario, in: database)
      for device in [0, 1] {
        try await stored.add(
          variant: scenario.variant(0).id, hour: scenario.start, device: device, impressions: 9_000,
          clicks: 90)
      }
      let report = try await Analyst(database).report(
        campaign: stored.campaign, metrics: [], at: scenario.start + 14 * Scenario.day)
      #expect(report.segments.first?.devices.isEmpty == true)
      #expect(report.notes.contains { $0.hasPrefix("By device: only where") })
    }
  }

  @Test("a placement's result without its key is refused, not taken for something else")
  func unreadable() {
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(PartResult.self, from: Data("{\"impressions\":1}".utf8))
    }
  }

  // MARK: - Languages

  /// A segment whose versions carry levels of their own, by name.
  private func segment(
    _ place: Int, _ language: String, levels: [String], rates: [Double], perDay: Double = 3_000
  ) -> Scenario {
    var scenario = Scenario()
    scenario.place = place
    scenario.language = language
    scenario.names = levels.indices.map { Variant.name(at: $0) }
    scenario.levels = { ["hook": levels[$0]] }
    scenario.rate = { arm, _ in rates[arm] }
    scenario.perDay = perDay
    scenario.epochs = [(0, levels.map { _ in 1 / Double(levels.count) })]
    return scenario
  }

  private func languages(_ scenarios: [Scenario]) throws -> [LanguageResult] {
    try LanguageResult.all(
      of: scenarios.map { try SegmentFindings(of: $0.inputs(), metrics: []) }, goal: .clickThrough)
  }

  @Test(
    "versions of the same levels in several segments are one contrast, which shows what no segment shows alone"
  )
  func together() throws {
    // In the second segment the same two versions stand under other names.
    let english = [
      segment(0, "en", levels: ["burden", "promise"], rates: [0.020, 0.0235]),
      segment(1, "en", levels: ["promise", "burden"], rates: [0.0305, 0.026]),
      segment(2, "en", levels: ["burden", "promise", "proof"], rates: [0.010, 0.0118, 0.010]),
    ]
    let german = segment(3, "de", levels: ["burden", "promise"], rates: [0.02, 0.02])
    for scenario in english {
      let alone = try scenario.analysis()
      #expect(alone.winner == nil)
    }
    let told = try languages(english + [german])
    #expect(told.map(\.language) == ["de", "en"])
    let all = try #require(told.last)
    #expect(all.segments == ["young", "young-1", "young-2"] && all.leftOut.isEmpty)
    #expect(all.impressions == 3 * 42_000)
    #expect(all.pairs.count == 1, "proof is shown in one segment only")
    let best = try #require(all.result.versions.first)
    #expect(
      best.name == "promise" && best.isBetter == true, "letters mean another version in each segment")
    #expect(all.versions.map(\.name).sorted() == ["burden", "promise"])
    #expect(all.versions.allSatisfy { $0.segments == ["young", "young-1", "young-2"] })
    let lift = try #require(best.contrast?.lift)
    #expect(
      abs(lift.value - 0.176) < 0.01, "each segment's own lift, averaged; not the quotient of pooled rates")
    #expect(best.sentence?.contains("Version \"promise\" is shown to do better than \"burden\"") == true)
    #expect(told.first?.result.missing?.contains("only one of its segments") == true)
    #expect(told.first?.pairs.isEmpty == true)
  }

  @Test("a segment with more traffic and a higher rate does not make the version it shows most look better")
  func noSimpson() throws {
    // Both versions are equal everywhere; shares and rates differ between the segments.
    var rich = segment(0, "en", levels: ["burden", "promise"], rates: [0.08, 0.08], perDay: 6_000)
    rich.epochs = [(0, [0.8, 0.2])]
    var poor = segment(1, "en", levels: ["burden", "promise"], rates: [0.02, 0.02], perDay: 6_000)
    poor.epochs = [(0, [0.2, 0.8])]
    let told = try languages([rich, poor, segment(2, "de", levels: ["x"], rates: [0.02])])
    let english = try #require(told.last)
    #expect(english.result.versions.allSatisfy { $0.isBetter == nil })
    #expect(english.result.versions.allSatisfy { abs($0.contrast?.difference.value ?? 1) < 1e-4 })
  }

  @Test(
    "versions that do not recur are not compared, and the report says so; nor is a language of its own told")
  func notes() throws {
    let scenarios = [
      segment(0, "en", levels: ["a", "b"], rates: [0.02, 0.03]),
      segment(1, "en", levels: ["c", "d"], rates: [0.02, 0.03]),
    ]
    #expect(try languages(scenarios).isEmpty)
    let told = try languages(scenarios + [segment(2, "de", levels: ["a", "b"], rates: [0.02, 0.03])])
    #expect(told.allSatisfy { $0.pairs.isEmpty && $0.rate != nil })
    #expect(
      told.last?.result.missing
        == "versions not compared, for its segments have no two versions of the same levels")
  }

  @Test("a segment whose health check forbids claims is kept out of its language, by name")
  func blocked() throws {
    var broken = segment(1, "en", levels: ["burden", "promise"], rates: [0.02, 0.30])
    broken.delivered = { arm, _ in [1, 0.5][arm] }
    let told = try languages([
      segment(0, "en", levels: ["burden", "promise"], rates: [0.02, 0.02]), broken,
      segment(2, "en", levels: ["burden", "promise"], rates: [0.02, 0.02]),
      segment(3, "de", levels: ["burden"], rates: [0.02]),
    ])
    let english = try #require(told.last)
    #expect(english.segments == ["young", "young-2"] && english.leftOut == ["young-1"])
    #expect(english.impressions == 2 * 42_000 && english.result.versions.allSatisfy { $0.isBetter == nil })
  }

  @Test("a language's pairs are claims of the same correction, of no one segment")
  func claims() throws {
    let scenarios = [
      segment(0, "en", levels: ["burden", "promise"], rates: [0.020, 0.030]),
      segment(1, "en", levels: ["promise", "burden"], rates: [0.030, 0.020]),
      segment(2, "de", levels: ["burden", "promise"], rates: [0.020, 0.020]),
    ]
    let findings = try scenarios.map { try SegmentFindings(of: $0.inputs(), metrics: []) }
    let languages = LanguageResult.all(of: findings, goal: .clickThrough)
    let claims = Claims(findings, languages: languages, alpha: 0.05)
    #expect(claims.hypotheses == 4 && claims.shownCount >= 1)
    let claim = try #require(claims.shown.first { $0.language == "en" })
    #expect(claim.segment == nil && claim.placement == nil && claim.isBetter)
    #expect(
      claim.sentence.hasPrefix(
        "In segments that speak en: Version \"promise\" is shown to do better than \"burden\""))
    let json = String(decoding: try JSONEncoder().encode(claim), as: UTF8.self)
    #expect(json.contains("\"language\":\"en\"") && !json.contains("\"segment\""))
  }
}
