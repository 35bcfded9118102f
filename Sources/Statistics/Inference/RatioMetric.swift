/// A ratio of two sums over independent units, such as clicks per impression counted by viewer or revenue per
/// order: the units are viewers, not impressions, so that one viewer's impressions may hang together.
public struct RatioMetric: Hashable, Sendable {
  /// Per unit: x the denominator, y the numerator.
  public let perUnit: PairSummary
  public let metric: MetricValue

  /// R = mean y / mean x with the delta method's variance (Deng, Knoblich, Lu, "Applying the delta method in metric
  /// analytics", KDD 2018, equation 3):
  ///
  ///     Var R = (Var y - 2 R Cov(x, y) + R^2 Var x) / (n (mean x)^2)
  public init(_ perUnit: PairSummary) throws(DataCondition) {
    try perUnit.check()
    guard perUnit.meanX > 0 else { throw .noBaseline }
    let ratio = perUnit.meanY / perUnit.meanX
    let spread = max(
      0, perUnit.varianceY - 2 * ratio * perUnit.covariance + ratio * ratio * perUnit.varianceX)
    self.perUnit = perUnit
    metric = try MetricValue(
      value: ratio, standardError: (spread / Double(perUnit.count)).squareRoot() / perUnit.meanX,
      sampleSize: perUnit.count)
  }

  /// How many times the variance exceeds that of as many independent trials, for a numerator that counts
  /// successes of the denominator's trials: 1 when a unit's trials do not hang together.
  public var designEffect: Double {
    let trials = perUnit.meanX * Double(perUnit.count)
    let binomial = metric.value * (1 - metric.value) / trials
    return binomial > 0 ? metric.standardError * metric.standardError / binomial : 1
  }
}
