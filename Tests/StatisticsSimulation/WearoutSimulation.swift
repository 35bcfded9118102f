import Foundation
public import Statistics

/// Four versions over weeks, their viewers seeing them more and more often.
public struct WearoutSimulation: Sendable {
  /// Of each version.
  public var kappas: [Double]
  /// Mean prior exposures gained a day, of each version.
  public var exposuresPerDay = [0.15, 0.15, 0.15, 0.15]
  /// What the market takes from all by the last day, in log-odds.
  public var market: Double
  /// Noise of version-days in log-odds.
  public var noise: Double
  public var rate = 0.04
  public var trialsPerDay = 1000
  public var days = 42

  public init(kappas: [Double] = [0.43, 0, 0, 0], market: Double = 0, noise: Double = 0) {
    self.kappas = kappas
    self.market = market
    self.noise = noise
  }

  public func observations(_ randomness: inout SplitMix64) -> [WearoutObservation] {
    let intercept = log(rate / (1 - rate))
    return (0..<days).flatMap { day in
      let weather =
        0.1 * sin(2 * .pi * Double(day) / 7) + 0.1 * randomness.normal() - market * Double(day)
        / Double(days)
      return kappas.indices.map { version in
        let exposures = exposuresPerDay[version] * Double(day)
        let own = 0.1 * Double(version) - kappas[version] * log(1 + exposures) + noise * randomness.normal()
        let p = 1 / (1 + exp(-(intercept + weather + own)))
        return WearoutObservation(
          version: version, day: day, counts: randomness.binomial(trialsPerDay, p),
          meanPriorExposures: exposures)
      }
    }
  }

  /// The first day, looking every day, at which the first version's wear is shown.
  func dayShown(_ randomness: inout SplitMix64, every step: Int = 3) -> Int? {
    let all = observations(&randomness)
    for day in stride(from: 8, through: days, by: step)
    where Wearout(of: 0, observations: all.filter { $0.day < day }).isShown {
      return day
    }
    return nil
  }

  public func daysShown(experiments: Int, seed: UInt64) async -> [Int?] {
    await Trials.run(experiments, seed: seed) { dayShown(&$0) }
  }
}
