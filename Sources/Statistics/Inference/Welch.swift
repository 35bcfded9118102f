/// Welch's interval for the difference of two means (1947): Student's t with the degrees of freedom of
/// Satterthwaite. For few units of a nearly normal metric and one look.
public enum Welch {
  public static func difference(
    _ a: Moments, _ b: Moments, alpha: Double = 0.05
  ) throws(DataCondition) -> (interval: IntervalEstimate, degreesOfFreedom: Double, pValue: Double) {
    let (left, right) = (try MetricValue(a), try MetricValue(b))
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
