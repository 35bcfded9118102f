import Foundation
import Statistics

/// Four versions that keep their standing while the market falls under all of them and a bandit moves traffic between
/// them: what must not be called fatigue, judged as verdicts are, week by week of the first version's life.
public struct MarketSimulation: Sendable {
  /// What is left of the click rate by the last day.
  public var left = 0.5
  public var weeks = 8
  public var rates = [0.04, 0.05, 0.03, 0.045]
  public var trialsPerDay = 6000
  /// Noise of version-days, in log rate.
  public var noise: Double

  public init(noise: Double = 0) { self.noise = noise }

  /// Whether any weekly look at any version called it fatigued, the levels of all looks together being `alpha`.
  public func alarms(experiments: Int, seed: UInt64, alpha: Double = 0.05) async -> Int {
    await Trials.run(experiments, seed: seed) { isAlarmed(alpha: alpha, &$0) }.count { $0 }
  }

  private func isAlarmed(alpha: Double, _ randomness: inout SplitMix64) -> Bool {
    let days = 7 * weeks
    let counts = (0..<days).map { day in
      let market =
        pow(left, Double(day) / Double(days - 1)) * (1 + 0.15 * sin(2 * .pi * Double(day) / 7))
        * exp(0.1 * randomness.normal())
      // From equal shares to most of the traffic for the second version.
      let moved = 0.6 * Double(day) / Double(days - 1)
      let shares = rates.indices.map { (1 - moved) / Double(rates.count) + ($0 == 1 ? moved : 0) }
      return randomness.split(trialsPerDay, by: shares).enumerated().map { version, trials in
        randomness.binomial(trials, min(0.9, rates[version] * market * exp(noise * randomness.normal())))
      }
    }
    func week(_ first: Int) -> [ContrastDay] {
      counts[first..<first + 7].map { ContrastDay(variant: $0[0], others: Array($0[1...])) }
    }
    return (2...weeks).contains { weeks in
      let change = ChangeInContrast(
        fresh: week(0), recent: week(7 * (weeks - 1)),
        alpha: AlphaSpending.alpha(atLook: weeks - 1, of: alpha))
      return (change.interval?.high ?? 0) < 0
    }
  }
}
