import Campaigns
import Foundation
import Statistics

/// Did the segment as a whole move, hour by hour: responses against what the season of the week lets expect
/// (`Statistics.DriftMonitor`).
///
/// The first four weeks teach the season; from then on every hour is looked at, with at most the stated chance of a
/// false alarm within ten weeks. After an alarm the season is learnt anew from where the change began.
struct Drift: Hashable, Sendable, Codable {
  static let learningHours = 28 * 24
  static let horizonHours = 70.0 * 24
  /// How long an alarm is told.
  static let freshHours = 7 * 24

  /// The chance of a false alarm within ``horizonHours``.
  var alpha: Double
  /// The hour of the first figures, since 1970; the others follow hour by hour.
  var firstHour: Int
  var impressions: [Int64]
  var successes: [Int64]

  /// Nil before there is anything to watch.
  init?(_ inputs: ExperimentInputs, alpha: Double) {
    let end = Int(inputs.until.timeIntervalSince1970 / 3_600)
    let hours = inputs.hours.filter { $0.hour < end && $0.impressions > 0 }
    guard let first = hours.lazy.map(\.hour).min(), let last = hours.lazy.map(\.hour).max(),
      last - first > Self.learningHours, last - first < 100_000
    else { return nil }
    self.alpha = alpha
    firstHour = first
    impressions = [Int64](repeating: 0, count: last - first + 1)
    successes = impressions
    for hour in hours {
      impressions[hour.hour - first] += hour.impressions
      successes[hour.hour - first] += hour.successes
    }
  }

  struct Finding: Hashable, Sendable {
    /// Since the likeliest start, against what was to be expected: -0.2 = 20 % lower.
    var change: Estimate
    var hour: Int
    var startHour: Int
  }

  /// The last alarm, if it was raised within a week of the last hour.
  var finding: Finding? {
    var start = 0
    var found: Finding?
    while start + Self.learningHours < impressions.count {
      let (alarm, change) = watch(from: start)
      guard let alarm, let change else { break }
      found = Finding(change: change, hour: alarm.hour, startHour: alarm.startHour)
      start = max(start + Self.learningHours, alarm.startHour - firstHour)
    }
    guard let found, found.hour > firstHour + impressions.count - 1 - Self.freshHours else { return nil }
    return found
  }

  private func watch(from start: Int) -> (alarm: DriftMonitor.Alarm?, change: Estimate?) {
    let learnt = start + Self.learningHours
    let baseline = SeasonalBaseline(learning: (start..<learnt).map(count))
    guard baseline.condition == nil else { return (nil, nil) }
    var monitor = DriftMonitor(
      baseline: baseline, falseAlarms: .probability(alpha, withinHours: Self.horizonHours))
    for place in learnt..<impressions.count {
      monitor.take(count(place))
      if monitor.alarm != nil { break }
    }
    return (monitor.alarm, monitor.alarm.flatMap { change($0, baseline) })
  }

  private func count(_ place: Int) -> HourlyCount {
    HourlyCount(
      hour: firstHour + place,
      counts: BinomialCounts(
        successes: min(successes[place], impressions[place]), trials: impressions[place]))
  }

  /// Over all hours since the start, with the noise of their count and of the baseline's. It describes; what is
  /// claimed, that something changed, is the alarm.
  private func change(_ alarm: DriftMonitor.Alarm, _ baseline: SeasonalBaseline) -> Estimate? {
    let first = max(alarm.startHour - firstHour, 0)
    var seen = 0.0
    var expected = 0.0
    for place in first..<impressions.count where impressions[place] > 0 {
      seen += Double(min(successes[place], impressions[place]))
      expected += baseline.expected(hour: firstHour + place, trials: impressions[place])
    }
    guard seen > 0, expected > 0, baseline.events > 0 else { return nil }
    let error = (baseline.predictiveDispersion * (1 / seen + 1 / Double(baseline.events))).squareRoot()
    let half = -Normal.quantile(alpha / 2) * error
    let logRatio = log(seen / expected)
    return Estimate(
      relative: IntervalEstimate(
        estimate: logRatio, low: logRatio - half, high: logRatio + half, alpha: alpha,
        sampleSize: Int64(seen),
        standardError: error))
  }

  enum CodingKeys: String, CodingKey {
    case alpha, impressions, successes
    case firstHour = "first_hour"
  }
}
