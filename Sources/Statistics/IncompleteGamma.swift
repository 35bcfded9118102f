import RealModule

/// Regularised incomplete gamma functions (NIST DLMF 8.2), in log space.
public enum IncompleteGamma {
  /// ln Q(a, x), the logarithm of the upper tail; `a > 0`, `x >= 0`.
  public static func logUpper(_ a: Double, _ x: Double) -> Double {
    precondition(a > 0 && x >= 0, "Q(a, x) needs a > 0 and x >= 0")
    if x == 0 { return 0 }
    return x < a + 1 ? .log(onePlus: -.exp(logLowerBySeries(a, x))) : logUpperByFraction(a, x)
  }

  /// ln P(a, x), the logarithm of the lower tail.
  public static func logLower(_ a: Double, _ x: Double) -> Double {
    precondition(a > 0 && x >= 0, "P(a, x) needs a > 0 and x >= 0")
    if x == 0 { return -.infinity }
    return x < a + 1 ? logLowerBySeries(a, x) : .log(onePlus: -.exp(logUpperByFraction(a, x)))
  }

  /// DLMF 8.11.4.
  private static func logLowerBySeries(_ a: Double, _ x: Double) -> Double {
    var term = 1.0
    var sum = 1.0
    var n = a
    while term > sum * 1e-17 {
      n += 1
      term *= x / n
      sum += term
    }
    return a * .log(x) - x - .logGamma(a + 1) + .log(sum)
  }

  /// DLMF 8.9.2 by Lentz's method.
  private static func logUpperByFraction(_ a: Double, _ x: Double) -> Double {
    let tiny = 1e-300
    var b = x + 1 - a
    var c = 1 / tiny
    var d = 1 / b
    var h = d
    var i = 1.0
    while i < 1e7 {
      let an = -i * (i - a)
      b += 2
      d = an * d + b
      if abs(d) < tiny { d = tiny }
      c = b + an / c
      if abs(c) < tiny { c = tiny }
      d = 1 / d
      let delta = d * c
      h *= delta
      if abs(delta - 1) < 1e-16 { break }
      i += 1
    }
    return a * .log(x) - x - .logGamma(a) + .log(h)
  }
}

/// The chi-square distribution.
public enum ChiSquare {
  /// P(X > x) with the given degrees of freedom.
  public static func survival(_ x: Double, degreesOfFreedom: Double) -> Double {
    .exp(logSurvival(x, degreesOfFreedom: degreesOfFreedom))
  }

  /// ln P(X > x), finite where the probability underflows.
  public static func logSurvival(_ x: Double, degreesOfFreedom: Double) -> Double {
    IncompleteGamma.logUpper(degreesOfFreedom / 2, max(0, x) / 2)
  }
}
