public import Statistics

/// An outcome of which something was known beforehand, one arm better by 0.15 standard deviations, looked at every
/// twenty units an arm until it is shown with and without what was known.
public struct CovariateSimulation: Sendable {
  public var correlation = 0.7
  public var lift = 0.15
  public var step = 20
  /// Fixed before the first look, for both.
  public var sequence = AsymptoticConfidenceSequence(plannedSize: 1000, design: .plannedEffect)

  public init() {}

  public struct Stops: Hashable, Sendable {
    /// Units an arm.
    public var plain = 0.0
    public var adjusted = 0.0
    /// At the adjusted stop.
    public var varianceRatio = 0.0
  }

  public func stops(experiments: Int, seed: UInt64) async throws(DataCondition) -> [Stops] {
    try await Trials.run(experiments, seed: seed) { randomness throws(DataCondition) in
      try stops(&randomness)
    }
  }

  private func stops(_ randomness: inout SplitMix64) throws(DataCondition) -> Stops {
    let own = (1 - correlation * correlation).squareRoot()
    var arms = [BivariateMoments.zero, .zero]
    var stops = Stops()
    while stops.plain == 0 || stops.adjusted == 0 {
      for arm in 0...1 {
        for _ in 0..<step {
          let x = randomness.normal()
          arms[arm].add(x: x, y: correlation * x + own * randomness.normal() + lift * Double(arm))
        }
      }
      let plain = try EffectEstimate.difference(MetricValue(arms[0].y), MetricValue(arms[1].y))
      let adjusted = try CovariateAdjustment.cuped(arms[0], arms[1])
      if stops.plain == 0, plain.interval(sequence).excludesZero { stops.plain = Double(arms[0].count) }
      if stops.adjusted == 0, adjusted.difference.interval(sequence).excludesZero {
        stops.adjusted = Double(arms[0].count)
        stops.varianceRatio = adjusted.varianceRatio
      }
    }
    return stops
  }
}
