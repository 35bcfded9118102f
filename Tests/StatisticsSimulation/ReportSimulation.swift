import Statistics

/// Reports over five segments, three metrics and three arms compared in pairs: 45 claims, a third of the metrics
/// having a better last arm. Looked at four times and sent at the first look that claims anything.
public struct ReportSimulation: Sendable {
  /// The two rates.
  public var rates = (others: 0.1, better: 0.13)
  public var tests = 15
  public var looks = 4

  public init() {}

  public struct Outcome: Hashable, Sendable {
    /// Of the claims made, false ones; 0 when none were made.
    public var falseShare = 0.0
    /// Of the claims' e-BY intervals, those without the truth.
    public var missedShare = 0.0
    public var found = 0
  }

  public func run(reports: Int, seed: UInt64) async -> [Outcome] {
    await Trials.run(reports, seed: seed) { report(&$0) }
  }

  private func report(_ randomness: inout SplitMix64) -> Outcome {
    let sequence = AsymptoticConfidenceSequence(plannedSize: 8000)
    var counts = [[BinomialCounts]](repeating: [.zero, .zero, .zero], count: tests)
    for _ in 0..<looks {
      var differences: [(interval: IntervalEstimate, truth: Double)] = []
      for test in 0..<tests {
        let arms = [rates.others, rates.others, test % 3 == 0 ? rates.better : rates.others]
        for arm in 0..<3 { counts[test][arm] += randomness.binomial(1000, arms[arm]) }
        for (left, right) in [(0, 1), (0, 2), (1, 2)] {
          let epoch = AllocationEpoch(
            shareA: 0.5, shareB: 0.5, countsA: counts[test][left], countsB: counts[test][right])
          let pair = DifferenceOfProportions(epochs: [epoch], sequence: sequence)
          differences.append((pair.difference(), arms[right] - arms[left]))
        }
      }
      let claimed = MultipleTesting.eBH(differences.map(\.interval.logEvidence), alpha: 0.05)
      guard claimed.contains(true) else { continue }
      return outcome(claimed, differences, sequence)
    }
    return Outcome()
  }

  private func outcome(
    _ claimed: [Bool], _ differences: [(interval: IntervalEstimate, truth: Double)],
    _ sequence: AsymptoticConfidenceSequence
  ) -> Outcome {
    let count = claimed.count { $0 }
    let wrong = zip(claimed, differences).count { $0 && $1.truth == 0 }
    let shown = SelectedIntervals.eBY(claimed, alpha: 0.05) { index, level in
      let interval = differences[index].interval
      return AsymptoticConfidenceSequence(alpha: level, rho: sequence.rho).interval(
        mean: interval.estimate,
        variance: interval.standardError * interval.standardError * Double(interval.sampleSize),
        count: interval.sampleSize)
    }
    let missed = zip(shown, differences).count { interval, pair in
      interval.map { $0.low > pair.truth || $0.high < pair.truth } ?? false
    }
    return Outcome(
      falseShare: Double(wrong) / Double(count), missedShare: Double(missed) / Double(count),
      found: count - wrong)
  }
}
