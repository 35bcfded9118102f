/// A ratio of two sums over independent units, such as clicks per impression counted by viewer or revenue per
/// order: the units are viewers, not impressions, so that one viewer's impressions may hang together.
public struct RatioMetric: Hashable, Sendable {
  /// Per unit: x the denominator, y the numerator.
  public let perUnit: BivariateMoments
  public let metric: MetricValue

  /// R = mean y / mean x with the delta method's variance (Deng, Knoblich, Lu, "Applying the delta method in metric
  /// analytics", KDD 2018, equation 3):
  ///
  ///     Var R = (Var y - 2 R Cov(x, y) + R^2 Var x) / (n (mean x)^2)
  public init(_ perUnit: BivariateMoments) throws(DataCondition) {
    try perUnit.check()
    guard perUnit.meanX > 0 else { throw .noBaseline }
    let ratio = perUnit.meanY / perUnit.meanX
    self.perUnit = perUnit
    metric = try MetricValue(
      value: ratio,
      standardError: (perUnit.residualVariance(slope: ratio) / Double(perUnit.count - 1)).squareRoot()
        / perUnit.meanX,
      sampleSize: perUnit.count)
  }
}
