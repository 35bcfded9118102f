import Campaigns
import Statistics

/// Every pair of a round's arms, compared at once: the chance that any of these intervals ever misses is at most
/// the experiment's alpha, which is split evenly over the pairs (Bonferroni).
struct Comparison {
  let arms: [Identifier<Variant>]
  /// Rows and columns as `arms`: row minus column.
  private let pairs: [[DifferenceOfProportions?]]
  let rates: [IntervalEstimate]
  /// Positions in `arms`, best first by the mean difference against all others.
  let ranking: [Int]
  let best: BestArm?

  init(epochs: [EpochInput], alpha: Double, plannedImpressions: Int64) {
    let arms = epochs.first?.arms.map(\.variant) ?? []
    let count = arms.count
    let planned = Double(plannedImpressions)
    let sequence = AsymptoticConfidenceSequence(
      alpha: alpha / Double(max(1, count * (count - 1) / 2)), plannedSize: planned)
    let single = AsymptoticConfidenceSequence(alpha: alpha, plannedSize: planned)
    self.arms = arms
    pairs = (0..<count).map { row in
      (0..<count).map { column in
        row == column
          ? nil : Self.difference(of: row, against: column, epochs: epochs, sequence: sequence)
      }
    }
    rates = (0..<count).map { arm in
      AverageRate(
        epochs: epochs.map {
          AverageRate.Epoch(share: $0.arms[arm].share, counts: $0.arms[arm].counts, units: $0.trials)
        }, sequence: single
      ).interval
    }
    let pairs = pairs
    let scores = (0..<count).map { row in
      pairs[row].reduce(0) { $0 + ($1.map { $0.difference().estimate } ?? 0) }
    }
    ranking = (0..<count).sorted { (scores[$0], -$0) > (scores[$1], -$1) }
    best = Self.best(rates)
  }

  /// Row minus column.
  func pair(_ row: Int, _ column: Int) -> DifferenceOfProportions? { pairs[row][column] }

  /// The runner-up for the best arm, the best arm for all others; nil for an only arm.
  func reference(of arm: Int) -> Int? {
    guard ranking.count > 1, let first = ranking.first else { return nil }
    return arm == first ? ranking[1] : first
  }

  private static func difference(
    of row: Int, against column: Int, epochs: [EpochInput], sequence: AsymptoticConfidenceSequence
  ) -> DifferenceOfProportions {
    // Traffic weighs by overlap: an epoch in which one arm was starved says little, and blurs little.
    DifferenceOfProportions(
      epochs: epochs.map { epoch in
        Statistics.AllocationEpoch(
          shareA: epoch.arms[column].share, shareB: epoch.arms[row].share,
          countsA: epoch.arms[column].counts, countsB: epoch.arms[row].counts, units: epoch.trials)
      }, sequence: sequence, weighting: .overlap)
  }

  /// From rates averaged over epochs, each as sure as its standard error says: plain sums would mix epochs of
  /// different shares.
  private static func best(_ rates: [IntervalEstimate]) -> BestArm? {
    guard rates.count > 1, rates.allSatisfy({ $0.standardError > 0 && $0.condition != .impossibleCounts })
    else { return nil }
    return BestArm(
      rates.map { rate in
        let trials = rate.estimate * (1 - rate.estimate) / (rate.standardError * rate.standardError)
        return BetaPosterior(alpha: 1 + rate.estimate * trials, beta: 1 + (1 - rate.estimate) * trials)
      })
  }
}

extension Comparison {
  /// What may be said of one arm.
  func standing(of arm: Int) -> Verdict.Kind {
    let against = arms.indices.filter { $0 != arm }.compactMap { pair(arm, $0) }
    guard !against.isEmpty, let reference = reference(of: arm), let pair = pair(arm, reference) else {
      return .inconclusive
    }
    let differences = against.map { $0.difference() }
    if differences.allSatisfy({ $0.excludesZero && $0.low > 0 }) { return .winner }
    if differences.contains(where: { $0.excludesZero && $0.high < 0 }) { return .loser }
    guard pair.condition == nil else { return .inconclusive }
    return arm == ranking.first ? .leading : .trailing
  }

  func contrast(of arm: Int) -> Contrast? {
    guard let reference = shownWorse(arm) ?? reference(of: arm), let pair = pair(arm, reference),
      pair.condition == nil
    else { return nil }
    let difference = Estimate(pair.difference())
    let lift = pair.lift().map { Estimate(value: $0.estimate, low: $0.low, high: $0.high) }
    // Two scales can disagree about zero at the very edge; the difference is the one that decides.
    let agrees = lift?.excludesZero == difference.excludesZero
    return Contrast(comparison: arms[reference], difference: difference, lift: agrees ? lift : nil)
  }

  /// A loser that is not shown to be worse than the best arm is compared with the one it is shown to be worse than.
  private func shownWorse(_ arm: Int) -> Int? {
    guard standing(of: arm) == .loser else { return nil }
    return ranking.first { other in
      guard other != arm, let difference = pair(arm, other)?.difference() else { return false }
      return difference.excludesZero && difference.high < 0
    }
  }
}

extension Estimate {
  init(_ interval: IntervalEstimate) {
    self.init(value: interval.estimate, low: interval.low, high: interval.high)
  }
}
