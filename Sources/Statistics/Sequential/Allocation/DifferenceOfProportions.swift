import RealModule

/// How much better arm B does than arm A, valid at any look and however traffic was moved between epochs.
///
/// In an epoch e every unit got arm a with the logged probability pi_a, so the difference of the arms' means,
/// d_e, is an unbiased estimate of that epoch's effect. The estimate is the traffic-weighted average
///
///     D = sum N_e d_e / sum N_e,   Var D = sum (N_e / N)^2 (v_Ae / n_Ae + v_Be / n_Be)
///
/// with N_e all units that entered, and v = p (1 - p). This is the stratified form of the inverse-probability
/// weighted mean; N D minus its target is, to first order, a martingale whose variance is N^2 Var D, so the
/// mixture boundary of ``AsymptoticConfidenceSequence`` holds for it at all looks at once, also when shares depend
/// on everything seen before (they must be fixed before their epoch begins). The target is the running average
/// effect over the units that entered; the effect itself may change with time.
///
/// Epochs with equal shares are pooled, others never. Epochs in which either arm had no share or was never
/// shown are left out. Keep shares at 5 % or more: an epoch's variance grows with 1 / share.
///
/// Burn-in: nothing is claimed before both arms have at least `minimumEvents` effective successes and failures.
public struct DifferenceOfProportions: Sendable {
  /// Why nothing can be claimed yet; nil when something can.
  public let condition: EstimateCondition?

  private let a: StandardisedRate
  private let b: StandardisedRate
  private let units: Double
  private let sequence: AsymptoticConfidenceSequence

  /// - Parameters:
  ///   - epochs: in the order of time; an unfinished epoch may be the last.
  ///   - sequence: tuned by the number of units planned for the whole experiment, over all its arms.
  ///   - designEffect: how many times the variance exceeds that of as many independent trials, at least 1: trials
  ///     of one viewer hang together when viewers were randomised (``BivariateMoments/designEffect``).
  public init(
    epochs: [AllocationEpoch], sequence: AsymptoticConfidenceSequence, weighting: EpochWeighting = .traffic,
    minimumEvents: Double = 20, designEffect: Double = 1
  ) {
    let designEffect = max(1, designEffect)
    let strata = Strata(
      epochs: epochs.map { ([$0.shareA, $0.shareB], [$0.countsA, $0.countsB], $0.units) },
      weighting: weighting)
    self.sequence = sequence
    units = strata.totalWeight
    a = StandardisedRate(strata, arm: 0, designEffect: designEffect)
    b = StandardisedRate(strata, arm: 1, designEffect: designEffect)
    condition =
      if !strata.isPossible {
        .impossibleCounts
      } else if strata.strata.isEmpty {
        .noOverlap
      } else if !a.isPastBurnIn(minimumEvents) || !b.isPastBurnIn(minimumEvents) {
        .burnIn
      } else {
        nil
      }
  }

  /// Both arms' rates averaged over the same epochs with the same weights; 0 where they never met.
  public var rates: (a: Double, b: Double) { (a.rate, b.rate) }

  /// B minus A, in rate (0.01 is one point); -1...1 while nothing can be claimed.
  public func difference() -> IntervalEstimate {
    let estimate = b.rate - a.rate
    guard condition == nil else {
      return IntervalEstimate(
        estimate: estimate, low: -1, high: 1, alpha: sequence.alpha, sampleSize: a.trials + b.trials,
        standardError: (a.variance + b.variance).squareRoot(), condition: condition)
    }
    return sequence.interval(
      estimate: estimate, standardError: (a.variance + b.variance).squareRoot(),
      variancePerUnit: a.designVariance + b.designVariance, units: units, sampleSize: a.trials + b.trials
    ).clipped(to: -1...1)
  }

  /// ln (B / A) of the averaged rates, by the delta method on the log scale: Var ln p = Var p / p^2.
  /// - Returns: nil while nothing can be claimed.
  public func logRatio() -> IntervalEstimate? {
    guard condition == nil else { return nil }
    func relative(_ variance: (StandardisedRate) -> Double) -> Double {
      variance(a) / (a.rate * a.rate) + variance(b) / (b.rate * b.rate)
    }
    return sequence.interval(
      estimate: .log(b.rate / a.rate), standardError: relative(\.variance).squareRoot(),
      variancePerUnit: relative(\.designVariance), units: units, sampleSize: a.trials + b.trials)
  }

  /// ``logRatio()`` for people: 0.12 is "12 % more". Nil while nothing can be claimed.
  public func lift() -> Lift? {
    logRatio().map(Lift.init(logRatio:))
  }
}
