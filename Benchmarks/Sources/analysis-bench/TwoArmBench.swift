import Foundation
import Statistics

/// 10,000 experiments of two arms, each analysed whole: the sequential difference, both posteriors against each other,
/// the split of the traffic.
struct TwoArmBench {
  private let pairs = (0..<10_000).map(Self.counts)
  private let plan = TwoArmAnalysis.Plan(
    sequence: AsymptoticConfidenceSequence(plannedSize: 20_000, design: .plannedEffect))

  /// Rates of 0.5 to 20 %, 2,000 to 60,000 units an arm, lifts of up to a fifth; Benchmarks/peers/gbstats makes the
  /// same. Weyl sequences: evenly spread, and alike in any language.
  private static func counts(_ number: Int) -> (a: BinomialCounts, b: BinomialCounts) {
    func spread(_ step: Int) -> Double { Double((number * step) % 9973) / 9973 }
    let units = Int64(2_000 + 58_000 * spread(7919))
    let rate = 0.005 + 0.195 * spread(6101)
    let lift = 1 + 0.4 * (spread(3571) - 0.5)
    return (
      BinomialCounts(successes: Int64(Double(units) * rate), trials: units),
      BinomialCounts(
        successes: Int64(Double(units) * rate * lift), trials: units + Int64(200 * spread(4441)) - 100)
    )
  }

  func run(rounds: Int) -> String {
    let clock = ContinuousClock()
    var times: [Duration] = []
    // Both are told, so that no work can be left out and another version can be held to the same figures.
    var shown = 0
    var checksum = 0.0
    for _ in 0..<rounds {
      shown = 0
      checksum = 0
      times.append(
        clock.measure {
          for pair in pairs {
            let analysis = TwoArmAnalysis(pair.a, pair.b, plan: plan)
            if analysis.difference.excludesZero, !analysis.isMismatched { shown += 1 }
            checksum += analysis.difference.low + (analysis.posterior?.probabilityOfB ?? 0)
            checksum += analysis.logEvidenceOfMismatch
          }
        })
    }
    let median = times.sorted()[rounds / 2] / .milliseconds(1)
    return """
      {"two_arm_10000_ms": \(String(format: "%.2f", median)), "shown": \(shown), \
      "checksum": \(String(format: "%.9f", checksum))}
      """
  }
}
