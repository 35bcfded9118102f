import RealModule

/// A metric of one arm, in its own unit: a rate, a mean, a ratio, a quantile.
public struct MetricValue: Hashable, Sendable, Codable {
  public let value: Double
  public let standardError: Double
  /// Independent units it rests on.
  public let sampleSize: Int64

  /// - Throws: ``DataCondition/notFinite``, ``DataCondition/noVariance`` when the error is zero,
  ///   ``DataCondition/tooFewUnits``.
  public init(value: Double, standardError: Double, sampleSize: Int64) throws(DataCondition) {
    guard sampleSize > 0 else { throw .tooFewUnits }
    guard value.isFinite, standardError.isFinite else { throw .notFinite }
    guard standardError > 0 else { throw .noVariance }
    self.value = value
    self.standardError = standardError
    self.sampleSize = sampleSize
  }

  /// A rate.
  public init(_ counts: BinomialCounts) throws(DataCondition) {
    if let condition = counts.condition { throw condition }
    let n = Double(counts.trials)
    try self.init(
      value: counts.rate, standardError: (counts.rate * (1 - counts.rate) / n).squareRoot(),
      sampleSize: counts.trials)
  }

  /// A mean.
  public init(_ moments: Moments) throws(DataCondition) {
    guard moments.count >= 0, !(moments.squaredDeviations < 0) else { throw .impossibleCounts }
    guard moments.count > 1 else { throw .tooFewUnits }
    try self.init(
      value: moments.mean, standardError: (moments.sampleVariance / Double(moments.count)).squareRoot(),
      sampleSize: moments.count)
  }
}

/// On which scale an effect is told.
public enum EffectScale: String, Hashable, Sendable, Codable {
  /// B - A, in the metric's unit.
  case absolute
  /// (B - A) / A.
  case relative
  /// ln (B / A).
  case logRatio
}

/// How much B differs from A, before any promise about errors: ``interval(alpha:)`` for one look,
/// ``interval(_:)`` for any number.
public struct EffectEstimate: Hashable, Sendable, Codable {
  public let estimate: Double
  public let standardError: Double
  public let scale: EffectScale
  /// Independent units of both arms.
  public let sampleSize: Int64

  public init(
    estimate: Double, standardError: Double, scale: EffectScale, sampleSize: Int64
  ) throws(DataCondition) {
    guard estimate.isFinite, standardError.isFinite else { throw .notFinite }
    guard standardError > 0 else { throw .noVariance }
    guard sampleSize > 0 else { throw .tooFewUnits }
    self.estimate = estimate
    self.standardError = standardError
    self.scale = scale
    self.sampleSize = sampleSize
  }

  /// B - A for independent arms.
  public static func difference(_ a: MetricValue, _ b: MetricValue) throws(DataCondition) -> Self {
    try Self(
      estimate: b.value - a.value, standardError: length(a.standardError, b.standardError),
      scale: .absolute, sampleSize: a.sampleSize + b.sampleSize)
  }

  /// ln (B / A) by the delta method, Var ln x = Var x / x^2 (Katz, Baptista, Azen, Pike 1978 for rates).
  /// - Throws: ``DataCondition/noBaseline`` when either is not above zero.
  public static func logRatio(_ a: MetricValue, _ b: MetricValue) throws(DataCondition) -> Self {
    guard a.value > 0, b.value > 0 else { throw .noBaseline }
    return try Self(
      estimate: .log(b.value) - .log(a.value),
      standardError: length(a.standardError / a.value, b.standardError / b.value), scale: .logRatio,
      sampleSize: a.sampleSize + b.sampleSize)
  }

  /// (B - A) / A by the delta method (Deng, Knoblich, Lu 2018, section 2.1). For compatibility with what other
  /// tools show; prefer ``logRatio(_:_:)``, whose interval is not lopsided.
  public static func relative(_ a: MetricValue, _ b: MetricValue) throws(DataCondition) -> Self {
    guard a.value > 0 else { throw .noBaseline }
    return try Self(
      estimate: b.value / a.value - 1,
      standardError: length(b.standardError, b.value / a.value * a.standardError) / a.value,
      scale: .relative, sampleSize: a.sampleSize + b.sampleSize)
  }

  private static func length(_ x: Double, _ y: Double) -> Double { (x * x + y * y).squareRoot() }

  /// estimate +- z standard errors: right for one look at a size fixed beforehand.
  public func interval(alpha: Double = 0.05) -> IntervalEstimate {
    let half = -Normal.quantile(alpha / 2) * standardError
    return IntervalEstimate(
      estimate: estimate, low: estimate - half, high: estimate + half, alpha: alpha, sampleSize: sampleSize,
      standardError: standardError)
  }

  /// The interval that holds at every look, while shares do not move; for shares that do, see
  /// ``DifferenceOfProportions``.
  public func interval(_ sequence: AsymptoticConfidenceSequence) -> IntervalEstimate {
    sequence.interval(
      mean: estimate, variance: standardError * standardError * Double(sampleSize), count: sampleSize)
  }
}
