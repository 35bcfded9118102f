import RealModule

/// The standard normal distribution, precise far into both tails.
public enum Normal {
  /// P(Z <= z).
  public static func cdf(_ z: Double) -> Double {
    0.5 * .erfc(-z / 2.0.squareRoot())
  }

  /// P(Z > z), without the cancellation of `1 - cdf(z)`.
  public static func survival(_ z: Double) -> Double { cdf(-z) }

  /// ln P(Z <= z): finite where the probability itself is below the smallest number.
  public static func logCDF(_ z: Double) -> Double {
    if z > 0 { return .log(onePlus: -cdf(-z)) }
    if z > -6 { return .log(cdf(z)) }
    // Mills' ratio as Laplace's continued fraction (Abramowitz & Stegun 26.2.14), evaluated backwards.
    let x = -z
    var denominator = x
    for term in stride(from: 80.0, through: 1, by: -1) { denominator = x + term / denominator }
    return logDensity(z) - .log(denominator)
  }

  public static func logDensity(_ z: Double) -> Double {
    -0.5 * z * z - 0.5 * .log(2 * .pi)
  }

  /// The z with P(Z <= z) = p: Wichura, Algorithm AS 241 (PPND16), about 1e-16 relative.
  /// - Returns: minus or plus infinity at 0 and 1.
  public static func quantile(_ p: Double) -> Double {
    precondition((0...1).contains(p), "a probability lies between 0 and 1, not at \(p)")
    let q = p - 0.5
    if abs(q) <= 0.425 {
      let r = 0.180625 - q * q
      return q * polynomial(r, WichuraCoefficients.a) / polynomial(r, WichuraCoefficients.b)
    }
    let tail = min(p, 1 - p)
    guard tail > 0 else { return q < 0 ? -.infinity : .infinity }
    let magnitude = wichuraTail((-Double.log(tail)).squareRoot())
    return q < 0 ? -magnitude : magnitude
  }

  /// The z with ln P(Z <= z) = `logProbability` (at most 0), for probabilities no `Double` can hold.
  public static func quantile(logProbability: Double) -> Double {
    precondition(logProbability <= 0, "the logarithm of a probability is at most 0")
    if logProbability > -1 { return quantile(.exp(logProbability)) }
    if logProbability == -.infinity { return -.infinity }
    let root = (-logProbability).squareRoot()
    var z = root < 26 ? -wichuraTail(root) : -(2.0.squareRoot() * root)
    // ln cdf is concave, so Newton's steps converge from either side.
    for _ in 0..<8 {
      let logP = logCDF(z)
      let step = (logP - logProbability) / .exp(logDensity(z) - logP)
      z -= step
      if abs(step) <= 1e-15 * abs(z) { break }
    }
    return z
  }

  private static func wichuraTail(_ root: Double) -> Double {
    if root <= 5 {
      let r = root - 1.6
      return polynomial(r, WichuraCoefficients.c) / polynomial(r, WichuraCoefficients.d)
    }
    let r = root - 5
    return polynomial(r, WichuraCoefficients.e) / polynomial(r, WichuraCoefficients.f)
  }

  private static func polynomial(_ x: Double, _ coefficients: [Double]) -> Double {
    coefficients.reversed().reduce(0) { $0 * x + $1 }
  }
}

/// Wichura, "Algorithm AS 241: The percentage points of the normal distribution", Applied Statistics 37 (1988).
private enum WichuraCoefficients {
  static let a = [
    3.3871328727963666080e0, 1.3314166789178437745e2, 1.9715909503065514427e3, 1.3731693765509461125e4,
    4.5921953931549871457e4, 6.7265770927008700853e4, 3.3430575583588128105e4, 2.5090809287301226727e3,
  ]
  static let b = [
    1.0, 4.2313330701600911252e1, 6.8718700749205790830e2, 5.3941960214247511077e3,
    2.1213794301586595867e4, 3.9307895800092710610e4, 2.8729085735721942674e4, 5.2264952788528545610e3,
  ]
  static let c = [
    1.42343711074968357734e0, 4.63033784615654529590e0, 5.76949722146069140550e0, 3.64784832476320460504e0,
    1.27045825245236838258e0, 2.41780725177450611770e-1, 2.27238449892691845833e-2, 7.74545014278341407640e-4,
  ]
  static let d = [
    1.0, 2.05319162663775882187e0, 1.67638483018380384940e0, 6.89767334985100004550e-1,
    1.48103976427480074590e-1, 1.51986665636164571966e-2, 5.47593808499534494600e-4,
    1.05075007164441684324e-9,
  ]
  static let e = [
    6.65790464350110377720e0, 5.46378491116411436990e0, 1.78482653991729133580e0, 2.96560571828504891230e-1,
    2.65321895265761230930e-2, 1.24266094738807843860e-3, 2.71155556874348757815e-5,
    2.01033439929228813265e-7,
  ]
  static let f = [
    1.0, 5.99832206555887937690e-1, 1.36929880922735805310e-1, 1.48753612908506148525e-2,
    7.86869131145613259100e-4, 1.84631831751005468180e-5, 1.42151175831644588870e-7,
    2.04426310338993978564e-15,
  ]
}
