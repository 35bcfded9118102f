import RealModule

/// How much arm B's mean or ratio differs from arm A's, valid at any look and however traffic was moved between
/// epochs: ``DifferenceOfProportions`` for revenue, watch time and ratios.
///
/// Each arm's numerator and denominator are averaged over epochs with weights that shares alone decide, never
/// pooling epochs of different shares (Qin & Russo, "Adaptive experimentation in the presence of exogenous
/// nonstationary variation", 2022); the difference of the two ratios, linearised, is a martingale to first order and
/// ``AsymptoticConfidenceSequence`` bounds it at all looks at once.
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
    let standardError = (a.variance + b.variance).squareRoot()
    guard condition == nil else {
      let difference = b.value - a.value
      return IntervalEstimate(
        estimate: difference.isFinite ? difference : 0, low: widest.lowerBound, high: widest.upperBound,
        alpha: sequence.alpha, sampleSize: a.count + b.count,
        standardError: standardError.isFinite ? standardError : 0, condition: condition)
    }
    return sequence.interval(
      estimate: b.value - a.value, standardError: standardError,
      variancePerUnit: a.designVariance + b.designVariance, units: units, sampleSize: a.count + b.count
    ).clipped(to: widest)
  }

  /// ln (B / A), by the delta method on the log scale: Var ln r = Var r / r^2.
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
