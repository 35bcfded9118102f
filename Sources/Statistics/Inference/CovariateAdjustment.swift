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
  public static func cuped(_ a: BivariateMoments, _ b: BivariateMoments) throws(DataCondition) -> Self {
    let spread = a.squaredDeviationsX + b.squaredDeviationsX
    let slope = spread > 0 ? (a.codeviations + b.codeviations) / spread : 0
    return try Self(a, b, slopes: [slope, slope], parametersPerArm: 1)
  }

  /// Regression with interactions (Lin, "Agnostic notes on regression adjustments to experimental data", Annals of
  /// Applied Statistics 2013, section 4): a slope per arm, never less precise than no adjustment in large samples,
  /// also with unequal shares. Where the slopes differ, the mean of x is itself an estimate, which adds
  /// (slope_B - slope_A)^2 Var(x) / (n_A + n_B) (Negi & Wooldridge, Econometric Reviews 2021, theorem 3.1).
  public static func interacted(_ a: BivariateMoments, _ b: BivariateMoments) throws(DataCondition) -> Self {
    let slopes = [a, b].map { $0.squaredDeviationsX > 0 ? $0.codeviations / $0.squaredDeviationsX : 0 }
    return try Self(a, b, slopes: slopes, parametersPerArm: 2)
  }

  private init(
    _ a: BivariateMoments, _ b: BivariateMoments, slopes: [Double], parametersPerArm: Int64
  ) throws(DataCondition) {
    try a.check()
    try b.check()
    guard min(a.count, b.count) > parametersPerArm else { throw .tooFewUnits }
    let all = a + b
    func adjusted(_ arm: BivariateMoments, _ slope: Double) throws(DataCondition) -> MetricValue {
      let variance = arm.residualVariance(slope: slope) / Double(arm.count - parametersPerArm)
      return try MetricValue(
        value: arm.meanY - slope * (arm.meanX - all.meanX), standardError: variance.squareRoot(),
        sampleSize: arm.count)
    }
    self.a = try adjusted(a, slopes[0])
    self.b = try adjusted(b, slopes[1])
    self.slopes = slopes
    let plain = try EffectEstimate.difference(self.a, self.b)
    let tilt = slopes[1] - slopes[0]
    let variance =
      plain.standardError * plain.standardError + tilt * tilt * all.x.sampleVariance / Double(all.count)
    difference = try EffectEstimate(
      estimate: plain.estimate, standardError: variance.squareRoot(), scale: .absolute,
      sampleSize: plain.sampleSize)
    varianceRatio = variance / (a.y.sampleVariance / Double(a.count) + b.y.sampleVariance / Double(b.count))
  }

  /// ln (B / A) of the adjusted means.
  public func logRatio() throws(DataCondition) -> EffectEstimate { try .logRatio(a, b) }
}
