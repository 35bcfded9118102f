import Campaigns
import Statistics

/// Did the segment as a whole move: its last whole ISO week against the one before, day against day, the same
/// versions on both sides.
struct Shift: Hashable, Sendable, Codable {
  var variants: [Identifier<Variant>]
  /// 1 at the end of the second week …
  var look: Int
  var alpha: Double
  var before: [[BinomialCounts]]
  var after: [[BinomialCounts]]

  /// Nil before two weeks with traffic.
  /// - Parameter alpha: over all looks.
  init?(in inputs: ExperimentInputs, days: DailyCounts, alpha: Double) {
    let end = CivilDate(inputs.until)
    let monday = end.advanced(byDays: 1 - end.weekday)
    guard let first = days.first else { return nil }
    let firstMonday = first.advanced(byDays: 1 - first.weekday)
    let weeks = (monday.dayNumber - firstMonday.dayNumber) / 7
    guard weeks >= 2 else { return nil }
    variants = days.variants
    look = weeks - 1
    self.alpha = AlphaSpending.alpha(atLook: weeks - 1, of: alpha)
    let week = { (start: Int) in (start..<(start + 7)).map { days[monday.advanced(byDays: $0)] } }
    before = week(-14)
    after = week(-7)
  }

  var change: Estimate? {
    ChangeInLevel(before: before, after: after, alpha: alpha).interval.map(Estimate.init(relative:))
  }

  var trend: SegmentTrend {
    let (earlier, recent) = (before.joined().total(), after.joined().total())
    let change = change
    return SegmentTrend(
      recentImpressions: recent.trials, recentSuccesses: recent.successes,
      earlierImpressions: earlier.trials, earlierSuccesses: earlier.successes, change: change,
      isShown: change?.excludesZero ?? false)
  }
}
