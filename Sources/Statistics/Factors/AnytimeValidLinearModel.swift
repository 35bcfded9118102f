import RealModule

/// The sequential t- and F-test of a linear model's coefficients.
///
/// Lindon, Ham, Tingley, Bojinov, "Anytime-Valid Linear Models and Regression Adjusted Causal Inference in
/// Randomized Experiments" (arXiv:2210.08589): Y = X b + Z d + noise, with the right-Haar mixture over the nuisance
/// (b, sigma) under both hypotheses and d / sigma ~ N(0, Phi^-1) under the alternative. For one coefficient, with t
/// its ordinary t statistic on v residual degrees of freedom, z = Z'(I - P_X) Z its information (the squared length
/// of its regressor after all others were projected out) and r = Phi / (Phi + z):
///
///     ln E = 1/2 ln r + (v + 1)/2 [ ln(1 + t^2 / v) - ln(1 + r t^2 / v) ]
///
/// and for d coefficients with Phi = phi z / n (a g-prior, r the same for all directions), f their F statistic:
///
///     ln E = d/2 ln r + (v + d)/2 [ ln(1 + d f / v) - ln(1 + r d f / v) ]
///
/// E is the likelihood ratio of the maximal invariant, so under the null its sequence is a martingale of mean 1
/// whatever b and sigma are, and E >= 1 / alpha at any look whatever with probability at most alpha. Observations
/// of known relative precision enter multiplied by its square root.
public enum AnytimeValidLinearModel {
  /// What the mixture takes the coefficient to be when it is not zero.
  public enum Alternative: Hashable, Sendable { case twoSided, greater }

  /// ln E of one coefficient.
  /// - Parameters:
  ///   - t: estimate over its standard error, the noise's variance estimated.
  ///   - degreesOfFreedom: v, observations less all coefficients.
  ///   - information: z.
  ///   - priorPrecision: Phi; 1 over the variance expected of d / sigma. Fix it before the first look.
  ///   - alternative: `.greater` mixes over positive coefficients only. The prior being symmetric, that is E times
  ///     twice the posterior probability of d > 0, a Student t on v + 1 degrees of freedom.
  /// - Returns: 0, no evidence, where nothing can be said.
  public static func logEvidence(
    t: Double, degreesOfFreedom v: Double, information z: Double, priorPrecision: Double,
    alternative: Alternative = .twoSided
  ) -> Double {
    guard v > 0, z > 0, priorPrecision > 0, t.isFinite, z.isFinite else { return 0 }
    let r = priorPrecision / (priorPrecision + z)
    let squared = t * t / v
    let twoSided = 0.5 * .log(r) + 0.5 * (v + 1) * (.log(onePlus: squared) - .log(onePlus: r * squared))
    guard alternative == .greater else { return twoSided }
    // Posterior mean over its scale: t sqrt(1 - r) over the noise estimated with the prior's help.
    let standardised = t * ((1 - r) * (v + 1) / (v * (1 + r * squared))).squareRoot()
    let tail = 0.5 * StudentT.twoSidedTail(standardised, degreesOfFreedom: v + 1)
    return twoSided + .log(2 * (standardised > 0 ? 1 - tail : max(tail, .leastNormalMagnitude)))
  }

  /// ln E of `coefficients` many at once.
  /// - Parameter shrinkage: r, between 0 and 1: the g-prior's weight beside the data's, g / (g + n).
  public static func logEvidence(
    f: Double, coefficients d: Int, degreesOfFreedom v: Double, shrinkage r: Double
  ) -> Double {
    guard v > 0, d > 0, r > 0, r < 1, f >= 0, f.isFinite else { return 0 }
    let ratio = Double(d) * f / v
    return 0.5 * Double(d) * .log(r) + 0.5 * (v + Double(d))
      * (.log(onePlus: ratio) - .log(onePlus: r * ratio))
  }

  /// How many standard errors the confidence sequence reaches to either side of the estimate: the |t| with
  /// E = 1 / alpha.
  /// - Returns: infinity while v and z do not suffice for any claim.
  public static func radius(
    alpha: Double, degreesOfFreedom v: Double, information z: Double, priorPrecision: Double
  ) -> Double {
    guard v > 0, z > 0, priorPrecision > 0 else { return .infinity }
    let r = priorPrecision / (priorPrecision + z)
    // (1 + x) / (1 + r x) = k with x = t^2 / v; r near 1 and k near 1 are told apart by their logarithms.
    let logK = (-2 * .log(alpha) - .log(r)) / (v + 1)
    let room = -Double.expMinusOne(logK + .log(r))
    guard room > 0 else { return .infinity }
    return (v * .expMinusOne(logK) / room).squareRoot()
  }
}
