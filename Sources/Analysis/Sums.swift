import Campaigns
import FoundationEssentials

/// What each version did over the whole round, and day by day.
struct Sums {
  let counts: [Identifier<Variant>: EventCounts]
  let spend: [Identifier<Variant>: Int64]
  let days: [Identifier<Variant>: [DayPoint]]

  /// One version's.
  private struct Account {
    var counts = EventCounts()
    var spend: Int64?
    var days: [CivilDate: DayPoint] = [:]

    /// - Parameter day: nil for what is known of several days together.
    mutating func add(
      _ counted: EventCounts, successes: EventKind, on day: CivilDate?, spend spent: Int64? = nil
    ) {
      counts += counted
      if let spent { spend = (spend ?? 0) + spent }
      guard let day else { return }
      var point = days[day] ?? DayPoint(day: day.start, impressions: 0, successes: 0)
      point.impressions += counted.impressions
      point.successes += counted[successes]
      if let spent { point.spendMicros = (point.spendMicros ?? 0) + spent }
      days[day] = point
    }
  }

  init(_ inputs: ExperimentInputs) {
    let successes = inputs.experiment.goal.success
    var accounts: [Identifier<Variant>: Account] = [:]
    for cell in inputs.cells where cell.experiment == inputs.experiment.id {
      accounts[cell.variant, default: Account()].add(cell.counts, successes: successes, on: cell.day)
    }
    let start = CivilDate(inputs.experiment.startedAt)
    for cell in inputs.platform {
      // Versions live on from round to round; what was spent before this one is not its own.
      if inputs.experiment.randomised {
        guard let from = cell.from, let until = cell.until, from >= start,
          until.start <= CivilDate(inputs.until).start
        else { continue }
      }
      // A randomised round counts its own events; the platform's counts of the same would double them.
      let counted = inputs.experiment.randomised ? EventCounts() : cell.counts
      accounts[cell.variant, default: Account()]
        .add(counted, successes: successes, on: cell.onlyDay, spend: cell.spendMicros)
    }
    counts = accounts.mapValues(\.counts)
    spend = accounts.compactMapValues(\.spend)
    days = accounts.mapValues { $0.days.values.sorted { $0.day < $1.day } }
  }
}

extension PlatformCell {
  /// Nil for a period that is not one day.
  fileprivate var onlyDay: CivilDate? {
    guard let from, let until, until.dayNumber - from.dayNumber == 1 else { return nil }
    return from
  }
}
