/// Classical intervals, right for one look at a size fixed beforehand and for nothing else. For reference, and for
/// data that will never be looked at again, such as an imported export.
public enum FixedHorizon {
  /// Wilson's score interval of a rate (Wilson 1927); nil without trials or for impossible counts.
  public static func wilson(_ counts: BinomialCounts, alpha: Double = 0.05) -> IntervalEstimate? {
    guard counts.isPossible, counts.trials > 0 else { return nil }
    let z = -Normal.quantile(alpha / 2)
    let n = Double(counts.trials)
    let p = counts.rate
    let centre = (p + z * z / (2 * n)) / (1 + z * z / n)
    let half = z * (p * (1 - p) / n + z * z / (4 * n * n)).squareRoot() / (1 + z * z / n)
    // At 0 and 1 the bound is exact; rounding must not put it outside its own estimate.
    return IntervalEstimate(
      estimate: p, low: counts.successes == 0 ? 0 : max(0, centre - half),
      high: counts.successes == counts.trials ? 1 : min(1, centre + half), alpha: alpha,
      sampleSize: counts.trials, standardError: (p * (1 - p) / n).squareRoot())
  }

  /// B minus A +- z standard errors, unpooled (Wald).
  public static func wald(_ a: BinomialCounts, _ b: BinomialCounts, alpha: Double = 0.05)
    -> IntervalEstimate?
  {
    guard let wilsonA = wilson(a, alpha: alpha), let wilsonB = wilson(b, alpha: alpha) else { return nil }
    let error =
      (wilsonA.standardError * wilsonA.standardError + wilsonB.standardError * wilsonB.standardError)
      .squareRoot()
    let half = -Normal.quantile(alpha / 2) * error
    let difference = b.rate - a.rate
    return IntervalEstimate(
      estimate: difference, low: difference - half, high: difference + half, alpha: alpha,
      sampleSize: a.trials + b.trials, standardError: error)
  }

  /// B minus A from both arms' Wilson intervals (Newcombe 1998, method 10).
  public static func newcombe(_ a: BinomialCounts, _ b: BinomialCounts, alpha: Double = 0.05)
    -> IntervalEstimate?
  {
    guard let wilsonA = wilson(a, alpha: alpha), let wilsonB = wilson(b, alpha: alpha),
      var interval = wald(a, b, alpha: alpha)
    else { return nil }
    func length(_ x: Double, _ y: Double) -> Double { (x * x + y * y).squareRoot() }
    interval.low = interval.estimate - length(b.rate - wilsonB.low, wilsonA.high - a.rate)
    interval.high = interval.estimate + length(wilsonB.high - b.rate, a.rate - wilsonA.low)
    return interval
  }

  /// B minus A by inverting the score test (Miettinen & Nurminen, "Comparative analysis of two rates", Statistics in
  /// Medicine 1985, equations 7 and 8): the differences d that are not rejected when the variance is that of the
  /// rates most likely under d, times N / (N - 1). Keeps its level for small counts, where the others do not.
  public static func score(_ a: BinomialCounts, _ b: BinomialCounts, alpha: Double = 0.05)
    -> IntervalEstimate?
  {
    guard var interval = wald(a, b, alpha: alpha) else { return nil }
    let test = ScoreTest(a: a, b: b)
    let z = -Normal.quantile(alpha / 2)
    interval.low = test.boundary(z, from: -1, to: interval.estimate)
    interval.high = test.boundary(-z, from: interval.estimate, to: 1)
    return interval
  }

  /// The pooled two-sample z test; nil when nothing varies.
  public static func pooledTest(_ a: BinomialCounts, _ b: BinomialCounts) -> (z: Double, pValue: Double)? {
    guard a.isPossible, b.isPossible, a.trials > 0, b.trials > 0 else { return nil }
    let pooled = (a + b).rate
    let variance = pooled * (1 - pooled) * (1 / Double(a.trials) + 1 / Double(b.trials))
    guard variance > 0 else { return nil }
    let z = (b.rate - a.rate) / variance.squareRoot()
    return (z, 2 * Normal.survival(abs(z)))
  }
}
