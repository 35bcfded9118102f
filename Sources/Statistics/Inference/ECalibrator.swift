import RealModule

/// From p-values to e-values and back, in logarithms, so that neither end of the scale is lost.
///
/// Vovk & Wang, "E-values: calibration, combination and applications" (Annals of Statistics 2021), section 2: a
/// function of p with integral at most 1 that falls turns any p-value into an e-value.
public enum ECalibrator: Hashable, Sendable, Codable {
  /// kappa p^(kappa - 1), 0 < kappa < 1 (equation 1).
  case power(kappa: Double)
  /// The powers averaged over all kappa: (1 - p + p ln p) / (p (ln p)^2) (equation 2). Nothing to choose.
  case mixture
  /// p^(-1/2) - 1 (Shafer, "Testing by betting", JRSS-A 2021, equation 6); 0 at p = 1.
  case shafer

  /// ln e of a p-value given by its logarithm, at most 0.
  public func logEvidence(logP: Double) -> Double {
    precondition(logP <= 0, "the logarithm of a p-value is at most 0, not \(logP)")
    switch self {
    case .power(let kappa):
      return .log(kappa) + (kappa - 1) * logP
    case .mixture:
      if logP == -.infinity { return .infinity }
      // Near p = 1 by the series 1/2 + t/6 + t^2/24 ... of (e^t - 1 - t) / t^2 with t = -ln p.
      let t = -logP
      if t < 0.05 { return .log(0.5 + t * (1 / 6.0 + t * (1 / 24.0 + t * (1 / 120.0 + t / 720)))) }
      return t + .log(1 - (1 + t) * .exp(-t)) - 2 * .log(t)
    case .shafer:
      return -0.5 * logP + .log(onePlus: -.exp(0.5 * logP))
    }
  }

  public func logEvidence(p: Double) -> Double {
    precondition((0...1).contains(p), "a p-value lies between 0 and 1, not at \(p)")
    return logEvidence(logP: .log(p))
  }

  /// ln p of an e-value: p = min(1, 1 / e), the only admissible way back (proposition 2.2).
  public static func logP(logEvidence: Double) -> Double { min(0, -logEvidence) }

  /// ln of the mean of e-values, which is an e-value under any dependence (proposition 3.1).
  public static func logMean(_ logEvidence: [Double]) -> Double {
    guard let largest = logEvidence.max(), largest > -.infinity else {
      return logEvidence.isEmpty ? 0 : -.infinity
    }
    if largest == .infinity { return largest }
    return largest + .log(logEvidence.reduce(0) { $0 + .exp($1 - largest) } / Double(logEvidence.count))
  }
}
