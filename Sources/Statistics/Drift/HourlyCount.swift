/// What happened in one hour, and out of how much.
public struct HourlyCount: Hashable, Sendable, Codable {
  /// Hours since the start of 1970 in UTC: a count of hours never goes back, whatever the clocks on walls do.
  public var hour: Int
  public var count: Int64
  /// What the count is measured against: nil for events by the hour, impressions for a click rate.
  public var trials: Int64?

  /// A number of events by the hour.
  public init(hour: Int, count: Int64) {
    self.hour = hour
    self.count = count
  }

  /// A rate.
  public init(hour: Int, counts: BinomialCounts) {
    self.hour = hour
    count = counts.successes
    trials = counts.trials
  }

  /// False for negative counts, for more successes than trials and for hours a hundred million years away.
  public var isPossible: Bool {
    count >= 0 && trials.map { count <= $0 } ?? true && hour.magnitude < 1_000_000_000_000
  }

  /// In units of the baseline's level.
  var exposure: Double { trials.map(Double.init) ?? 1 }
}

/// What stands in the way of saying something about drift, or of using an hour.
public enum DriftCondition: String, Hashable, Sendable, Codable, CaseIterable {
  /// A negative count or more successes than trials; the hour is not used.
  case impossibleCounts
  /// An hour that is not after the one before it; it is not used, for it may be there already.
  case clockWentBack
  /// Hours between two observations of which nothing is known; they count neither for nor against.
  case hoursMissing
  /// Less than two weeks to learn a season of the week from.
  case tooFewDays
  /// Fewer than 100 events to learn from.
  case tooFewEvents
  /// An hour without trials: no rate to compare.
  case noTrials
}
