import RealModule

/// How many standard errors an interval about a shrunken estimate must reach, when nothing is assumed of how true
/// effects are distributed but their second moment.
///
/// Armstrong, Kolesár, Plagborg-Møller, "Robust empirical Bayes confidence intervals" (Econometrica 2022), equations
/// 6 and 7: the estimate is off by a normalised bias b of mean square m; it misses +-c with probability
/// r(b^2, c) = Phi(-c - b) + Phi(-c + b), and in the worst case over all b with E b^2 = m with
///
///     rho(m, c) = sup { E r(b^2, c) : E b^2 = m },
///
/// the least concave majorant of r in its first argument: a straight line from 0 to t_0(c), then r itself (their
/// lemma B.1 in the supplement). The critical value solves rho(m, c) = alpha.
public enum RobustCriticalValue {
  /// - Parameter meanSquareBias: m, at least 0; 0 gives the usual z.
  public static func value(meanSquareBias m: Double, alpha: Double) -> Double {
    precondition(alpha > 0 && alpha < 1 && m >= 0, "needs 0 < alpha < 1 and a mean square of at least 0")
    let z = -Normal.quantile(alpha / 2)
    guard m > 0, m.isFinite else { return z }
    // Chebyshev's inequality bounds it: E(Z + b)^2 = 1 + m.
    let high = max(z, ((1 + m) / alpha).squareRoot()) + 1
    return RootFinding.root(between: z, and: high, tolerance: 1e-12) { worstMiss(m, $0) - alpha }
  }

  /// rho(m, c).
  static func worstMiss(_ m: Double, _ c: Double) -> Double {
    let edge = tangency(c)
    guard m < edge else { return miss(m, c) }
    let start = miss(0, c)
    return start + m / edge * (miss(edge, c) - start)
  }

  /// r(t, c), t = b^2.
  private static func miss(_ t: Double, _ c: Double) -> Double {
    let b = t.squareRoot()
    return Normal.cdf(-c - b) + Normal.cdf(b - c)
  }

  /// t_0(c): where the line from r(0, c) touches r; 0 for c < sqrt(3), where r is concave throughout.
  private static func tangency(_ c: Double) -> Double {
    guard c > 3.0.squareRoot() else { return 0 }
    /// r(t) - r(0) - t r'(t): negative while the line lies above, positive from the tangent point on.
    func gap(_ t: Double) -> Double {
      let b = t.squareRoot()
      let slope = (density(b - c) - density(b + c)) / (2 * b)
      return miss(t, c) - miss(0, c) - t * slope
    }
    // r is convex up to its turning point and concave after it, so the gap changes sign once, above it.
    return RootFinding.root(between: 1e-6, and: (c + 3) * (c + 3), tolerance: 1e-12, gap)
  }

  private static func density(_ z: Double) -> Double { .exp(Normal.logDensity(z)) }
}
