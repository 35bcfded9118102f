import RealModule

/// Student's t distribution: for effects whose noise was itself estimated from a few days.
public enum StudentT {
  /// P(|T| > t), both tails.
  public static func twoSidedTail(_ t: Double, degreesOfFreedom v: Double) -> Double {
    guard v < 1e8 else { return 2 * Normal.survival(abs(t)) }
    return IncompleteBeta.regularised(v / 2, 0.5, v / (v + t * t))
  }

  /// The t that is exceeded in either direction with probability `alpha`.
  public static func criticalValue(alpha: Double, degreesOfFreedom v: Double) -> Double {
    precondition(alpha > 0 && alpha < 1 && v > 0, "t needs 0 < alpha < 1 and degrees of freedom > 0")
    var low = -Normal.quantile(alpha / 2)
    guard v < 1e8 else { return low }
    // The tails are heavier than the normal's, so the answer lies above; find a bound, then halve.
    var high = 2 * low + 1
    while twoSidedTail(high, degreesOfFreedom: v) > alpha {
      low = high
      high *= 2
    }
    for _ in 0..<80 where high - low > 1e-15 * high {
      let middle = 0.5 * (low + high)
      if twoSidedTail(middle, degreesOfFreedom: v) > alpha { low = middle } else { high = middle }
    }
    return 0.5 * (low + high)
  }
}
