import Foundation
public import Statistics

/// A campaign with a season of the day and one of the week, learnt for four weeks, then watched.
public struct DriftSimulation: Sendable {
  /// What is watched.
  public enum Sample: Sendable {
    /// Clicks out of impressions.
    case rate
    /// Clicks by the hour, as if impressions were not known.
    case count
  }

  public var impressionsPerHour = 500.0
  /// Amplitude of each of the two seasons, in impressions as well as in the click rate.
  public var season = 0.15
  /// Clicks per impression: what decides how much an hour tells, see ``EDetector/boundOnDelay``.
  public var rate: Double
  public var learningHours = 28 * 24
  public var sample = Sample.rate

  /// The click rate multiplied by this from `changeHour` on, counted from the first hour watched.
  public var factor: Double
  public var changeHour: Int

  public init(rate: Double = 0.08, factor: Double = 1, changeHour: Int = 0) {
    self.rate = rate
    self.factor = factor
    self.changeHour = changeHour
  }

  public func seasonal(_ hour: Int) -> Double {
    (1 + season * sin(2 * .pi * Double(hour / 24) / 7)) * (1 + season * sin(2 * .pi * Double(hour) / 24))
  }

  public func observation(at hour: Int, _ randomness: inout SplitMix64) -> HourlyCount {
    let impressions = Int((impressionsPerHour * seasonal(hour)).rounded())
    let changed = hour >= learningHours + changeHour ? factor : 1
    let p = rate * seasonal(hour + 31) * changed
    let counts = randomness.binomial(impressions, p)
    return switch sample {
    case .rate: HourlyCount(hour: hour, counts: counts)
    case .count: HourlyCount(hour: hour, count: counts.successes)
    }
  }

  public func learn(_ randomness: inout SplitMix64) -> SeasonalBaseline {
    SeasonalBaseline(learning: (0..<learningHours).map { observation(at: $0, &randomness) })
  }

  /// The hours after the change at which the alarm came; nil: not within `hours` watched. Alarms before the change
  /// are not above 0.
  func delay(watching hours: Int, _ randomness: inout SplitMix64) -> Int? {
    var monitor = DriftMonitor(baseline: learn(&randomness))
    for hour in learningHours..<learningHours + hours
    where monitor.observe(observation(at: hour, &randomness)).isAlarm {
      return hour + 1 - learningHours - changeHour
    }
    return nil
  }

  public func delays(experiments: Int, watching hours: Int, seed: UInt64) async -> [Int?] {
    await Trials.run(experiments, seed: seed) { delay(watching: hours, &$0) }
  }

  /// Of those that came after the change, what never came counting as infinite.
  public static func hours(_ delays: [Int?]) -> [Double] {
    delays.filter { ($0 ?? 1) > 0 }.map { $0.map(Double.init) ?? .infinity }
  }
}
