import RealModule

/// Lines that a sum of mean zero crosses with probability at most alpha at any time, by how its steps are bounded.
///
/// Howard, Ramdas, McAuliffe, Sekhon, "Time-uniform, nonparametric, nonasymptotic confidence sequences" (Annals of
/// Statistics 2021, arXiv:1810.08240). A boundary is a function of the intrinsic time v, the accumulated variance or
/// a bound of it. Each mixture is tuned to be tightest near `tunedAt` (there called v_opt); fix it beforehand.
///
/// All return nil for a negative or non-finite v and where no finite line exists.
public enum UniformBoundary {
  public enum Sides: String, Hashable, Sendable, Codable { case one, two }

  /// The mixture's precision rho that makes it tightest at v: v / (2 ln(1/a) + ln(1 + 2 ln(1/a))), with a = alpha for
  /// two sides and 2 alpha for one (proposition 3 and its discussion).
  public static func mixturePrecision(tunedAt v: Double, alpha: Double, sides: Sides) -> Double {
    check(alpha)
    precondition(v > 0 && v.isFinite, "a boundary is tuned at a positive time, not at \(v)")
    let doubled = -2 * Double.log(sides == .two ? alpha : min(2 * alpha, 0.9))
    return v / (doubled + .log(onePlus: doubled))
  }

  /// Sub-Gaussian sums, two-sided: sqrt( (v + rho) (ln((v + rho) / rho) + 2 ln(1 / alpha)) ), equation 14; one-sided:
  /// proposition 5 (a normal mixture cut at zero).
  public static func normalMixture(
    _ v: Double, alpha: Double = 0.05, tunedAt: Double, sides: Sides = .two
  ) -> Double? {
    let rho = mixturePrecision(tunedAt: tunedAt, alpha: alpha, sides: sides)
    guard v >= 0, v.isFinite else { return nil }
    if sides == .two {
      return ((v + rho) * (.log(onePlus: v / rho) - 2 * .log(alpha))).squareRoot()
    }
    return crossing(alpha: alpha, scale: (v + rho).squareRoot()) { s in
      let z = s / (v + rho).squareRoot()
      return .log(2) - 0.5 * .log(onePlus: v / rho) + 0.5 * z * z + Normal.logCDF(z)
    }
  }

  /// Sums of steps in -g...h with mean zero, v = g h times their number (proposition 7): a Beta mixture over the
  /// success probability of the tilted two-point step.
  public static func betaBinomial(
    _ v: Double, alpha: Double = 0.05, tunedAt: Double, g: Double, h: Double, sides: Sides = .one
  ) -> Double? {
    precondition(g > 0 && h > 0 && g.isFinite && h.isFinite, "a step lies between -g and h, both positive")
    let precision = mixturePrecision(tunedAt: tunedAt, alpha: alpha, sides: sides)
    let mixture = BetaBinomialMixture(r: max(precision - g * h, 1e-3 * g * h), g: g, h: h, sides: sides)
    guard v >= 0, v.isFinite else { return nil }
    return crossing(alpha: alpha, scale: (v + precision).squareRoot(), limit: v / g) {
      mixture.logEvidence($0, v)
    }
  }

  /// Sub-exponential sums of scale c, such as those with an empirical variance for v (proposition 9).
  public static func gammaExponential(_ v: Double, alpha: Double = 0.05, tunedAt: Double, c: Double)
    -> Double?
  {
    gamma(v, alpha: alpha, tunedAt: tunedAt, c: c) { $0.logExponential($1, $2) }
  }

  /// Sub-Poisson sums of scale c: steps at most c, v their variance (proposition 10).
  public static func gammaPoisson(_ v: Double, alpha: Double = 0.05, tunedAt: Double, c: Double) -> Double? {
    gamma(v, alpha: alpha, tunedAt: tunedAt, c: c) { $0.logPoisson($1, $2) }
  }

  private static func gamma(
    _ v: Double, alpha: Double, tunedAt: Double, c: Double,
    _ logEvidence: (GammaMixture, Double, Double) -> Double
  ) -> Double? {
    precondition(c > 0 && c.isFinite, "the scale c must be positive")
    let rho = mixturePrecision(tunedAt: tunedAt, alpha: alpha, sides: .one)
    guard v >= 0, v.isFinite else { return nil }
    // In units of c: s / c and v / c^2.
    let mixture = GammaMixture(rho: rho / (c * c))
    let time = v / (c * c)
    return crossing(alpha: alpha, scale: (time + mixture.rho).squareRoot()) { logEvidence(mixture, $0, time) }
      .map { $0 * c }
  }

  /// The polynomial stitched boundary for sub-gamma sums (theorem 1, equation 10), which follows the law of the
  /// iterated logarithm: epochs grow by eta, and the h-th gets a share h^-s / zeta(s) of alpha.
  /// - Parameters:
  ///   - minimumTime: v_min; the line is flat before it.
  ///   - c: scale of the sub-gamma steps, 0 for sub-Gaussian ones.
  public static func stitched(
    _ v: Double, alpha: Double = 0.05, minimumTime: Double, c: Double = 0, s: Double = 1.4, eta: Double = 2
  ) -> Double? {
    check(alpha)
    precondition(minimumTime > 0 && c >= 0 && s > 1 && eta > 1, "v_min > 0, c >= 0, s > 1 and eta > 1")
    guard v >= 0, v.isFinite else { return nil }
    let v = max(v, minimumTime)
    let root = eta.squareRoot()
    let k1 = (root.squareRoot() + 1 / root.squareRoot()) / 2.0.squareRoot()
    let k2 = (root + 1) / 2
    let level =
      s * .log(.log(eta * (v / minimumTime))) + .log(RiemannZeta.value(s))
      - .log(alpha) - s * .log(.log(eta))
    let linear = k2 * c * level
    return (k1 * k1 * v * level + linear * linear).squareRoot() + linear
  }

  /// The s at which an increasing ln e reaches ln(1 / alpha).
  private static func crossing(
    alpha: Double, scale: Double, limit: Double = .greatestFiniteMagnitude, _ logEvidence: (Double) -> Double
  ) -> Double? {
    let threshold = -Double.log(alpha)
    var outside = min(scale, limit)
    while !(logEvidence(outside) >= threshold) {
      guard outside < limit, outside < 1e300 else { return nil }
      outside = min(2 * outside, limit)
    }
    var inside = 0.0
    for _ in 0..<200 {
      let middle = 0.5 * (inside + outside)
      guard middle > inside, middle < outside else { break }
      if logEvidence(middle) >= threshold { outside = middle } else { inside = middle }
    }
    return outside
  }

  private static func check(_ alpha: Double) {
    precondition(alpha > 0 && alpha < 1, "alpha lies between 0 and 1, not at \(alpha)")
  }
}
