import RealModule

/// What to expect of an effect that is only spoken of because it was large: figures that pass a threshold are on
/// average too good.
///
/// Zhong & Prentice, "Bias-reduced estimators and confidence intervals for odds ratios in genome-wide association
/// studies" (Biostatistics 2008), equations 4 to 6: the likelihood of z given that it was selected,
///
///     phi(z - mu) / P(selected | mu),
///
/// is maximised (the conditional estimate) or averaged over (the conditional mean); the half-way point between the
/// two has the least error. For a winner among arms or segments without a fixed threshold use ``PartialPooling``.
public struct WinnersCurse: Hashable, Sendable {
  public enum Selection: String, Hashable, Sendable, Codable {
    /// Spoken of when |z| passes the threshold.
    case eitherSide
    /// Spoken of when z does.
    case upperSide
  }

  /// The most likely effect given the selection.
  public let conditionalMaximum: Double
  /// The mean of the conditional likelihood.
  public let conditionalMean: Double
  /// Their middle: the figure to show.
  public var estimate: Double { 0.5 * (conditionalMaximum + conditionalMean) }
  /// Misses the true effect in a share alpha of the selected; may reach beyond zero though the test did not.
  public let interval: IntervalEstimate

  /// - Parameter threshold: z that had to be passed.
  /// - Throws: ``DataCondition/impossibleCounts`` for an effect that does not pass the threshold.
  public init(
    _ effect: EffectEstimate, threshold: Double, selection: Selection = .eitherSide, alpha: Double = 0.05
  ) throws(DataCondition) {
    precondition(alpha > 0 && alpha < 1, "alpha lies between 0 and 1, not at \(alpha)")
    guard threshold.isFinite else { throw .notFinite }
    let side = selection == .eitherSide && effect.estimate < 0 ? -1.0 : 1.0
    let z = side * effect.estimate / effect.standardError
    guard z >= threshold, threshold >= 0 || selection == .upperSide else { throw .impossibleCounts }
    let law = SelectedNormal(threshold: threshold, selection: selection)
    let scale = side * effect.standardError
    conditionalMaximum = scale * law.likeliest(z)
    conditionalMean = scale * law.average(z)
    let bounds = [
      scale * law.mean(whereAbove: z, has: alpha / 2), scale * law.mean(whereAbove: z, has: 1 - alpha / 2),
    ]
    interval = IntervalEstimate(
      estimate: 0.5 * (conditionalMaximum + conditionalMean), low: min(bounds[0], bounds[1]),
      high: max(bounds[0], bounds[1]), alpha: alpha, sampleSize: effect.sampleSize,
      standardError: effect.standardError)
  }
}

/// N(mu, 1) given that it was selected.
private struct SelectedNormal {
  let threshold: Double
  let selection: WinnersCurse.Selection

  /// ln P(selected | mu).
  func logChance(_ mu: Double) -> Double {
    let above = Normal.logCDF(mu - threshold)
    guard selection == .eitherSide else { return above }
    return logSum(above, Normal.logCDF(-threshold - mu))
  }

  private func logLikelihood(_ z: Double, _ mu: Double) -> Double {
    -0.5 * (z - mu) * (z - mu) - logChance(mu)
  }

  /// The zero of the likelihood's slope, z - mu - d ln P / d mu.
  func likeliest(_ z: Double) -> Double {
    func slope(_ mu: Double) -> Double {
      let chance = logChance(mu)
      var pull = Double.exp(Normal.logDensity(mu - threshold) - chance)
      if selection == .eitherSide { pull -= .exp(Normal.logDensity(threshold + mu) - chance) }
      return z - mu - pull
    }
    // Two-sided selection draws to zero and no further; one-sided may draw far beyond.
    var low = selection == .eitherSide ? 0 : -1.0
    while selection == .upperSide, slope(low) < 0, low > -1e8 { low *= 4 }
    var high = z
    for _ in 0..<200 where high - low > 1e-14 * max(1, abs(high)) {
      let middle = 0.5 * (low + high)
      if slope(middle) > 0 { low = middle } else { high = middle }
    }
    return 0.5 * (low + high)
  }

  /// The conditional likelihood's mean over mu. One-sided, the likelihood's tail to the left may be so heavy that the
  /// mean says little; it is then cut where the likelihood falls below e^-40 of its peak.
  func average(_ z: Double) -> Double {
    let peak = likeliest(z)
    let top = logLikelihood(z, peak)
    func edge(_ direction: Double) -> Double {
      var step = 1.0
      while logLikelihood(z, peak + direction * step) > top - 40, step < 64 { step *= 1.25 }
      return peak + direction * step
    }
    let (low, high) = (edge(-1), edge(1))
    let panels = 40
    let half = 0.5 * (high - low) / Double(panels)
    var mass = 0.0
    var moment = 0.0
    for panel in 0..<panels {
      let middle = low + half * Double(2 * panel + 1)
      for (node, weight) in zip(GaussLegendre.sixteen.nodes, GaussLegendre.sixteen.weights) {
        let mu = middle + half * node
        let value = weight * Double.exp(logLikelihood(z, mu) - top)
        mass += value
        moment += value * mu
      }
    }
    return moment / mass
  }

  /// The mu for which a selected value lies above z with the given probability, which rises with mu.
  func mean(whereAbove z: Double, has probability: Double) -> Double {
    func isBelow(_ mu: Double) -> Bool {
      Double.exp(Normal.logCDF(mu - z) - logChance(mu)) < probability
    }
    var low = z - 1
    while !isBelow(low), low > -1e6 { low -= 2 * (z - low) }
    var high = z + 1
    while isBelow(high), high < 1e6 { high += 2 * (high - z) }
    for _ in 0..<100 where high - low > 1e-14 * max(1, abs(high)) {
      let middle = 0.5 * (low + high)
      if isBelow(middle) { low = middle } else { high = middle }
    }
    return 0.5 * (low + high)
  }

  private func logSum(_ a: Double, _ b: Double) -> Double {
    let largest = max(a, b)
    return largest + .log(onePlus: .exp(min(a, b) - largest))
  }
}
