import Foundation
import Statistics

/// What one unit's value of a metric may be: a numerator y and its denominator x.
public enum SimulatedMetric: Hashable, Sendable {
  /// Clicks over impressions of a viewer, who sees one to six and clicks at a rate of their own around 5 %.
  case ratio
  case revenue(Sales)
  /// Seconds of a clip of thirty: 20 % watch all, the rest leave sooner rather than later.
  case watchTime

  public static let usual: [SimulatedMetric] = [.ratio, .revenue(Sales()), .watchTime]

  /// The day's season: what all units' expectations are multiplied by, where that leaves them possible.
  func unit(season: Double = 1, _ randomness: inout SplitMix64) -> (x: Double, y: Double) {
    switch self {
    case .ratio:
      let impressions = 1 + Int(6 * randomness.uniform() * randomness.uniform())
      let rate = 0.1 * randomness.uniform() * season
      var clicks = 0.0
      for _ in 0..<impressions where randomness.uniform() < rate { clicks += 1 }
      return (Double(impressions), clicks)
    case .revenue(let sales):
      guard randomness.uniform() < sales.buyers * season else { return (1, 0) }
      return (1, min(sales.cap, sales.median * exp(sales.spread * randomness.normal())))
    case .watchTime:
      if randomness.uniform() < 0.2 * season { return (1, 30) }
      return (1, 30 * randomness.uniform() * randomness.uniform())
    }
  }
}

/// Who buys and for how much: most viewers for nothing, the rest for a lognormal amount that is cut off.
public struct Sales: Hashable, Sendable {
  /// The share of viewers who buy.
  public var buyers = 0.05
  public var median = 20.0
  /// Standard deviation of the amount's logarithm; of 1, one in six is above 2.7 medians.
  public var spread = 1.0
  public var cap = 300.0

  public init(buyers: Double = 0.05, median: Double = 20, spread: Double = 1) {
    self.buyers = buyers
    self.median = median
    self.spread = spread
  }

  /// What a viewer brings: the lognormal law's limited expected value (Klugman, Panjer, Willmot, "Loss models",
  /// appendix A).
  public var value: Double {
    let reach = log(cap / median) / spread
    let below = median * exp(spread * spread / 2) * Normal.cdf(reach - spread)
    return buyers * (below + cap * Normal.cdf(-reach))
  }
}
