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
///
/// The paper's coupling (its theorem 2.2) carries any boundary of a Gaussian walk over to means, so the mixture may
/// be chosen: see ``Design``.
public struct AsymptoticConfidenceSequence: Hashable, Sendable {
  /// Where the mixture bets before anything is seen. Both keep alpha for ever, whatever the effect is.
  public enum Design: String, Hashable, Sendable, Codable, CaseIterable {
    /// One normal around no effect: equation 9 as printed.
    case centred
    /// Most of the weight in two normals around plus and minus the effect that a fixed test of the planned size
    /// would find in four of five cases, m = (z(1 - alpha / 2) + z(0.8)) / sqrt(t*), the rest (15 %) in one wide
    /// normal of variance 4 m^2.
    ///
    /// A centred normal pays for effects far too small to ever be found by the planned size. Simulated for 5 %
    /// against 6 % with 20,000 units an arm planned at half of that: power 95.5 % instead of 94 %, mean stopping at
    /// 8,300 an arm instead of 9,200, and sooner for half and for twice the effect as well.
    case plannedEffect
  }

  /// The probability of ever missing.
  public let alpha: Double
  /// The centred mixture's scale; its interval is tightest near t = c / rho^2 (see ``init(alpha:plannedSize:design:)``).
  public let rho: Double
  public let design: Design
  private let mixture: GaussianMixture

  public init(alpha: Double, rho: Double) {
    Self.check(alpha)
    precondition(rho > 0 && rho.isFinite, "rho must be positive")
    self.alpha = alpha
    self.rho = rho
    design = .centred
    mixture = GaussianMixture(spread: rho * rho, drift: nil)
  }

  /// Tuned to the planned number of units t*. The centred design is tightest there, by the approximation the paper
  /// gives in its appendix on choosing rho and which GrowthBook uses:
  ///
  ///     rho = sqrt( (-2 ln alpha + ln(-2 ln alpha + 1)) / t* )
  ///
  /// Fix size and design before the first look: the guarantee is for a mixture that does not follow the data. With
  /// `plannedEffect` plan half of the units at which you would give up.
  public init(alpha: Double = 0.05, plannedSize: Double, design: Design = .centred) {
    Self.check(alpha)
    let size = plannedSize.isFinite ? max(1, plannedSize) : 1
    let doubled = -2 * Double.log(alpha)
    self.alpha = alpha
    self.design = design
    rho = ((doubled + .log(doubled + 1)) / size).squareRoot()
    switch design {
    case .centred:
      mixture = GaussianMixture(spread: rho * rho, drift: nil)
    case .plannedEffect:
      let drift = (Normal.quantile(0.8) - Normal.quantile(alpha / 2)) / size.squareRoot()
      mixture = GaussianMixture(spread: 4 * drift * drift, drift: drift)
    }
  }

  private static func check(_ alpha: Double) {
    precondition(alpha > 0 && alpha < 1, "alpha lies between 0 and 1, not at \(alpha)")
  }

  /// The interval for a mean of `count` values with the given variance per value.
  public func interval(mean: Double, variance: Double, count: Int64) -> IntervalEstimate {
    let t = Double(count)
    guard count > 0, variance > 0, variance.isFinite, mean.isFinite else {
      let condition: EstimateCondition =
        if count < 0 || variance < 0 || !variance.isFinite || !mean.isFinite {
          .impossibleCounts
        } else {
          count == 0 ? .burnIn : .noVariance
        }
      return IntervalEstimate(
        estimate: mean.isFinite ? mean : 0, low: -.greatestFiniteMagnitude, high: .greatestFiniteMagnitude,
        alpha: alpha, sampleSize: max(0, count), standardError: 0, condition: condition)
    }
    return interval(
      estimate: mean, standardError: (variance / t).squareRoot(), variancePerUnit: variance, units: t,
      sampleSize: count)
  }

  /// The interval for a mean from its moments.
  public func interval(_ moments: Moments) -> IntervalEstimate {
    interval(mean: moments.mean, variance: moments.variance, count: moments.count)
  }

  /// The interval for a sum divided by `units`.
  /// - Parameters:
  ///   - standardError: of the estimate; the running sum has variance `(units * standardError)^2`.
  ///   - variancePerUnit: sigma^2 of the planned design, which fixes the mixture's variance r = sigma^2 / rho^2.
  func interval(
    estimate: Double, standardError: Double, variancePerUnit: Double, units: Double, sampleSize: Int64
  ) -> IntervalEstimate {
    // The time t = V / sigma^2 and the estimate's z score say all; nothing of the size of the sums is ever formed.
    let time = units * standardError * standardError * (units / variancePerUnit)
    let halfWidth = standardError * mixture.criticalZ(time: time, alpha: alpha)
    return IntervalEstimate(
      estimate: estimate, low: estimate - halfWidth, high: estimate + halfWidth, alpha: alpha,
      sampleSize: sampleSize, standardError: standardError,
      logEvidence: mixture.logEvidence(z: estimate / standardError, time: time), intrinsicTime: time)
  }

  /// One of this sequence's intervals at another level: the same mixture, so it excludes zero exactly when the interval's
  /// evidence is at least 1 / `alpha`, as ``SelectedIntervals/eBY(_:alpha:interval:)`` wants it.
  /// - Returns: nil for an interval that claims nothing or that another method made.
  public func interval(_ interval: IntervalEstimate, alpha: Double) -> IntervalEstimate? {
    guard interval.condition == nil, let time = interval.intrinsicTime, alpha > 0, alpha < 1 else {
      return nil
    }
    let halfWidth = interval.standardError * mixture.criticalZ(time: time, alpha: alpha)
    var result = interval
    result.low = interval.estimate - halfWidth
    result.high = interval.estimate + halfWidth
    result.alpha = alpha
    return result
  }
}
