import RealModule

/// A mixture over possible effects of a Gaussian random walk's likelihood ratio: a test martingale whose crossing of
/// 1 / alpha has probability at most alpha, at whatever time (Ville 1939; Robbins 1970).
///
/// The walk S has variance 1 per unit of time and drift mu. A bet on mu earns exp(mu S - mu^2 t / 2); a mixture
/// over mu earns the mean of that. Everything is said by z = S / sqrt t and t.
struct GaussianMixture: Hashable, Sendable {
  /// Variance of the wide component, centred at no effect.
  let spread: Double
  /// Centre of the twin components at +drift and -drift, each with variance (drift / 4)^2; nil: wide component only.
  let drift: Double?

  /// The share of the wide component beside the twins: it stops early on effects much larger than planned, at a
  /// price of ln(1 / 0.85) = 0.16 on the planned one.
  private static let wideShare = 0.15
  private static let twinSpread = 0.25

  /// ln of the mixture's e-value against no drift.
  func logEvidence(z: Double, time: Double) -> Double {
    // A z beyond this has no meaning but must not overflow when squared.
    let z = min(max(z, -1e150), 1e150)
    guard let drift else { return wide(z, time).value }
    let wide = wide(z, time).value + .log(Self.wideShare)
    let twins = twins(z, time, drift).value + .log(1 - Self.wideShare)
    let larger = max(wide, twins)
    return larger + .log(onePlus: .exp(min(wide, twins) - larger))
  }

  /// The |z| at which the e-value reaches 1 / alpha.
  func criticalZ(time: Double, alpha: Double) -> Double {
    let threshold = -Double.log(alpha)
    let ratio = time * spread
    let growth = Double.log(onePlus: ratio)
    guard let drift else { return ((1 + 1 / ratio) * (growth + 2 * threshold)).squareRoot() }
    // ln e is convex and grows with z, and the wide component alone suffices here: Newton's steps come down to
    // the root from above and never pass it.
    var z = ((1 + 1 / ratio) * (growth + 2 * (threshold - .log(Self.wideShare)))).squareRoot()
    for _ in 0..<60 {
      let wide = wide(z, time)
      let twins = twins(z, time, drift)
      let difference = twins.value - wide.value
      // The twins' share of the evidence, without overflow either way.
      let share = 1 / (1 + Self.wideShare / (1 - Self.wideShare) * .exp(-difference))
      let slope = wide.slope + share * (twins.slope - wide.slope)
      let step = (logEvidence(z: z, time: time) - threshold) / slope
      z -= step
      if abs(step) <= 4e-16 * z { break }
    }
    return z
  }

  /// Drift ~ N(0, spread): -ln(1 + t s) / 2 + z^2 / 2 * t s / (1 + t s), and its slope in z.
  private func wide(_ z: Double, _ time: Double) -> (value: Double, slope: Double) {
    let ratio = time * spread
    let weight = ratio / (1 + ratio)
    return (0.5 * (z * z * weight - .log(onePlus: ratio)), z * weight)
  }

  /// Drift ~ (N(m, s) + N(-m, s)) / 2:
  ///
  ///     -ln(1 + t s) / 2 + (z^2 t s - t m^2) / (2 (1 + t s)) + ln cosh( z sqrt(t) m / (1 + t s) )
  private func twins(_ z: Double, _ time: Double, _ drift: Double) -> (value: Double, slope: Double) {
    let ratio = time * (Self.twinSpread * drift) * (Self.twinSpread * drift)
    let pull = time.squareRoot() * drift / (1 + ratio)
    let x = abs(z * pull)
    let logCosh = x + .log(onePlus: .exp(-2 * x)) - .log(2)
    let value =
      0.5 * (z * z * ratio - time * drift * drift) / (1 + ratio) - 0.5 * .log(onePlus: ratio) + logCosh
    return (value, z * ratio / (1 + ratio) + pull * .tanh(z * pull))
  }
}
