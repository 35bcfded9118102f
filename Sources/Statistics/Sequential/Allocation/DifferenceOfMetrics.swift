import RealModule

/// How much arm B's mean or ratio differs from arm A's, valid at any look and however traffic was moved between
/// epochs: ``DifferenceOfProportions`` for revenue, watch time and ratios.
///
/// Each arm's numerator and denominator are averaged over epochs with weights that shares alone decide, never
/// pooling epochs of different shares (Qin & Russo, "Adaptive experimentation in the presence of exogenous
/// nonstationary variation", 2022); the difference of the two ratios, linearised, is a martingale to first order and
/// ``AsymptoticConfidenceSequence`` bounds it at all looks at once.
///
/// The variance of values that cannot be negative is at least the one they would have without a difference. Where most
/// are zero and a few are large (revenue), mean and variance of the same units err together: their covariance is the
/// third central moment over n (Zhang, "Sample mean and sample variance", The American Statistician 2007), so an arm
/// whose mean came out low has a variance that came out low, too. With equal shares that cancels; a bandit starves the
/// arm that came out low, and the difference then rests on that arm's variance alone: 5.1 % of A/A tests named a false
/// winner, every one of them against the starved arm. The remedy is that of the score test, the variance under the
/// hypothesis, with each arm's own ratio g of variance to mean (quasi-likelihood, Wedderburn, Biometrika 1974,
/// V = phi mu): mu (g_A + g_B) at the mean mu that both would share is
///
///     Var_0 = Var_A B / A + Var_B A / B
///
/// It exceeds Var_A + Var_B exactly where the arm that is told less well is the lower one. V grows with the mean at
/// least so fast, since (E x^2)^2 <= E x E x^3 for x >= 0 (Cauchy, Schwarz). Variances are not pooled: arms of unlike
/// spread would lose coverage by that.
///
/// - Important: Units must be independent: one row of moments per viewer where a viewer may see several epochs'
///   impressions, with the viewer's epoch that of the first exposure.
public struct DifferenceOfMetrics: Sendable {
  /// Why nothing can be claimed yet; nil when something can.
  public let condition: EstimateCondition?
  /// Both arms' values averaged over the same epochs; 0 where they never met.
  public let values: (a: Double, b: Double)

  private let a: StandardisedMetric
  private let b: StandardisedMetric
  /// Variance of the difference over the sum of both arms' own, at least 1.
  private let inflation: Double
  private let units: Double
  private let sequence: AsymptoticConfidenceSequence
  private let bounds: ClosedRange<Double>?

  /// - Parameters:
  ///   - epochs: in the order of time; an unfinished epoch may be the last.
  ///   - sequence: tuned by the number of units planned for the whole experiment, over all its arms.
  ///   - bounds: what one unit's value can be, in its unit (0...30 for watch time of a clip of 30 s); intervals are
  ///     clipped to it.
  public init(
    epochs: [MetricEpoch], sequence: AsymptoticConfidenceSequence, weighting: EpochWeighting = .traffic,
    burnIn: BurnIn = BurnIn(), bounds: ClosedRange<Double>? = nil
  ) {
    let strata = Strata(
      epochs: epochs.map { ([$0.shareA, $0.shareB], [$0.a, $0.b], $0.units) }, weighting: weighting)
    let a = StandardisedMetric(strata, arm: 0)
    let b = StandardisedMetric(strata, arm: 1)
    self.a = a
    self.b = b
    self.sequence = sequence
    self.bounds = bounds
    units = strata.totalWeight
    values = (a.value.isFinite ? a.value : 0, b.value.isFinite ? b.value : 0)
    condition = Self.condition(strata, a, b, burnIn)
    let own = a.variance + b.variance
    let ofNoDifference = a.variance * (b.value / a.value) + b.variance * (a.value / b.value)
    let isTold = condition == nil && !burnIn.allowsNegativeValues && ofNoDifference > own
    inflation = isTold && ofNoDifference.isFinite ? ofNoDifference / own : 1
  }

  private static func condition(
    _ strata: Strata<BivariateMoments>, _ a: StandardisedMetric, _ b: StandardisedMetric, _ burnIn: BurnIn
  ) -> EstimateCondition? {
    if !strata.isPossible { return .impossibleCounts }
    if strata.strata.isEmpty { return .noOverlap }
    let arms = [a, b]
    if arms.contains(where: { !$0.value.isFinite || !$0.variance.isFinite }) { return .impossibleCounts }
    if arms.contains(where: { !$0.hasDenominator || $0.effectiveUnits < burnIn.units }) { return .burnIn }
    if arms.contains(where: { $0.variance <= 0 }) { return .noVariance }
    return arms.contains { $0.effectiveEvents < burnIn.events } ? .burnIn : nil
  }

  private var widest: ClosedRange<Double> {
    guard let bounds else { return -Double.greatestFiniteMagnitude ... .greatestFiniteMagnitude }
    let width = bounds.upperBound - bounds.lowerBound
    return -width...width
  }

  /// B minus A, in the metric's unit; as wide as can be while nothing can be claimed.
  public func difference() -> IntervalEstimate {
    let standardError = (inflation * (a.variance + b.variance)).squareRoot()
    guard condition == nil else {
      let difference = b.value - a.value
      return IntervalEstimate(
        estimate: difference.isFinite ? difference : 0, low: widest.lowerBound, high: widest.upperBound,
        alpha: sequence.alpha, sampleSize: a.count + b.count,
        standardError: standardError.isFinite ? standardError : 0, condition: condition)
    }
    return sequence.interval(
      estimate: b.value - a.value, standardError: standardError,
      variancePerUnit: inflation * (a.designVariance + b.designVariance), units: units,
      sampleSize: a.count + b.count
    ).clipped(to: widest)
  }

  /// ln (B / A), by the delta method on the log scale: Var ln r = Var r / r^2, which is the larger the lower r came out.
  /// - Returns: nil while nothing can be claimed or a value is not positive or next to nothing.
  public func logRatio() -> IntervalEstimate? {
    guard condition == nil, a.value > 0, b.value > 0 else { return nil }
    func relative(_ variance: (StandardisedMetric) -> Double) -> Double {
      variance(a) / (a.value * a.value) + variance(b) / (b.value * b.value)
    }
    let standardError = relative(\.variance).squareRoot()
    // Values next to nothing have no logarithm worth the name.
    guard standardError > 0, standardError.isFinite else { return nil }
    return sequence.interval(
      estimate: .log(b.value) - .log(a.value), standardError: standardError,
      variancePerUnit: relative(\.designVariance), units: units, sampleSize: a.count + b.count)
  }

  /// ``logRatio()`` for people: 0.12 is "12 % more". Nil while nothing can be claimed.
  public func lift() -> Lift? {
    logRatio().map(Lift.init(logRatio:))
  }
}
