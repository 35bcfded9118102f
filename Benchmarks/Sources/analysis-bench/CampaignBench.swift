import Analysis
import Foundation

/// A whole campaign from its rollups to what a report says: every segment's verdicts and metrics, the factors over all
/// segments, the claims over the whole report.
struct CampaignBench {
  private let synthetic = SyntheticCampaign()
  private let metrics: [Metric]

  private static let keys = [
    "click_through", "conversion", "view_through", "watch_time", "revenue_per_impression",
  ]

  /// - Parameter catalogue: `config/metrics.yaml`.
  init(catalogue: String) throws {
    metrics = try MetricCatalogue(contentsOf: URL(filePath: catalogue)).metrics
      .filter { Self.keys.contains($0.key) }
  }

  func run(rounds: Int) async throws -> String {
    let clock = ContinuousClock()
    // Once without looking at the clock, so that caches and pages are warm.
    var analysis = try await analyse()
    var times: [Duration] = []
    for _ in 0..<rounds {
      times.append(try await clock.measure { analysis = try await analyse() })
    }
    let median = times.sorted()[rounds / 2] / .milliseconds(1)
    // What came out is told, so that no work can be left out.
    let verdicts = analysis.segments.reduce(0) { $0 + $1.analysis.verdicts.count }
    let told = analysis.segments.reduce(0) { $0 + $1.metrics.count { $0.missing == nil } }
    guard verdicts > 0, told == Self.keys.count * SyntheticCampaign.segmentCount,
      analysis.factors.missing == nil
    else { throw Incomplete(verdicts: verdicts, metrics: told, factors: analysis.factors.missing) }
    return """
      {"campaign_ms": \(String(format: "%.1f", median)), "verdicts": \(verdicts), "metrics": \(told), \
      "hypotheses": \(analysis.correction.hypotheses), "effects": \(analysis.factors.effects.count)}
      """
  }

  private func analyse() async throws -> CampaignAnalysis {
    try await CampaignAnalysis.analyse(
      synthetic.campaign, segments: synthetic.segments, metrics: metrics, asOf: SyntheticCampaign.end)
  }

  /// An analysis that left something out: its time would say nothing.
  private struct Incomplete: Error {
    var verdicts: Int
    var metrics: Int
    var factors: String?
  }
}
