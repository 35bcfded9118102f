import Foundation
import Statistics

/// By the difference of two rates.
struct RateJudge: PeekingJudge {
  let sequence: AsymptoticConfidenceSequence

  func claim(today: SimulatedEpoch<BinomialCounts>, all: [SimulatedEpoch<BinomialCounts>]) -> Int? {
    Peeking.claim(difference(all))
  }

  func difference(_ epochs: [SimulatedEpoch<BinomialCounts>]) -> IntervalEstimate {
    DifferenceOfProportions(
      epochs: epochs.map {
        AllocationEpoch(
          shareA: $0.shares[0], shareB: $0.shares[1], countsA: $0.arms[0], countsB: $0.arms[1],
          units: $0.units)
      }, sequence: sequence, weighting: .overlap
    ).difference()
  }
}

/// By the differences of all pairs of rates; claims are that the later arm of a pair is better or worse.
struct PairsJudge: PeekingJudge {
  let plannedSize: Double
  let weighting: EpochWeighting

  func claim(today: SimulatedEpoch<BinomialCounts>, all: [SimulatedEpoch<BinomialCounts>]) -> Int? {
    let pairs = PairwiseDifferences(
      epochs: all.map { .init(shares: $0.shares, counts: $0.arms, units: $0.units) },
      plannedSize: plannedSize,
      weighting: weighting)
    for row in today.arms.indices {
      for column in 0..<row {
        if let interval = pairs[row, against: column]?.difference(), let claim = Peeking.claim(interval) {
          return claim
        }
      }
    }
    return nil
  }
}

/// By a test made for one look.
struct PooledTestJudge: PeekingJudge {
  let alpha: Double

  func claim(today: SimulatedEpoch<BinomialCounts>, all: [SimulatedEpoch<BinomialCounts>]) -> Int? {
    let arms = all[0].arms
    guard let test = FixedHorizon.pooledTest(arms[0], arms[1]), test.pValue < alpha else { return nil }
    return test.z > 0 ? 1 : -1
  }
}

/// By the exact process.
struct ExactJudge: PeekingJudge {
  var process: TwoProportionProcess

  mutating func claim(today: SimulatedEpoch<BinomialCounts>, all: [SimulatedEpoch<BinomialCounts>]) -> Int? {
    process.add(a: today.arms[0], b: today.arms[1])
    guard process.logEvidence >= -log(process.alpha) else { return nil }
    return process.b.rate > process.a.rate ? 1 : -1
  }
}

/// As a round's verdicts are reached: by the exact process until both arms have events enough, then by the difference of rates,
/// with alpha divided between the two.
struct RoundJudge: PeekingJudge {
  private let sequence: RateJudge
  private var exact: ExactJudge

  init(alpha: Double = 0.05, plannedSize: Double) {
    let share = TwoProportionProcess.shareOfAlpha
    sequence = RateJudge(
      sequence: AsymptoticConfidenceSequence(
        alpha: alpha * (1 - share), plannedSize: plannedSize, design: .plannedEffect))
    exact = ExactJudge(process: TwoProportionProcess(alpha: alpha * share, plannedSize: plannedSize))
  }

  mutating func claim(today: SimulatedEpoch<BinomialCounts>, all: [SimulatedEpoch<BinomialCounts>]) -> Int? {
    let early = exact.claim(today: today, all: all)
    let difference = sequence.difference(all)
    return difference.condition == .burnIn ? early : Peeking.claim(difference)
  }
}

/// By the difference of two means or ratios.
struct MetricJudge: PeekingJudge {
  let sequence: AsymptoticConfidenceSequence

  func claim(today: SimulatedEpoch<BivariateMoments>, all: [SimulatedEpoch<BivariateMoments>]) -> Int? {
    Peeking.claim(Self.comparison(all, sequence).difference())
  }

  static func comparison(
    _ epochs: [SimulatedEpoch<BivariateMoments>], _ sequence: AsymptoticConfidenceSequence
  ) -> DifferenceOfMetrics {
    DifferenceOfMetrics(
      epochs: epochs.map {
        MetricEpoch(
          shareA: $0.shares[0], shareB: $0.shares[1], ratioA: $0.arms[0], ratioB: $0.arms[1], units: $0.units)
      }, sequence: sequence, weighting: .overlap)
  }
}

/// Whether intervals hold a true difference; looks until the end.
struct CoverageJudge: PeekingJudge {
  let sequence: AsymptoticConfidenceSequence
  /// Of A and of B.
  let values: [Double]
  private(set) var hasMissedDifference = false
  private(set) var hasMissedLift = false
  /// The first claim.
  private(set) var claim: Int?

  init(sequence: AsymptoticConfidenceSequence, values: [Double]) {
    self.sequence = sequence
    self.values = values
  }

  mutating func claim(today: SimulatedEpoch<BivariateMoments>, all: [SimulatedEpoch<BivariateMoments>])
    -> Int?
  {
    let comparison = MetricJudge.comparison(all, sequence)
    guard comparison.condition == nil else { return nil }
    let difference = comparison.difference()
    claim = claim ?? Peeking.claim(difference)
    hasMissedDifference = hasMissedDifference || !difference.holds(values[1] - values[0])
    if let lift = comparison.logRatio() {
      hasMissedLift = hasMissedLift || !lift.holds(log(values[1] / values[0]))
    }
    return nil
  }
}

extension IntervalEstimate {
  fileprivate func holds(_ truth: Double) -> Bool { low <= truth && truth <= high }
}
