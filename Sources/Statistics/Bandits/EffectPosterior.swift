import RealModule

/// What is believed of an effect before the data, with the scale it is meant on. A prior without its scale is a trap:
/// "0.01" is one point of rate or one per cent of change, and these differ by the baseline.
public struct EffectPrior: Hashable, Sendable, Codable {
  public let belief: NormalPosterior
  public let scale: EffectScale

  public init(mean: Double = 0, standardDeviation: Double, scale: EffectScale) throws(DataCondition) {
    belief = try NormalPosterior(mean: mean, standardDeviation: standardDeviation)
    self.scale = scale
  }

  /// The same belief on another scale, by the delta method about the prior's mean; exact between absolute and
  /// relative.
  /// - Parameter baseline: A's value of the metric.
  /// - Throws: ``DataCondition/noBaseline`` when a conversion needs a baseline, or a mean, above zero.
  public func converted(to scale: EffectScale, baseline: Double) throws(DataCondition) -> NormalPosterior {
    if scale == self.scale { return belief }
    guard baseline > 0, baseline.isFinite else { throw .noBaseline }
    let relative: NormalPosterior =
      switch self.scale {
      case .relative: belief
      case .absolute:
        try NormalPosterior(
          mean: belief.mean / baseline, standardDeviation: belief.standardDeviation / baseline)
      case .logRatio:
        try NormalPosterior(
          mean: .expMinusOne(belief.mean), standardDeviation: .exp(belief.mean) * belief.standardDeviation)
      }
    switch scale {
    case .relative: return relative
    case .absolute:
      return try NormalPosterior(
        mean: relative.mean * baseline, standardDeviation: relative.standardDeviation * baseline)
    case .logRatio:
      guard relative.mean > -1 else { throw .noBaseline }
      return try NormalPosterior(
        mean: .log(onePlus: relative.mean),
        standardDeviation: relative.standardDeviation / (1 + relative.mean)
      )
    }
  }
}

/// What is believed of an effect after the data: the normal prior, on the effect's own scale, times the normal
/// likelihood (Gelman et al., "Bayesian data analysis", 3rd edition, equations 2.9 to 2.12).
public struct EffectPosterior: Hashable, Sendable {
  public let belief: NormalPosterior
  public let scale: EffectScale

  /// - Parameters:
  ///   - prior: nil for a flat one.
  ///   - baseline: A's value of the metric, needed when the prior is on another scale than the effect.
  public init(
    _ effect: EffectEstimate, prior: EffectPrior? = nil, baseline: Double
  ) throws(DataCondition) {
    scale = effect.scale
    guard let prior = try prior?.converted(to: effect.scale, baseline: baseline) else {
      belief = try NormalPosterior(mean: effect.estimate, standardDeviation: effect.standardError)
      return
    }
    // The weight of the data as a ratio, so that neither precision overflows.
    let ratio = effect.standardError / prior.standardDeviation
    let weight = 1 / (1 + ratio * ratio)
    belief = try NormalPosterior(
      mean: prior.mean + weight * (effect.estimate - prior.mean),
      standardDeviation: effect.standardError * weight.squareRoot())
  }

  /// P(B is better than A).
  public func probabilityOfB(preferring preference: Preference = .higher) -> Double {
    let z = belief.mean / belief.standardDeviation
    return Normal.cdf(preference == .higher ? z : -z)
  }

  /// Expected loss of choosing B for good, E[max(0, A - B)], on the effect's scale.
  public func expectedLossOfB(preferring preference: Preference = .higher) -> Double {
    Self.shortfall(preference == .higher ? belief : belief.mirrored)
  }

  public func expectedLossOfA(preferring preference: Preference = .higher) -> Double {
    Self.shortfall(preference == .higher ? belief.mirrored : belief)
  }

  /// E[max(0, -D)] = s (phi(z) - z Phi(-z)).
  private static func shortfall(_ d: NormalPosterior) -> Double {
    let z = d.mean / d.standardDeviation
    return max(0, d.standardDeviation * (.exp(Normal.logDensity(z)) - z * Normal.survival(z)))
  }
}
