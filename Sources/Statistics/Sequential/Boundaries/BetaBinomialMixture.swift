import RealModule

/// A Beta mixture of two-point martingales: steps of -g or h with mean zero (Howard et al. 2021, proposition 7).
///
/// With n = v / (g h) steps of which k = (s + v / h) / (g + h) went up, tilting to an up-probability q is worth
/// (q / q0)^k ((1 - q) / (1 - q0))^(n - k), q0 = g / (g + h); the prior on q is Beta around q0, cut there for one side.
struct BetaBinomialMixture {
  let r: Double
  let g: Double
  let h: Double
  let sides: UniformBoundary.Sides

  func logEvidence(_ s: Double, _ v: Double) -> Double { logArea(s, v) - logArea(0, 0) }

  /// ln B(ups, downs) - ups ln q0 - downs ln(1 - q0) as a Kullback-Leibler distance and Stirling's remainders, and the
  /// part of the Beta distribution that is not cut off.
  private func logArea(_ s: Double, _ v: Double) -> Double {
    let up = g / (g + h)
    let total = (r + v) / (g * h)
    let ups = (r + v + h * s) / (h * (g + h))
    let downs = (r + v - g * s) / (g * (g + h))
    guard downs > 0 else { return .infinity }
    let distance =
      total * (up * Stirling.excess(s * h / (r + v)) + (1 - up) * Stirling.excess(-s * g / (r + v)))
    return distance + 0.5 * (.log(total) - .log(ups) - .log(downs)) + Stirling.remainder(ups)
      + Stirling.remainder(downs) - Stirling.remainder(total) + logTail(ups: ups, downs: downs)
  }

  /// ln P(q >= q0); 0 for two sides.
  private func logTail(ups: Double, downs: Double) -> Double {
    guard sides == .one else { return 0 }
    let total = ups + downs
    let down = h / (g + h)
    if total < 1e6 { return .log(IncompleteBeta.regularised(downs, ups, down)) }
    // The signed root of the deviance is normal to 1 / sqrt(total).
    let shift = (ups - total * (1 - down)) / total
    let deviance =
      2 * total
      * ((1 - down) * Stirling.excess(shift / (1 - down)) + down * Stirling.excess(-shift / down))
    return Normal.logCDF(shift < 0 ? -deviance.squareRoot() : deviance.squareRoot())
  }
}
