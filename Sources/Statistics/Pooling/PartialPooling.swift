/// Segments that learn from each other: every segment's estimate moves towards the mean of all, the more the noisier
/// it is against how much segments truly differ.
///
///     shrunken_i = mu + w_i (y_i - mu),   w_i = tau^2 / (tau^2 + v_i)
///
/// Intervals hold on average over segments, whatever the true effects look like (``RobustCriticalValue``; the mean
/// square of the normalised bias is (1 - w_i)^2 tau^2 over the variance, v_i / tau^2 if mu were known), and count that
/// mu is an estimate. They are for choosing and for showing what to expect of a
/// segment; claims with an error rate come from each segment's own sequence.
public struct PartialPooling: Hashable, Sendable {
  /// One segment's effect as its own data tell it.
  public struct Segment: Hashable, Sendable, Codable {
    public var estimate: Double
    public var standardError: Double

    public init(estimate: Double, standardError: Double) {
      self.estimate = estimate
      self.standardError = standardError
    }
  }

  /// One segment's effect in the light of all.
  public struct Pooled: Hashable, Sendable {
    public let interval: IntervalEstimate
    /// w_i: 1 keeps the segment's own figure, 0 takes the mean.
    public let weight: Double
  }

  public let segments: [Pooled]
  /// How much segments truly differ.
  public let between: BetweenSegmentVariance
  /// tau^2 as used for shrinking; see ``init(_:alpha:)``.
  public let shrinkageVariance: Double

  /// tau^2 comes from ``BetweenSegmentVariance``, but not below 2 sum v^2 / (k sum v), the floor of Armstrong,
  /// Kolesár, Plagborg-Møller (2022, section 4.2, "PMT", after Morris 1983): a tau^2 of zero would claim to know
  /// every segment exactly. With k segments a share of the floor belongs to chance, so it vanishes as k grows.
  /// - Throws: ``DataCondition/oneArm`` for fewer than two segments, ``DataCondition/noVariance`` for a standard error
  ///   that is not above zero, ``DataCondition/notFinite``.
  public init(_ given: [Segment], alpha: Double = 0.05) throws(DataCondition) {
    precondition(alpha > 0 && alpha < 1, "alpha lies between 0 and 1, not at \(alpha)")
    guard given.count > 1 else { throw .oneArm }
    guard given.allSatisfy({ $0.estimate.isFinite && $0.standardError.isFinite }) else { throw .notFinite }
    guard given.allSatisfy({ $0.standardError > 0 }) else { throw .noVariance }
    let variances = given.map { $0.standardError * $0.standardError }
    guard variances.allSatisfy({ $0.isNormal && $0 < 1e300 }) else { throw .notFinite }
    let between = BetweenSegmentVariance(effects: given.map(\.estimate), variances: variances)
    let total = variances.reduce(0, +)
    let floor = 2 * variances.reduce(0) { $0 + $1 / total * $1 } / Double(given.count)
    let tau = max(between.value, floor)
    let fit = BetweenSegmentVariance.Weighted(given.map(\.estimate), variances, tau)
    segments = zip(given, variances).map { segment, variance in
      let weight = tau / (tau + variance)
      let estimate = fit.mean + weight * (segment.estimate - fit.mean)
      let own = weight * weight * variance
      let ofMean = (1 - weight) * (1 - weight) / fit.sum
      let noise = own + ofMean
      let half =
        RobustCriticalValue.value(meanSquareBias: (1 - weight) * (1 - weight) * tau / noise, alpha: alpha)
        * noise.squareRoot()
      return Pooled(
        interval: IntervalEstimate(
          estimate: estimate, low: estimate - half, high: estimate + half, alpha: alpha,
          sampleSize: Int64(given.count), standardError: (weight * variance + ofMean).squareRoot()),
        weight: weight)
    }
    self.between = between
    shrinkageVariance = tau
  }
}
