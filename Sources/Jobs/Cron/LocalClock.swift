import Foundation

/// What the clocks on the wall of a time zone show, and when they show it.
struct LocalClock {
  let timeZone: TimeZone

  func reading(of moment: Date) -> (day: CivilDay, secondOfDay: Int) {
    let seconds = Int(moment.timeIntervalSince1970.rounded(.down))
    let shown = seconds + timeZone.secondsFromGMT(for: moment)
    let day = CivilDay.floorDivide(shown, 86_400)
    return (CivilDay(number: day), shown - day * 86_400)
  }

  /// The first moment at which the clocks show this time; where they skip it, the first moment after the gap.
  func firstMoment(showing day: CivilDay, secondOfDay: Int) -> Date {
    let shown = day.number * 86_400 + secondOfDay
    // Offsets are within 14 hours of UTC and at most one change lies near: a day and a half clears both.
    let before = offset(at: shown - 129_600)
    let after = offset(at: shown + 129_600)
    if before == after { return moment(shown - before) }
    let early = shown - max(before, after)
    let late = shown - min(before, after)
    if early + offset(at: early) == shown { return moment(early) }
    if late + offset(at: late) == shown { return moment(late) }
    // Skipped: the change lies between the two, find its second.
    var low = early
    var high = late
    while high - low > 1 {
      let middle = low + (high - low) / 2
      if offset(at: middle) == before { low = middle } else { high = middle }
    }
    return moment(high)
  }

  private func offset(at seconds: Int) -> Int { timeZone.secondsFromGMT(for: moment(seconds)) }

  private func moment(_ seconds: Int) -> Date { Date(timeIntervalSince1970: TimeInterval(seconds)) }
}
