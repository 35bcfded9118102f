import RealModule

/// The e-process of one contrast of a ``BetweenVersionModel``, for looks at any time and any noise between versions.
///
/// Were tau known, the mixture of Lindon, Ham, Tingley & Bojinov (2022), flat over the nuisance coefficients and
/// normal over the one of interest, would be a martingale under the null: with b the contrast's estimate, V its
/// variance and g the mixture's, E = N(b; V + g) / N(b; V). Tau is not known, and as data grow it does not become
/// known either: there are only so many versions. Nor does a scale group act on C + tau^2 I, so the paper's
/// right-Haar prior for sigma has no exact counterpart. As there, one prior w for the noise stands on both sides:
///
///     E = 1/2 * sum_tau,g w_tau w_g L(tau) N(b_tau - b0; V_tau + g) / sum_tau w_tau L(tau) N(b_tau - b0; V_tau)
///
/// Twice E is a martingale of mean 1 under the null with tau drawn from w, at any look. For one fixed tau its mean
/// is not exactly 1; the half pays for the worst: the largest mean over tau from 0 to 1.5, over 2 to 57 residual
/// degrees of freedom, sampling errors from 0.003 to 0.22 and contrasts of 2 to 16 versions is 1.81, at one look,
/// by importance sampling from the alternative (20,000 draws). That is a computed bound, not a theorem; the
/// simulations look every week. With plenty of traffic the evidence tends to a limit: that of so and so many
/// versions, each measured perfectly.
struct ContrastEvidence {
  let logLikelihoods: [Double]
  let estimates: [Double]
  let variances: [Double]

  /// Sizes of effects, in log-odds, over which the alternative mixes with equal weights.
  static let sizes = [0.1, 0.3]

  /// ln 2, for the worst tau.
  private static let logAllowance = Double.log(2)

  /// Estimate and variance at the most likely tau.
  var best: (estimate: Double, variance: Double) {
    let index = logLikelihoods.indices.max { logLikelihoods[$0] < logLikelihoods[$1] } ?? 0
    return (estimates[index], variances[index])
  }

  /// ln E against the contrast being `value`.
  func logEvidence(against value: Double) -> Double {
    var alternatives: [Double] = []
    alternatives.reserveCapacity(estimates.count * Self.sizes.count)
    var null = [Double](repeating: 0, count: estimates.count)
    for index in estimates.indices {
      let distance = estimates[index] - value
      let squared = distance * distance
      let variance = variances[index]
      let base = logLikelihoods[index] + BetweenVersionModel.logWeights[index]
      null[index] = base - 0.5 * (.log(variance) + squared / variance)
      for size in Self.sizes {
        let wide = variance + size * size
        alternatives.append(base - 0.5 * (.log(wide) + squared / wide))
      }
    }
    return logSum(alternatives) - .log(Double(Self.sizes.count)) - logSum(null) - Self.logAllowance
  }

  /// The values E does not refute at level alpha, which is the confidence sequence's interval at this look.
  func interval(alpha: Double) -> (low: Double, high: Double) {
    let centre = best.estimate
    let step = best.variance.squareRoot()
    let limit = -Double.log(alpha)
    return (bound(from: centre, by: -step, limit), bound(from: centre, by: step, limit))
  }

  /// Doubles the step until E refutes, then closes in by the Illinois variant of false position.
  private func bound(from centre: Double, by step: Double, _ limit: Double) -> Double {
    var near = centre
    var nearValue = logEvidence(against: centre) - limit
    guard nearValue < 0 else { return centre }
    var reach = 2 * step
    var far = centre + reach
    var farValue = logEvidence(against: far) - limit
    for _ in 0..<40 where farValue < 0 {
      (near, nearValue) = (far, farValue)
      reach *= 2
      far = centre + reach
      farValue = logEvidence(against: far) - limit
    }
    guard farValue >= 0 else { return far }
    var keptFar = 0
    for _ in 0..<60 where abs(far - near) > 1e-9 * abs(step) {
      let guess = (near * farValue - far * nearValue) / (farValue - nearValue)
      let value = logEvidence(against: guess) - limit
      if abs(value) < 1e-10 { return guess }
      if value < 0 {
        (near, nearValue) = (guess, value)
        keptFar = max(1, keptFar + 1)
        if keptFar > 1 { farValue *= 0.5 }
      } else {
        (far, farValue) = (guess, value)
        keptFar = min(-1, keptFar - 1)
        if keptFar < -1 { nearValue *= 0.5 }
      }
    }
    return far
  }
}
