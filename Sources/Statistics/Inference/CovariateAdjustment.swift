/// A difference of means freed from what was known of the units before the experiment began: the same effect with
/// less noise. Uses sums only; x is the value from before (never touched by the arm), y the outcome.
public struct CovariateAdjustment: Hashable, Sendable {
  /// Both arms' means as if both had had the same units.
  public let a: MetricValue
  public let b: MetricValue
  /// B - A.
  public let difference: EffectEstimate
  /// How much y moves with x, in A and in B.
  public let slopes: [Double]
  /// Variance of the difference over that without adjustment; 1 - correlation^2 in the long run. An experiment
  /// takes this share of the units it would have taken.
  public let varianceRatio: Double

  /// CUPED (Deng, Xu, Kohavi, Walker, WSDM 2013, equations 4 and 5): one slope for both arms,
  /// theta = Cov(x, y) / Var(x) within arms.
  public static func cuped(_ a: PairSummary, _ b: PairSummary) throws(DataCondition) -> Self {
    let (n, m) = (Double(a.count - 1), Double(b.count - 1))
    let spread = n * a.varianceX + m * b.varianceX
    let slope = spread > 0 ? (n * a.covariance + m * b.covariance) / spread : 0
    return try Self(a, b, slopes: [slope, slope], parametersPerArm: 1)
  }

  /// Regression with interactions (Lin, "Agnostic notes on regression adjustments to experimental data", Annals of
  /// Applied Statistics 2013, section 4): a slope per arm, never less precise than no adjustment in large samples,
  /// also with unequal shares. Where the slopes differ, the mean of x is itself an estimate, which adds
  /// (slope_B - slope_A)^2 Var(x) / (n_A + n_B) (Negi & Wooldridge, Econometric Reviews 2021, theorem 3.1).
  public static func interacted(_ a: PairSummary, _ b: PairSummary) throws(DataCondition) -> Self {
    let slopes = [a, b].map { $0.varianceX > 0 ? $0.covariance / $0.varianceX : 0 }
    return try Self(a, b, slopes: slopes, parametersPerArm: 2)
  }

  private init(
    _ a: PairSummary, _ b: PairSummary, slopes: [Double], parametersPerArm: Int64
  ) throws(DataCondition) {
    try a.check()
    try b.check()
    guard min(a.count, b.count) > parametersPerArm else { throw .tooFewUnits }
    let all = a + b
    func adjusted(_ arm: PairSummary, _ slope: Double) throws(DataCondition) -> MetricValue {
      let residual = max(0, arm.varianceY - 2 * slope * arm.covariance + slope * slope * arm.varianceX)
      let freed = Double(arm.count - 1) / Double(arm.count - parametersPerArm)
      return try MetricValue(
        value: arm.meanY - slope * (arm.meanX - all.meanX),
        standardError: (residual * freed / Double(arm.count)).squareRoot(), sampleSize: arm.count)
    }
    self.a = try adjusted(a, slopes[0])
    self.b = try adjusted(b, slopes[1])
    self.slopes = slopes
    let plain = try EffectEstimate.difference(self.a, self.b)
    let tilt = slopes[1] - slopes[0]
    let variance =
      plain.standardError * plain.standardError + tilt * tilt * all.varianceX / Double(all.count)
    difference = try EffectEstimate(
      estimate: plain.estimate, standardError: variance.squareRoot(), scale: .absolute,
      sampleSize: plain.sampleSize)
    varianceRatio = variance / (a.varianceY / Double(a.count) + b.varianceY / Double(b.count))
  }

  /// ln (B / A) of the adjusted means.
  public func logRatio() throws(DataCondition) -> EffectEstimate { try .logRatio(a, b) }
}
