import RealModule

/// Gamma mixtures of exponential and Poisson martingales with scale 1 (Howard et al. 2021, propositions 9 and 10),
/// with the large terms cancelled by hand, see ``Stirling``.
struct GammaMixture {
  let rho: Double

  /// ln of the mixture over lambda in 0...1 of exp(lambda s - v (-ln(1 - lambda) - lambda)):
  ///
  ///     rho^rho / (G(rho) P(rho, rho)) * G(v + rho) P(v + rho, s + v + rho) / (s + v + rho)^(v + rho) * e^(s + v)
  func logExponential(_ s: Double, _ v: Double) -> Double {
    let shape = v + rho
    return shape * Stirling.shortfall(s / shape) + logScale(shape) + Self.logLower(shape, s + shape)
      - Self.logLower(rho, rho)
  }

  /// ln of the mixture over lambda >= 0 of exp(lambda s - v (e^lambda - lambda - 1)):
  ///
  ///     rho^rho / (G(rho) Q(rho, rho)) * G(s + v + rho) Q(s + v + rho, v + rho) / (v + rho)^(s + v + rho) * e^v
  func logPoisson(_ s: Double, _ v: Double) -> Double {
    let rate = v + rho
    let shape = s + rate
    return rate * Stirling.excess(s / rate) + logScale(shape) + Self.logUpper(shape, rate)
      - Self.logUpper(rho, rho)
  }

  /// What Stirling's formula leaves of the two Gamma functions.
  private func logScale(_ shape: Double) -> Double {
    0.5 * (.log(rho) - .log(shape)) + Stirling.remainder(shape) - Stirling.remainder(rho)
  }

  private static func logLower(_ a: Double, _ x: Double) -> Double {
    a < 1e6 ? IncompleteGamma.logLower(a, x) : Normal.logCDF(signedRoot(a, x))
  }

  private static func logUpper(_ a: Double, _ x: Double) -> Double {
    a < 1e6 ? IncompleteGamma.logUpper(a, x) : Normal.logCDF(-signedRoot(a, x))
  }

  /// The leading term of Temme's expansion (DLMF 8.12.3): off by less than 1 / sqrt(2 pi a) for large a.
  private static func signedRoot(_ a: Double, _ x: Double) -> Double {
    let distance = (2 * a * Stirling.shortfall((x - a) / a)).squareRoot()
    return x < a ? -distance : distance
  }
}
