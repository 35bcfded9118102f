import RealModule

/// An interval for a mean that holds at every look at once.
///
/// Waudby-Smith, Arbour, Sinha, Kennedy, Ramdas, "Time-uniform central limit theory and asymptotic confidence
/// sequences" (Annals of Statistics 2024, arXiv:2103.06476), equation 9:
///
///     mean +- sigma sqrt( 2 (t rho^2 + 1) / (t^2 rho^2) ln( sqrt(t rho^2 + 1) / alpha ) )
///
/// It is Robbins' normal mixture: with V the variance of the running sum and r = sigma^2 / rho^2 that of the
/// mixture, the sum stays within sqrt((V + r) ln((V + r) / (r alpha^2))) for ever with probability 1 - alpha.
/// The second form also serves sums whose steps differ in variance (the paper's Lindeberg-type sequences), which
/// is what moving traffic needs.
public struct AsymptoticConfidenceSequence: Hashable, Sendable {
  /// The probability of ever missing.
  public let alpha: Double
  /// The mixture's scale; the interval is tightest near t = c / rho^2 (see ``init(alpha:plannedSize:)``).
  public let rho: Double

  public init(alpha: Double, rho: Double) {
    precondition(alpha > 0 && alpha < 1, "alpha lies between 0 and 1, not at \(alpha)")
    precondition(rho > 0 && rho.isFinite, "rho must be positive")
    self.alpha = alpha
    self.rho = rho
  }

  /// Tuned to be tightest at the planned number of units t*, by the approximation the paper gives in its
  /// appendix on choosing rho and which GrowthBook uses:
  ///
  ///     rho = sqrt( (-2 ln alpha + ln(-2 ln alpha + 1)) / t* )
  ///
  /// Fix it before the first look: the guarantee is for a rho that does not follow the data.
  public init(alpha: Double = 0.05, plannedSize: Double) {
    let doubled = -2 * Double.log(alpha)
    self.init(alpha: alpha, rho: ((doubled + .log(doubled + 1)) / max(1, plannedSize)).squareRoot())
  }

  /// The interval for a mean of `count` values with the given variance per value.
  public func interval(mean: Double, variance: Double, count: Int64) -> IntervalEstimate {
    let t = Double(count)
    guard count > 0, variance > 0 else {
      return IntervalEstimate(
        estimate: mean, low: -.greatestFiniteMagnitude, high: .greatestFiniteMagnitude, alpha: alpha,
        sampleSize: max(0, count), standardError: 0, condition: .burnIn)
    }
    return interval(
      estimate: mean, standardError: (variance / t).squareRoot(), variancePerUnit: variance, units: t,
      sampleSize: count)
  }

  /// The interval for a sum divided by `units`.
  /// - Parameters:
  ///   - standardError: of the estimate; the running sum has variance `(units * standardError)^2`.
  ///   - variancePerUnit: sigma^2 of the planned design, which fixes the mixture's variance r = sigma^2 / rho^2.
  func interval(
    estimate: Double, standardError: Double, variancePerUnit: Double, units: Double, sampleSize: Int64
  ) -> IntervalEstimate {
    // V / r and the estimate's z score say all; nothing of the size of the sums is ever formed.
    let ratio = units * standardError * standardError * rho * rho * (units / variancePerUnit)
    let growth = Double.log(onePlus: ratio)
    let halfWidth = standardError * ((1 + 1 / ratio) * (growth - 2 * .log(alpha))).squareRoot()
    let z = estimate / standardError
    return IntervalEstimate(
      estimate: estimate, low: estimate - halfWidth, high: estimate + halfWidth, alpha: alpha,
      sampleSize: sampleSize, standardError: standardError,
      logEvidence: 0.5 * (z * z * ratio / (1 + ratio) - growth))
  }
}
