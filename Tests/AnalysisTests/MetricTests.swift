import Analysis
import Campaigns
import Documents
import Foundation
import Statistics
import TestKit
import Testing

@Suite("Metrics declared in a file")
struct MetricTests {
  private func catalogue(_ text: String) throws -> MetricCatalogue {
    let file = FileManager.default.temporaryDirectory.appending(path: "metrics-\(UUID().uuidString).yaml")
    defer { try? FileManager.default.removeItem(at: file) }
    try text.write(to: file, atomically: true, encoding: .utf8)
    return try MetricCatalogue(contentsOf: file)
  }

  private func shipped() throws -> [Metric] {
    try MetricCatalogue(contentsOf: Repository.file("config/metrics.yaml")).metrics
  }

  @Test("the shipped file holds every metric that is promised")
  func all() throws {
    let metrics = try shipped()
    let keys = Set(metrics.map(\.key))
    #expect(
      keys.isSuperset(of: [
        "click_through", "conversion", "view_through_25", "view_through_50", "view_through_75",
        "view_through",
        "watch_time", "revenue_per_viewer", "cost_per_click", "return_on_spend",
      ]))
    for goal in Goal.allCases {
      #expect(metrics.contains { $0.key == goal.rawValue && $0.roles.contains(.goal) })
    }
  }

  @Test(
    "what makes no sense is refused with its line and what is allowed",
    arguments: [
      ("of: clicks, per: impression, better: higher, unit: share", "did you mean \"click\""),
      ("of: viewer, per: impression, better: higher, unit: share", "use per: viewer"),
      ("of: watch_time, per: viewer, better: higher, unit: seconds", "per impression or per start"),
      ("of: click, per: impression, better: higher, unit: money", "unit: share"),
      ("of: click, per: click, better: higher, unit: share", "both click"),
      ("of: value, per: click, better: higher, unit: money", "value is per viewer"),
      ("of: click, per: impression, better: more, unit: share", "allowed: higher, lower"),
    ])
  func refused(fields: String, message: String) throws {
    let text = "schema: retake.metrics/1\nmetrics:\n  - {key: m, name: M, \(fields), words: m}\n"
    let error = #expect(throws: DocumentError.self) { try catalogue(text) }
    #expect(error?.description.contains(message) == true, "\(String(describing: error))")
    #expect(error?.problems.first?.line == 3)
    #expect(error?.problems.count == 1)
  }

  @Test("two metrics of one key are refused")
  func twice() throws {
    let one = "  - {key: m, name: M, of: click, per: impression, better: higher, unit: share, words: m}\n"
    #expect(throws: DocumentError.self) {
      try catalogue("schema: retake.metrics/1\nmetrics:\n" + one + one)
    }
  }

  /// Ten viewers in a thousand buy; B's for twice as much.
  private func shopping(epochs: [(day: Int, shares: [Double])] = [(0, [0.5, 0.5])]) -> ExperimentInputs {
    var scenario = Scenario()
    scenario.names = ["A", "B"]
    scenario.epochs = epochs
    var inputs = scenario.inputs()
    for index in inputs.cells.indices {
      let shown = inputs.cells[index].counts.impressions
      inputs.cells[index].counts.starts = shown * 9 / 10
      inputs.cells[index].counts.firstQuartiles = shown * 8 / 10
      inputs.cells[index].counts.midpoints = shown * 6 / 10
      inputs.cells[index].counts.thirdQuartiles = shown * 5 / 10
      inputs.cells[index].counts.completes = shown * 4 / 10
    }
    var generator = SeededGenerator(seed: 3)
    inputs.cohorts = (0..<14).flatMap { day in
      (0..<2).map { arm in
        var value = BivariateMoments.zero
        var conversions = BivariateMoments.zero
        for _ in 0..<1000 {
          let impressions = Double(Int.random(in: 1...5, using: &generator))
          let buys = Double.random(in: 0..<1, using: &generator) < 0.05
          let spent = buys ? Double.random(in: 10..<30, using: &generator) * (arm == 1 ? 2 : 1) : 0
          value.add(x: impressions, y: spent)
          conversions.add(x: impressions, y: buys ? 1 : 0)
        }
        let none = BivariateMoments(count: 1000, meanX: 3)
        return ViewerCohort(
          variant: scenario.variant(arm).id, day: CivilDate(scenario.start).advanced(byDays: day),
          completes: none, clicks: none, conversions: conversions, value: value)
      }
    }
    return inputs
  }

  private func findings(_ inputs: ExperimentInputs, duration: Double? = 10) throws -> [String: MetricResult] {
    let findings = try SegmentFindings(of: inputs, metrics: try shipped(), duration: duration)
    return Dictionary(findings.metrics.map { ($0.key, $0) }) { first, _ in first }
  }

  @Test("revenue per viewer is compared by viewers, and says who is better")
  func revenue() throws {
    let metric = try #require(try findings(shopping())["revenue_per_viewer"])
    #expect(metric.missing == nil)
    let b = try #require(metric.versions.first { $0.name == "B" })
    let value = try #require(b.value)
    #expect(value.low < 2 && value.high > 2 && value.high - value.low < 0.8)
    #expect(b.isBetter == true)
    let lift = try #require(b.contrast?.lift)
    #expect(lift.low > 0.3 && lift.low < 1 && lift.high > 1)
    #expect(
      b.sentence?.hasPrefix("Version B is shown to do better than A: +") == true
        && b.sentence?.contains("revenue per viewer (") == true)
    let ratio = try #require(try findings(shopping())["revenue_per_impression"])
    #expect(abs(try #require(ratio.versions.first { $0.name == "B" }?.value).value - 2 / 3.0) < 0.1)
  }

  @Test("watch time is told from the quarters that were reached")
  func watchTime() throws {
    let metric = try #require(try findings(shopping())["watch_time"])
    // 0.1 x 1/8 + 0.2 x 3/8 + 0.1 x 5/8 + 0.1 x 7/8 + 0.4 x 1 of ten seconds.
    let value = try #require(metric.versions.first?.value)
    #expect(abs(value.value - 6.375) < 0.02)
    #expect(value.low < value.value && value.value < value.high && value.high - value.low < 0.3)
    #expect(try findings(shopping(), duration: nil)["watch_time"]?.missing?.contains("length") == true)
  }

  @Test("a metric the data cannot feed says so and why")
  func missing() throws {
    let plain = try findings(Scenario().inputs())
    #expect(plain["revenue_per_viewer"]?.missing == "not told, for nothing was kept by viewer")
    #expect(plain["skips"]?.missing == "not told, for no skips were reported")
    #expect(plain["cost_per_click"]?.missing == "not told, for no platform has said what was spent")
    let moved = try findings(shopping(epochs: [(0, [0.5, 0.5]), (7, [0.7, 0.3])]))
    #expect(moved["revenue_per_viewer"]?.missing?.contains("shares of traffic changed") == true)
    #expect(moved["revenue_per_impression"]?.versions.count == 2)
    var alone = Scenario()
    (alone.names, alone.epochs) = (["A"], [(0, [1])])
    let single = try #require(try findings(alone.inputs())["click_through"]?.versions.first)
    #expect(single.value != nil && single.contrast == nil && single.isBetter == nil)
  }

  @Test("what a platform charged gives costs with an interval, and no winner")
  func costs() throws {
    let metric = try #require(try findings(charged(105_000_000, 105_000_000))["cost_per_click"])
    let cost = try #require(metric.versions.first?.value)
    // 21,000 impressions at 2.5 %, about 525 clicks.
    #expect(abs(cost.value - 0.2) < 0.01 && cost.low < 0.19 && cost.high > 0.21)
    #expect(metric.versions.allSatisfy { $0.contrast == nil && $0.isBetter == nil })
  }

  @Test("spend below nothing gives no cost and is named")
  func negativeSpend() throws {
    let metric = try #require(try findings(charged(105_000_000, -1))["cost_per_click"])
    #expect(metric.missing?.contains("less than nothing was spent on version B") == true)
    #expect(metric.versions.isEmpty)
  }

  private func charged(_ micros: Int64...) -> ExperimentInputs {
    var inputs = shopping()
    inputs.platform = micros.enumerated().map { arm, micros in
      PlatformCell(
        variant: Scenario.id(100 + arm), from: CivilDate(inputs.experiment.startedAt),
        until: CivilDate(inputs.experiment.startedAt).advanced(byDays: 14), impressions: 0, clicks: 0,
        conversions: 0, spendMicros: micros)
    }
    return inputs
  }

  @Test("the goal as a metric says what the verdict says")
  func goal() throws {
    var scenario = Scenario()
    scenario.rate = { arm, _ in [0.020, 0.035, 0.021][arm] }
    scenario.epochs = [(0, [1 / 3.0, 1 / 3.0, 1 / 3.0]), (7, [0.2, 0.6, 0.2])]
    let findings = try SegmentFindings(of: scenario.inputs(), metrics: try shipped())
    let metric = try #require(findings.metrics.first { $0.key == "click_through" })
    for version in metric.versions {
      let told = try #require(findings.analysis[version.variant]?.contrast)
      let here = try #require(version.contrast)
      #expect(here.comparison == told.comparison)
      #expect(abs(here.difference.low - told.difference.low) < 1e-12)
      #expect(abs(here.difference.high - told.difference.high) < 1e-12)
    }
    #expect(metric.versions.map(\.isBetter) == [true, false, false])
  }
}
