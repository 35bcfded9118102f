/// All a mean is estimated from; merges without cancellation.
public struct MeanSummary: Hashable, Sendable, Codable {
  public var count: Int64
  public var mean: Double
  /// With the divisor count - 1; 0 for a single value.
  public var variance: Double

  public init(count: Int64, mean: Double, variance: Double) {
    self.count = count
    self.mean = mean
    self.variance = variance
  }

  public static let empty = MeanSummary(count: 0, mean: 0, variance: 0)

  /// From plain sums. Keeps few digits when the mean is large against the spread: sum about a fixed shift then.
  public init(count: Int64, sum: Double, sumOfSquares: Double) {
    let n = Double(count)
    self.init(
      count: count, mean: count > 0 ? sum / n : 0,
      variance: count > 1 ? max(0, (sumOfSquares - sum * sum / n) / (n - 1)) : 0)
  }

  /// Of zeros and ones.
  public init(_ counts: BinomialCounts) {
    let n = Double(counts.trials)
    self.init(
      count: counts.trials, mean: counts.rate,
      variance: counts.trials > 1 ? counts.rate * (1 - counts.rate) * (n / (n - 1)) : 0)
  }

  /// One more value (Welford 1962).
  public mutating func add(_ value: Double) {
    self = self + MeanSummary(count: 1, mean: value, variance: 0)
  }

  /// Chan, Golub, LeVeque, "Updating formulae and a pairwise algorithm for computing sample variances" (1979),
  /// equation 2.1.
  public static func + (left: Self, right: Self) -> Self {
    guard left.count > 0 else { return right }
    guard right.count > 0 else { return left }
    let (n, m) = (Double(left.count), Double(right.count))
    let step = right.mean - left.mean
    let squares =
      max(0, n - 1) * left.variance + max(0, m - 1) * right.variance + step * step * (n / (n + m)) * m
    return MeanSummary(
      count: left.count + right.count, mean: left.mean + step * (m / (n + m)), variance: squares / (n + m - 1)
    )
  }

  public func metric() throws(DataCondition) -> MetricValue {
    guard count >= 0, variance >= 0 || variance.isNaN else { throw .impossibleCounts }
    guard count > 1 else { throw .tooFewUnits }
    return try MetricValue(
      value: mean, standardError: (variance / Double(count)).squareRoot(), sampleSize: count)
  }

  /// As ``metric()``, for what cannot be negative: spend, revenue, time.
  public func nonNegativeMetric() throws(DataCondition) -> MetricValue {
    guard !(mean < 0) else { throw .negativeValues }
    return try metric()
  }
}

/// Welch's interval for the difference of two means (1947): Student's t with the degrees of freedom of
/// Satterthwaite. For few units of a nearly normal metric and one look.
public enum Welch {
  public static func difference(
    _ a: MeanSummary, _ b: MeanSummary, alpha: Double = 0.05
  ) throws(DataCondition) -> (interval: IntervalEstimate, degreesOfFreedom: Double, pValue: Double) {
    let (left, right) = (try a.metric(), try b.metric())
    let effect = try EffectEstimate.difference(left, right)
    // Shares of the variance, so that nothing overflows or vanishes in a fourth power.
    let share = (left.standardError / effect.standardError) * (left.standardError / effect.standardError)
    let degrees =
      1 / (share * share / Double(a.count - 1) + (1 - share) * (1 - share) / Double(b.count - 1))
    let half = StudentT.criticalValue(alpha: alpha, degreesOfFreedom: degrees) * effect.standardError
    let t = effect.estimate / effect.standardError
    return (
      IntervalEstimate(
        estimate: effect.estimate, low: effect.estimate - half, high: effect.estimate + half, alpha: alpha,
        sampleSize: effect.sampleSize, standardError: effect.standardError),
      degrees, StudentT.twoSidedTail(t, degreesOfFreedom: degrees)
    )
  }
}
