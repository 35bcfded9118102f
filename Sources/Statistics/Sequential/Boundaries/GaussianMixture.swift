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
  private static let logWideShare = Double.log(wideShare)
  private static let logTwinShare = Double.log(0.5 * (1 - wideShare))

  /// ln of the mixture's e-value against no drift.
  func logEvidence(z: Double, time: Double) -> Double {
    // A z beyond this has no meaning but must not overflow when squared.
    let z = min(max(z, -1e150), 1e150)
    guard let drift else {
      let ratio = time * spread
      return 0.5 * (z * z * (ratio / (1 + ratio)) - .log(onePlus: ratio))
    }
    return Terms(self, time: time, drift: drift).evidence(z).value
  }

  /// The |z| at which the e-value reaches 1 / alpha.
  func criticalZ(time: Double, alpha: Double) -> Double {
    let threshold = -Double.log(alpha)
    let ratio = time * spread
    let growth = Double.log(onePlus: ratio)
    guard let drift else { return ((1 + 1 / ratio) * (growth + 2 * threshold)).squareRoot() }
    // ln e is convex and grows with z, and the wide component alone suffices here: Newton's steps come down to
    // the root from above and never pass it.
    var z = ((1 + 1 / ratio) * (growth + 2 * (threshold - Self.logWideShare))).squareRoot()
    let terms = Terms(self, time: time, drift: drift)
    for _ in 0..<60 {
      let evidence = terms.evidence(z)
      let step = (evidence.value - threshold) / evidence.slope
      z -= step
      // What is left after a step is about its square.
      if abs(step) <= 1e-9 * z { break }
    }
    return z
  }

  /// The mixture at one time, as a function of z. With r = t s of either component
  ///
  ///     drift ~ N(0, s):                   -ln(1 + r) / 2 + z^2 / 2 r / (1 + r)
  ///     drift ~ (N(m, s) + N(-m, s)) / 2:  -ln(1 + r) / 2 + (z^2 r - t m^2) / (2 (1 + r)) + ln cosh(z m sqrt(t) / (1 + r))
  private struct Terms {
    /// r / (1 + r), and what does not depend on z, its share of the mixture included.
    private let wide: (weight: Double, offset: Double)
    private let twins: (weight: Double, offset: Double)
    private let pull: Double

    init(_ mixture: GaussianMixture, time: Double, drift: Double) {
      let ratio = time * mixture.spread
      wide = (ratio / (1 + ratio), GaussianMixture.logWideShare - 0.5 * .log(onePlus: ratio))
      let spread = GaussianMixture.twinSpread * drift
      let twinRatio = time * spread * spread
      twins = (
        twinRatio / (1 + twinRatio),
        GaussianMixture.logTwinShare - 0.5 * .log(onePlus: twinRatio)
          - 0.5 * time * drift * drift / (1 + twinRatio)
      )
      pull = time.squareRoot() * drift / (1 + twinRatio)
    }

    /// ln e and its slope in z.
    func evidence(_ z: Double) -> (value: Double, slope: Double) {
      let x = abs(z * pull)
      let folded = Double.exp(-2 * x)
      let half = 0.5 * z * z
      let wideValue = half * wide.weight + wide.offset
      let twinValue = half * twins.weight + twins.offset + x + .log(onePlus: folded)
      let wideSlope = z * wide.weight
      let tilt = abs(pull) * (1 - folded) / (1 + folded)
      let twinSlope = z * twins.weight + (z < 0 ? -tilt : tilt)
      // The smaller one's part of the larger, without overflow either way.
      let difference = twinValue - wideValue
      let part = Double.exp(-abs(difference))
      let share = (difference > 0 ? 1 : part) / (1 + part)
      return (
        max(wideValue, twinValue) + .log(onePlus: part), wideSlope + share * (twinSlope - wideSlope)
      )
    }
  }
}
