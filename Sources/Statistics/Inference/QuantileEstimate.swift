import RealModule

/// A quantile and its interval from a histogram: no bootstrap, no values kept.
public enum QuantileEstimate {
  /// The interval between two order statistics whose ranks hold the true quantile with probability 1 - alpha,
  /// widened by the histogram's accuracy.
  ///
  /// Independent values, at most 10,000: exact binomial ranks (David & Nagaraja, "Order statistics", 2003,
  /// section 7.1). Otherwise ranks at level +- z sqrt(level (1 - level) designEffect / n), which also holds when a
  /// viewer brings several values that hang together (Deng, Knoblich, Lu, KDD 2018, section 4.2).
  /// - Parameter designEffect: ``BivariateMoments/designEffect`` of the share of values below the quantile; 1 for
  ///   independent values.
  /// - Throws: ``DataCondition/tooFewUnits`` when no two order statistics enclose the quantile surely enough.
  public static func interval(
    _ level: Double, of histogram: LogHistogram, alpha: Double = 0.05, designEffect: Double = 1
  ) throws(DataCondition) -> IntervalEstimate {
    guard level > 0, level < 1, designEffect.isFinite else { throw .notFinite }
    let count = histogram.count
    guard count > 1, designEffect < Double(count) else { throw .tooFewUnits }
    let ranks =
      designEffect <= 1 && count <= 10_000
      ? exactRanks(level, count, alpha) : normalRanks(level, count, alpha, max(1, designEffect))
    guard ranks.low >= 1, ranks.high <= count else { throw .tooFewUnits }
    let low = histogram.value(atRank: ranks.low) * (1 - histogram.accuracy)
    let high = histogram.value(atRank: ranks.high) * (1 + histogram.accuracy)
    return IntervalEstimate(
      estimate: try histogram.quantile(level), low: low, high: high, alpha: alpha, sampleSize: count,
      standardError: (high - low) / (-2 * Normal.quantile(alpha / 2)))
  }

  /// For ``EffectEstimate``: the standard error is the interval's half width over z.
  public static func metric(
    _ level: Double, of histogram: LogHistogram, designEffect: Double = 1
  ) throws(DataCondition) -> MetricValue {
    let interval = try interval(level, of: histogram, designEffect: designEffect)
    return try MetricValue(
      value: interval.estimate, standardError: interval.standardError, sampleSize: interval.sampleSize)
  }

  private static func normalRanks(
    _ level: Double, _ count: Int64, _ alpha: Double, _ designEffect: Double
  ) -> (low: Int64, high: Int64) {
    let n = Double(count)
    let reach = -Normal.quantile(alpha / 2) * (level * (1 - level) * designEffect * n).squareRoot()
    return (Int64((level * n - reach).rounded(.down)), Int64((level * n + reach).rounded(.up)) + 1)
  }

  /// low: the largest r with P(Bin(n, level) < r) <= alpha / 2; high: the smallest s with
  /// P(Bin(n, level) >= s) <= alpha / 2.
  private static func exactRanks(
    _ level: Double, _ count: Int64, _ alpha: Double
  ) -> (low: Int64, high: Int64) {
    // P(Bin(n, p) >= r) = I_p(r, n - r + 1).
    func reaching(_ r: Int64) -> Double {
      if r <= 0 { return 1 }
      return r > count ? 0 : IncompleteBeta.regularised(Double(r), Double(count - r + 1), level)
    }
    /// The smallest r for which `holds`, which is false up to it and true from there.
    func first(_ holds: (Int64) -> Bool) -> Int64 {
      var (low, high) = (Int64(0), count + 1)
      while low < high {
        let middle = (low + high) / 2
        if holds(middle) { high = middle } else { low = middle + 1 }
      }
      return low
    }
    return (first { 1 - reaching($0) > alpha / 2 } - 1, first { reaching($0) <= alpha / 2 })
  }
}
