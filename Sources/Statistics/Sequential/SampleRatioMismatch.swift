import RealModule

/// Whether arms got the traffic they were promised. When they did not, something is broken (a slow rendition, a
/// filter that hits one arm), and nothing the experiment says can be trusted.
public enum SampleRatioMismatch {
  /// A stretch of time with one set of weights.
  public struct Phase: Hashable, Sendable, Codable {
    /// Units each arm got.
    public var counts: [Int64]
    /// What each arm was promised, in any unit; arms with weight 0 (holdouts, retired) are left out.
    public var weights: [Double]

    public init(counts: [Int64], weights: [Double]) {
      self.counts = counts
      self.weights = weights
    }

    /// Why the phase says nothing of its split; nil when it does.
    public var condition: EstimateCondition? {
      guard counts.count == weights.count, counts.allSatisfy({ $0 >= 0 }),
        weights.allSatisfy({ $0 >= 0 && $0.isFinite })
      else { return .impossibleCounts }
      guard weights.count(where: { $0 > 0 }) > 1 else { return .tooFewArms }
      return zip(counts, weights).contains { $0 > 0 && $1 > 0 } ? nil : .burnIn
    }

    /// Positive weights summing to 1 and their counts; nil where there is a ``condition``.
    var normalised: (counts: [Double], weights: [Double])? {
      guard condition == nil else { return nil }
      let kept = zip(counts, weights).filter { $1 > 0 }
      let sum = kept.reduce(0) { $0 + $1.1 }
      return (kept.map { Double($0.0) }, kept.map { $0.1 / sum })
    }
  }

  /// Pearson's chi-square test, for one look at finished data; nil with fewer than two weighted arms.
  public static func chiSquare(_ phase: Phase)
    -> (statistic: Double, degreesOfFreedom: Int, pValue: Double)?
  {
    guard let (counts, weights) = phase.normalised else { return nil }
    let total = counts.reduce(0, +)
    let statistic = zip(counts, weights).reduce(0) { sum, arm in
      let expected = total * arm.1
      return sum + (arm.0 - expected) * (arm.0 - expected) / expected
    }
    let degrees = counts.count - 1
    return (statistic, degrees, ChiSquare.survival(statistic, degreesOfFreedom: Double(degrees)))
  }

  /// The natural logarithm of the evidence against the promised split: an e-process, so that alarming at
  /// `>= ln(1 / alpha)` (see ``isAlarm(logEvidence:alpha:)``) raises a false alarm in at most a share alpha of
  /// experiments, however often one looks.
  ///
  /// One phase: the Bayes factor of a Dirichlet(c theta) against the multinomial theta of Lindon & Malek,
  /// "Anytime-valid inference for multinomial count data" (NeurIPS 2022), equation 6:
  ///
  ///     ln BF = ln G(c) - ln G(c + n) + sum [ ln G(c theta_i + n_i) - ln G(c theta_i) - n_i ln theta_i ]
  ///
  /// Several phases with different weights: the mean of the phases' product and of a mixture over lasting tilts of
  /// single arms, since a product of many short phases starts anew in each and would hardly ever find a fault
  /// that is there all the time. A mean of e-processes is one.
  /// - Parameter concentration: c; larger looks for smaller deviations. 100 suits a few percent.
  public static func logEvidence(_ phases: [Phase], concentration: Double = 100) -> Double {
    let known = merged(phases).compactMap(\.normalised)
    let product = known.reduce(0) { $0 + logBayesFactor($1.counts, $1.weights, concentration) }
    guard known.count > 1 else { return product }
    return logMean([product, logTiltEvidence(phases)])
  }

  /// Whether the evidence suffices for an alarm at level alpha. The default is strict, since a false alarm
  /// silences an experiment.
  public static func isAlarm(logEvidence: Double, alpha: Double = 0.01) -> Bool {
    logEvidence >= -Double.log(alpha)
  }

  /// With a_i = c theta_i + n_i and A = c + n, the terms in n combine to sum A theta_i [(1 + d) ln(1 + d) - d],
  /// d = a_i / (A theta_i) - 1: digits that ln G(1e12) would lose are kept.
  static func logBayesFactor(_ counts: [Double], _ weights: [Double], _ c: Double) -> Double {
    let total = counts.reduce(0, +)
    let whole = c + total
    let ends = 0.5 * .log(whole) - Stirling.remainder(whole) - Stirling.halfLogTwoPi + .logGamma(c)
    return zip(counts, weights).reduce(ends) { sum, arm in
      let prior = c * arm.1
      let after = prior + arm.0
      let expected = whole * arm.1
      return sum + expected * Stirling.excess((arm.0 - total * arm.1) / expected)
        - 0.5 * .log(after) + Stirling.halfLogTwoPi + Stirling.remainder(after)
        - .logGamma(prior) + prior * .log(arm.1)
    }
  }

  /// ln of the mean likelihood ratio over tilts: one arm's odds multiplied by e^delta in all phases.
  private static func logTiltEvidence(_ phases: [Phase]) -> Double {
    let arms = phases.map(\.weights.count).max() ?? 0
    let known = phases.filter { $0.condition == nil }.map { phase in
      let kept = zip(phase.counts, phase.weights).filter { $1 > 0 }
      return (phase: phase, units: Double(kept.reduce(0) { $0 + $1.0 }), weight: kept.reduce(0) { $0 + $1.1 })
    }
    var ratios: [Double] = []
    for arm in 0..<arms {
      let shown = known.filter { arm < $0.phase.weights.count && $0.phase.weights[arm] > 0 }
      for delta in [0.01, 0.02, 0.05, 0.1, 0.2, 0.5].flatMap({ [$0, -$0] }) {
        let growth = Double.expMinusOne(delta)
        ratios.append(
          shown.reduce(0) { sum, item in
            let share = item.phase.weights[arm] / item.weight
            return sum + delta * Double(item.phase.counts[arm]) - item.units * .log(onePlus: share * growth)
          })
      }
    }
    return logMean(ratios)
  }

  /// Phases with the same weights put together, so that a pause in between costs nothing.
  static func merged(_ phases: [Phase]) -> [Phase] {
    phases.reduce(into: []) { merged, phase in
      if let same = merged.firstIndex(where: { $0.weights == phase.weights }),
        merged[same].counts.count == phase.counts.count
      {
        for arm in phase.counts.indices { merged[same].counts[arm] += phase.counts[arm] }
      } else {
        merged.append(phase)
      }
    }
  }

  private static func logMean(_ logs: [Double]) -> Double {
    guard let largest = logs.max() else { return 0 }
    return largest + .log(logs.reduce(0) { $0 + .exp($1 - largest) } / Double(logs.count))
  }
}
