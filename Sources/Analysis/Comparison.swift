import Campaigns
import Statistics

/// What a comparison is tuned by, beside its counts. Frozen at launch, except the design effect, which is measured.
struct ComparisonRules: Hashable, Sendable {
  var alpha: Double
  var plannedImpressions: Int64
  /// How many times the goal's variance exceeds that of independent impressions, see ``Clustering``.
  var designEffect = 1.0
  /// Of the arithmetic: what an older release claimed is computed as it computed it.
  var version = Evidence.currentVersion

  init(_ experiment: Experiment, clustering: Clustering?) {
    alpha = experiment.alpha
    plannedImpressions = experiment.plannedImpressions
    designEffect = clustering?.designEffect ?? 1
  }

  init(_ evidence: Evidence) {
    alpha = evidence.alpha
    plannedImpressions = evidence.plannedImpressions
    designEffect = evidence.clustering?.designEffect ?? 1
    version = evidence.version
  }

  /// Version 1 bet around no effect; from version 2 on around the effect that the planned size would find.
  var design: AsymptoticConfidenceSequence.Design { version == 1 ? .centred : .plannedEffect }

  /// The planned effect is found soonest when half of the impressions at which one would give up are planned.
  var plannedSize: Double { Double(plannedImpressions) / (version == 1 ? 1 : 2) }

  /// Alpha of all pairs' confidence sequences together; the rest is for exact tests.
  var sequenceAlpha: Double { version < 3 ? alpha : alpha * (1 - TwoProportionProcess.shareOfAlpha) }

  /// Of one pair among so many arms.
  func sequence(arms: Int) -> AsymptoticConfidenceSequence {
    AsymptoticConfidenceSequence(
      alpha: sequenceAlpha / pairs(of: arms), plannedSize: plannedSize, design: design)
  }

  /// Of one arm alone, which describes and decides nothing.
  var single: AsymptoticConfidenceSequence {
    AsymptoticConfidenceSequence(alpha: alpha, plannedSize: plannedSize, design: design)
  }

  fileprivate func pairs(of arms: Int) -> Double { Double(max(1, arms * (arms - 1) / 2)) }
}

/// Every pair of a round's arms, compared at once: the chance that any of these intervals ever misses is at most
/// the experiment's alpha, which is split evenly over the pairs (Bonferroni).
struct Comparison {
  let arms: [Identifier<Variant>]
  let rates: [IntervalEstimate]
  /// Positions in `arms`, best first by the mean difference against all others.
  let ranking: [Int]
  let best: BestArm?
  /// Day by day, where some pair had too few events for the sequences; empty otherwise.
  let days: [DayInput]
  private let rules: ComparisonRules
  /// Lower rows only: `pairs[row][column]` for column < row is row minus column.
  private let pairs: [[DifferenceOfProportions?]]
  /// Rows and columns as `arms`: row minus column.
  private let differences: [[IntervalEstimate?]]

  /// - Parameter days: asked for only where some pair needs them.
  init(epochs: [EpochInput], days: @autoclosure () -> [DayInput], rules: ComparisonRules) {
    let arms = epochs.first?.arms.map(\.variant) ?? []
    self.arms = arms
    self.rules = rules
    // Traffic weighs by overlap: an epoch in which one arm was starved says little, and blurs little.
    let all = PairwiseDifferences(
      epochs: epochs.map { epoch in
        PairwiseDifferences.Epoch(
          shares: epoch.arms.map(\.share), counts: epoch.arms.map(\.counts), units: epoch.trials)
      }, alpha: rules.sequenceAlpha, plannedSize: rules.plannedSize, design: rules.design,
      weighting: .overlap,
      designEffect: rules.designEffect)
    let pairs = arms.indices.map { row in (0..<row).map { all[row, against: $0] } }
    self.pairs = pairs
    let isEarly = pairs.joined().contains { $0?.condition == .burnIn }
    let days = rules.version > 2 && isEarly ? days() : []
    self.days = days
    differences = Self.differences(pairs, days: days, arms: arms.count, rules)
    rates = arms.indices.map { arm in
      AverageRate(
        epochs: epochs.map {
          AverageRate.Epoch(share: $0.arms[arm].share, counts: $0.arms[arm].counts, units: $0.trials)
        }, sequence: rules.single, designEffect: rules.designEffect
      ).interval
    }
    let scores = differences.map { row in row.reduce(0) { $0 + ($1?.estimate ?? 0) } }
    ranking = arms.indices.sorted { (scores[$0], -$0) > (scores[$1], -$1) }
    best = Self.best(rates, designEffect: rules.designEffect)
  }

  private static func differences(
    _ pairs: [[DifferenceOfProportions?]], days: [DayInput], arms: Int, _ rules: ComparisonRules
  ) -> [[IntervalEstimate?]] {
    var differences = [[IntervalEstimate?]](repeating: Array(repeating: nil, count: arms), count: arms)
    for row in 0..<arms {
      for column in 0..<row {
        guard let pair = pairs[row][column] else { continue }
        var difference = pair.difference()
        if difference.condition == .burnIn, !days.isEmpty,
          let exact = ExactComparison(
            row: row, column: column, days: days, estimate: difference.estimate,
            alpha: rules.alpha * TwoProportionProcess.shareOfAlpha / rules.pairs(of: arms),
            plannedSize: rules.plannedSize, designEffect: rules.designEffect
          ).difference
        {
          difference = exact
        }
        differences[row][column] = difference
        differences[column][row] = difference.mirrored
      }
    }
    return differences
  }

  /// Row minus column.
  func difference(_ row: Int, _ column: Int) -> IntervalEstimate? { differences[row][column] }

  /// ln (row / column).
  func logRatio(_ row: Int, _ column: Int) -> IntervalEstimate? {
    row > column ? pairs[row][column]?.logRatio() : pair(row, column)?.logRatio()?.mirrored
  }

  /// The two arms' comparison, whichever is named first; nil for an arm and itself.
  private func pair(_ one: Int, _ other: Int) -> DifferenceOfProportions? {
    one == other ? nil : pairs[max(one, other)][min(one, other)]
  }

  /// The runner-up for the best arm, the best arm for all others; nil for an only arm.
  func reference(of arm: Int) -> Int? {
    guard ranking.count > 1, let first = ranking.first else { return nil }
    return arm == first ? ranking[1] : first
  }

  /// From rates averaged over epochs, each as sure as its standard error says: plain sums would mix epochs of
  /// different shares.
  private static func best(_ rates: [IntervalEstimate], designEffect: Double) -> BestArm? {
    guard rates.count > 1, rates.allSatisfy({ $0.sampleSize > 0 && $0.condition != .impossibleCounts })
    else { return nil }
    return BestArm(
      rates.map { rate in
        // One without any success, or with nothing else, has no standard error and still has its trials.
        let trials =
          rate.standardError > 0
          ? rate.estimate * (1 - rate.estimate) / (rate.standardError * rate.standardError)
          : Double(rate.sampleSize) / designEffect
        return BetaPosterior(alpha: 1 + rate.estimate * trials, beta: 1 + (1 - rate.estimate) * trials)
      })
  }
}

extension Comparison {
  /// What may be said of one arm.
  func standing(of arm: Int) -> Verdict.Kind {
    let against = arms.indices.compactMap { $0 == arm ? nil : difference(arm, $0) }
    guard !against.isEmpty, let reference = reference(of: arm) else { return .inconclusive }
    if against.allSatisfy({ $0.excludesZero && $0.low > 0 }) { return .winner }
    if against.contains(where: { $0.excludesZero && $0.high < 0 }) { return .loser }
    guard difference(arm, reference)?.condition == nil, !isTie(arm, reference) else { return .inconclusive }
    return arm == ranking.first ? .leading : .trailing
  }

  /// Whether two arms do equally well as far as anyone can see: within half a percent of each other, or within a
  /// tenth of a standard error. Saying that one is ahead would make something of nothing.
  func isTie(_ arm: Int, _ other: Int) -> Bool {
    guard rules.version > 1, let difference = difference(arm, other), difference.condition == nil,
      !difference.excludesZero, let rates = pair(arm, other)?.rates
    else { return false }
    return abs(difference.estimate) <= max(0.005 * max(rates.a, rates.b), 0.1 * difference.standardError)
  }

  func contrast(of arm: Int) -> Contrast? {
    guard let reference = shownWorse(arm) ?? reference(of: arm), let interval = difference(arm, reference),
      interval.condition == nil
    else { return nil }
    return Contrast(comparison: arms[reference], interval, logRatio: logRatio(arm, reference))
  }

  /// A loser that is not shown to be worse than the best arm is compared with the one it is shown to be worse than.
  private func shownWorse(_ arm: Int) -> Int? {
    guard standing(of: arm) == .loser else { return nil }
    return ranking.first { other in
      guard let difference = difference(arm, other) else { return false }
      return difference.excludesZero && difference.high < 0
    }
  }
}

extension Contrast {
  /// Two scales can disagree about zero at the very edge; the difference is the one that decides, and no lift is told then.
  init(comparison: Identifier<Variant>, _ difference: IntervalEstimate, logRatio: IntervalEstimate?) {
    let lift = logRatio.map(Estimate.init(relative:))
    self.init(
      comparison: comparison, difference: Estimate(difference),
      lift: lift?.excludesZero == difference.excludesZero ? lift : nil)
  }
}

extension Estimate {
  init(_ interval: IntervalEstimate) {
    self.init(value: interval.estimate, low: interval.low, high: interval.high)
  }
}
