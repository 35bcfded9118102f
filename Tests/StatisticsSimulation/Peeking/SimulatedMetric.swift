import Foundation

/// What one unit's value of a metric may be: a numerator y and its denominator x.
public enum SimulatedMetric: String, Hashable, Sendable, CaseIterable {
  /// Clicks over impressions of a viewer, who sees one to six and clicks at a rate of their own around 5 %.
  case ratio
  /// 5 % of viewers buy, for a lognormal amount (median 20, one in six above 54) cut off at 300.
  case revenue
  /// Seconds of a clip of thirty: 20 % watch all, the rest leave sooner rather than later.
  case watchTime

  /// The day's season: what all units' expectations are multiplied by, where that leaves them possible.
  func unit(season: Double = 1, _ randomness: inout SplitMix64) -> (x: Double, y: Double) {
    switch self {
    case .ratio:
      let impressions = 1 + Int(6 * randomness.uniform() * randomness.uniform())
      let rate = 0.1 * randomness.uniform() * season
      var clicks = 0.0
      for _ in 0..<impressions where randomness.uniform() < rate { clicks += 1 }
      return (Double(impressions), clicks)
    case .revenue:
      guard randomness.uniform() < 0.05 * season else { return (1, 0) }
      return (1, min(300, exp(3 + randomness.normal())))
    case .watchTime:
      if randomness.uniform() < 0.2 * season { return (1, 30) }
      return (1, 30 * randomness.uniform() * randomness.uniform())
    }
  }
}
