public import Foundation

extension CronExpression {
  /// The first time after `moment` (never `moment` itself) at which this is due by the clocks of `timeZone`.
  public func next(after moment: Date, in timeZone: TimeZone) -> Date {
    let clock = LocalClock(timeZone: timeZone)
    return everyHour ? nextByElapsedTime(after: moment, clock) : nextByWallClock(after: moment, clock)
  }

  /// The last time at or before `moment`, looking back no further than `earliest`; nil when there is none.
  public func last(notAfter moment: Date, since earliest: Date, in timeZone: TimeZone) -> Date? {
    // Look back over twice as long a window each time, so that rare and frequent expressions both stay cheap.
    var window: TimeInterval = 120
    while true {
      let start = max(moment.addingTimeInterval(-window), earliest.addingTimeInterval(-1))
      var found: Date?
      var due = next(after: start, in: timeZone)
      while due <= moment {
        found = due
        due = next(after: due, in: timeZone)
      }
      if found != nil || start < earliest { return found }
      window *= 2
    }
  }

  private func nextByWallClock(after moment: Date, _ clock: LocalClock) -> Date {
    var day = clock.reading(of: moment).day
    // Ends: `init` refused expressions that are never due.
    while true {
      if isDue(on: day) {
        for hour in hours {
          for minute in minutes {
            let due = clock.firstMoment(showing: day, secondOfDay: hour * 3600 + minute * 60)
            if due > moment { return due }
          }
        }
      }
      day = day.following
    }
  }

  private func nextByElapsedTime(after moment: Date, _ clock: LocalClock) -> Date {
    let intoMinute = clock.reading(of: moment).secondOfDay % 60
    let wholeSecond = Date(timeIntervalSince1970: moment.timeIntervalSince1970.rounded(.down))
    var candidate = wholeSecond.addingTimeInterval(TimeInterval(60 - intoMinute))
    while true {
      let reading = clock.reading(of: candidate)
      if !isDue(on: reading.day) {
        let nextDay = clock.firstMoment(showing: reading.day.following, secondOfDay: 0)
        candidate = max(nextDay, candidate.addingTimeInterval(60))
      } else if minutes.contains(reading.secondOfDay / 60 % 60) {
        return candidate
      } else {
        candidate.addTimeInterval(60)
      }
    }
  }
}
