import Foundation
import Statistics

/// A campaign with a season of the day and one of the week, learnt for four weeks, then watched.
struct DriftSimulation {
  var impressionsPerHour = 500.0
  /// Amplitude of each of the two seasons, in impressions as well as in the click rate.
  var season = 0.15
  /// Clicks per impression: what decides how much an hour tells, see ``EDetector/boundOnDelay``.
  var rate = 0.1
  var learningHours = 28 * 24

  /// The click rate multiplied by this from `changeHour` on, counted from the first hour watched.
  var factor = 1.0
  var changeHour = 0

  func seasonal(_ hour: Int) -> Double {
    (1 + season * sin(2 * .pi * Double(hour / 24) / 7)) * (1 + season * sin(2 * .pi * Double(hour) / 24))
  }

  func clicks(at hour: Int, _ randomness: inout SplitMix64) -> HourlyCount {
    let impressions = Int((impressionsPerHour * seasonal(hour)).rounded())
    let changed = hour >= learningHours + changeHour ? factor : 1
    let p = rate * seasonal(hour + 31) * changed
    return HourlyCount(hour: hour, counts: randomness.binomial(impressions, p))
  }

  /// Counts by the hour without trials: clicks, as if impressions were not known.
  func count(at hour: Int, _ randomness: inout SplitMix64) -> HourlyCount {
    HourlyCount(hour: hour, count: clicks(at: hour, &randomness).count)
  }

  func learn(
    _ randomness: inout SplitMix64, _ sample: (DriftSimulation, Int, inout SplitMix64) -> HourlyCount
  ) -> SeasonalBaseline {
    SeasonalBaseline(learning: (0..<learningHours).map { sample(self, $0, &randomness) })
  }

  /// The hours after the change at which the alarm came; nil: not within `hours` watched. Alarms before the change
  /// are negative.
  func delay(
    watching hours: Int, _ randomness: inout SplitMix64,
    sample: (DriftSimulation, Int, inout SplitMix64) -> HourlyCount = { $0.clicks(at: $1, &$2) }
  ) -> Int? {
    var monitor = DriftMonitor(baseline: learn(&randomness, sample))
    for hour in learningHours..<learningHours + hours
    where monitor.observe(sample(self, hour, &randomness)).isAlarm {
      return hour + 1 - learningHours - changeHour
    }
    return nil
  }

  func delays(
    experiments: Int, watching hours: Int, seed: UInt64,
    sample: (DriftSimulation, Int, inout SplitMix64) -> HourlyCount = { $0.clicks(at: $1, &$2) }
  ) -> [Int?] {
    var randomness = SplitMix64(seed: seed)
    return (0..<experiments).map { _ in delay(watching: hours, &randomness, sample: sample) }
  }

  /// The median of those that came after the change, what never came counting as longest.
  static func median(_ delays: [Int?]) -> Double {
    let sorted = delays.filter { ($0 ?? 1) > 0 }.map { Double($0 ?? .max) }.sorted()
    guard !sorted.isEmpty else { return .infinity }
    let middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : 0.5 * (sorted[middle - 1] + sorted[middle])
  }
}
