public import Campaigns
public import Foundation

extension Truth {
  /// Mean impressions of an hour.
  func impressions(of audience: Audience, hour: Date) -> Double {
    let days = Int((hour.timeIntervalSince1970 / 86_400).rounded(.down))
    // 1970-01-01 was a Thursday.
    let weekday = ((days + 3) % 7 + 7) % 7
    let hourOfDay = Int((hour.timeIntervalSince1970 / 3600).rounded(.down)) - days * 24
    return audience.impressionsPerDay / 24 * dayOfWeek[weekday] * self.hourOfDay[hourOfDay]
  }

  /// The chance that an impression of the variant in the hour of `time` is clicked.
  ///
  /// Everything that changes does so on whole hours, so that sums over hours are exact.
  func clickRate(of variant: ExperimentView.Variant, in audience: Audience, at time: Date) -> Double {
    let hour = Date(timeIntervalSince1970: (time.timeIntervalSince1970 / 3600).rounded(.down) * 3600)
    let rate =
      audience.rates.click * lift(of: variant, in: audience, at: hour) * trend(of: audience, at: hour)
    return min(max(rate, 0), 1)
  }

  /// The chance that an impression of the variant in the hour of `time` succeeds: what an experiment with this goal
  /// estimates.
  /// - Returns: nil for a segment the truth does not know.
  public func expectedRate(of variant: ExperimentView.Variant, segment: String, goal: Goal, at time: Date)
    -> Double?
  {
    guard let audience = audiences[segment] else { return nil }
    let rates = audience.rates
    return switch goal {
    case .clickThrough: clickRate(of: variant, in: audience, at: time)
    case .conversion: clickRate(of: variant, in: audience, at: time) * rates.conversion
    case .viewThrough:
      rates.viewable * rates.start * rates.firstQuartile * rates.midpoint * rates.thirdQuartile
        * rates.complete
    }
  }

  /// How much better a variant truly is than another: the mean over the segment's impressions of the difference of
  /// their rates, every hour weighing as much as it had impressions (of all variants). This is what an
  /// allocation-aware confidence sequence over those hours estimates.
  /// - Returns: nil for an unknown segment or without impressions.
  public func difference(
    of variant: ExperimentView.Variant, against comparison: ExperimentView.Variant, segment: String,
    goal: Goal,
    impressions: [(hour: Date, count: Int64)]
  ) -> Double? {
    var total = 0.0
    var sum = 0.0
    for (hour, count) in impressions {
      guard let rate = expectedRate(of: variant, segment: segment, goal: goal, at: hour),
        let other = expectedRate(of: comparison, segment: segment, goal: goal, at: hour)
      else { return nil }
      sum += Double(count) * (rate - other)
      total += Double(count)
    }
    return total > 0 ? sum / total : nil
  }

  private func lift(of variant: ExperimentView.Variant, in audience: Audience, at hour: Date) -> Double {
    guard variant.generation == 1 else { return audience.newLift }
    let lift = audience.lift[variant.name] ?? 1
    guard let wearOut = audience.wearOut, wearOut.variant == variant.name else { return lift }
    let activated = variant.activatedAt ?? start
    let worn = hour.timeIntervalSince(activated) / 86_400 - wearOut.afterDays
    guard worn > 0 else { return lift }
    return lift * (wearOut.floor + (1 - wearOut.floor) * exp2(-worn / wearOut.halfLifeDays))
  }

  private func trend(of audience: Audience, at hour: Date) -> Double {
    guard let shift = audience.trendShift else { return 1 }
    return hour >= start.addingTimeInterval(Double(shift.day - 1) * 86_400) ? shift.multiplier : 1
  }
}
