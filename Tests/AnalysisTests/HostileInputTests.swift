import Analysis
import Campaigns
import Foundation
import Statistics
import TestKit
import Testing

@Suite("Counts that cannot be, or hardly")
struct HostileInputTests {
  static let counts: [Int64] = [
    0, 0, 1, 2, 19, 20, 21, 333, 1_000, 50_000, 1_000_000, 1_000_000_000_000, -5,
  ]

  /// One to four versions, one to three epochs, up to thirty days in any order, with holes and repetitions.
  private static func inputs(_ randomness: inout SplitMix64, campaign: Int) -> ExperimentInputs {
    var scenario = Scenario()
    let versions = Int.random(in: 1...4, using: &randomness)
    scenario.names = Array(["A", "B", "C", "D"].prefix(versions))
    scenario.goal =
      [.clickThrough, .viewThrough, .conversion].randomElement(using: &randomness) ?? .clickThrough
    scenario.randomised = Int.random(in: 0..<8, using: &randomness) > 0
    scenario.epochs = (0..<Int.random(in: 1...3, using: &randomness)).map { epoch in
      let weights = (0..<versions).map { _ in Double.random(in: 0.1...1, using: &randomness) }
      return (epoch * 7, weights.map { $0 / weights.reduce(0, +) })
    }
    scenario.days = 0
    let end = scenario.start + Double.random(in: 0...40, using: &randomness) * Scenario.day
    var inputs = scenario.inputs(at: end)
    func count() -> Int64 { counts.randomElement(using: &randomness) ?? 0 }
    let isSane = Bool.random(using: &randomness)
    inputs.cells = (0..<Int.random(in: 0...90, using: &randomness)).map { _ in
      let day = Int.random(in: 0..<30, using: &randomness)
      var events = EventCounts()
      for kind in EventKind.allCases {
        events[kind] = isSane && kind != .impression ? min(count(), max(0, events.impressions)) : count()
      }
      events.valueMicros = count() * 1_000
      return RollupCell(
        experiment: scenario.experiment.id,
        epoch: scenario.epochs.lastIndex { $0.day <= day }.map { $0 + 1 } ?? 9,
        day: CivilDate(scenario.start).advanced(byDays: day),
        variant: Scenario.id(100 + Int.random(in: 0..<versions, using: &randomness)), counts: events)
    }
    func moments() -> BivariateMoments {
      let mean = Double(max(0, count()))
      return BivariateMoments(
        count: max(0, count()), meanX: mean,
        meanY: [0, 0.01, 1, mean, 1e9].randomElement(using: &randomness) ?? 0,
        squaredDeviationsX: [0, mean, 1e15].randomElement(using: &randomness) ?? 0,
        squaredDeviationsY: [0, mean, 1e15].randomElement(using: &randomness) ?? 0,
        codeviations: [0, mean, -1e3].randomElement(using: &randomness) ?? 0)
    }
    inputs.cohorts = inputs.variants.prefix(Int.random(in: 0...4, using: &randomness)).map {
      ViewerCohort(
        variant: $0.id, day: CivilDate(scenario.start), completes: moments(), clicks: moments(),
        conversions: moments(), value: moments())
    }
    inputs.platform = (0..<Int.random(in: 0...3, using: &randomness)).map { place in
      PlatformCell(
        variant: Scenario.id(100 + place % versions), from: place == 0 ? nil : CivilDate(scenario.start),
        until: place == 0 ? nil : CivilDate(scenario.start).advanced(byDays: 7), impressions: count(),
        clicks: count(), conversions: count(), spendMicros: count())
    }
    let first = Int(scenario.start.timeIntervalSince1970 / 3_600)
    inputs.hours = (0..<Int.random(in: 0...1_200, using: &randomness)).map { hour in
      SegmentHour(
        hour: first + (hour % 97 == 96 ? hour - 50 : hour), impressions: hour % 31 == 30 ? count() : 200,
        successes: hour % 37 == 36 ? count() : 10)
    }
    inputs.crossing = ViewerCrossing(viewers: max(0, count()), crossed: max(0, count()))
    inputs.pendingEvents = max(0, count())
    inputs.foldedEvents = Bool.random(using: &randomness) ? max(0, count()) : nil
    return inputs
  }

  @Test(
    "lead to a report without NaN and without a crash, and never to a claim where a check forbids it",
    arguments: 0..<4)
  func reports(part: Int) throws {
    let metrics = try MetricCatalogue(contentsOf: Repository.file("config/metrics.yaml")).metrics
    var randomness = SplitMix64(state: UInt64(7_100 + part))
    for _ in 0..<25 {
      let inputs = Self.inputs(&randomness, campaign: 1)
      let findings = try SegmentFindings(of: inputs, metrics: metrics, duration: 10)
      let analysis = findings.analysis
      // The encoder refuses what is not finite.
      _ = try JSONEncoder().encode(findings)
      _ = try JSONEncoder().encode(FactorReport(of: [inputs], alpha: 0.05))
      _ = try JSONEncoder().encode(SegmentPlan(analysis, lift: 0.1))
      if !analysis.allowsClaims {
        #expect(analysis.verdicts.map(\.kind) == [.invalid])
        #expect(findings.metrics.allSatisfy { $0.versions.allSatisfy { $0.contrast == nil } })
      }
      for verdict in analysis.verdicts {
        #expect(try verdict.recomputed().agrees(with: verdict), "\(verdict.sentence)")
        for figure in [verdict.estimate, verdict.low, verdict.high] { #expect(figure?.isFinite ?? true) }
        #expect(!verdict.sentence.contains("nan") && !verdict.sentence.contains("inf"))
      }
      for sentence in findings.sentences + analysis.remarks.map(\.sentence) {
        #expect(!sentence.lowercased().contains("nan%") && !sentence.contains("inf%"), "\(sentence)")
      }
    }
  }
}
