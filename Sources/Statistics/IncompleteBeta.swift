import RealModule

/// The regularised incomplete beta function (NIST DLMF 8.17).
public enum IncompleteBeta {
  /// ln B(a, b).
  public static func logBeta(_ a: Double, _ b: Double) -> Double {
    .logGamma(a) + .logGamma(b) - .logGamma(a + b)
  }

  /// I_x(a, b), the probability that a Beta(a, b) variable is at most x.
  ///
  /// The continued fraction takes about sqrt(max(a, b)) terms: fine up to some millions. Comparisons of posteriors
  /// use ``BestArm``, which needs none of it.
  public static func regularised(_ a: Double, _ b: Double, _ x: Double) -> Double {
    precondition(a > 0 && b > 0 && (0...1).contains(x), "I_x(a, b) needs a, b > 0 and x in 0...1")
    if x == 0 || x == 1 { return x }
    // The fraction converges fast below the mean only; above it, use the mirror image.
    return x < (a + 1) / (a + b + 2) ? lower(a, b, x, 1 - x) : 1 - lower(b, a, 1 - x, x)
  }

  /// DLMF 8.17.22 by Lentz's method; `y` is 1 - x without its rounding.
  private static func lower(_ a: Double, _ b: Double, _ x: Double, _ y: Double) -> Double {
    let tiny = 1e-300
    var c = 1.0
    var d = 1 - (a + b) * x / (a + 1)
    d = 1 / (abs(d) < tiny ? tiny : d)
    var h = d
    var m = 1.0
    while m < 1e7 {
      let even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
      let odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
      var delta = 1.0
      for numerator in [even, odd] {
        d = 1 + numerator * d
        d = 1 / (abs(d) < tiny ? tiny : d)
        c = 1 + numerator / c
        if abs(c) < tiny { c = tiny }
        delta = d * c
        h *= delta
      }
      if abs(delta - 1) < 1e-16 { break }
      m += 1
    }
    return .exp(a * .log(x) + b * .log(y) - logBeta(a, b) + .log(h)) / a
  }
}
