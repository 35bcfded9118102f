import Campaigns
import FoundationEssentials

/// What each version did over the whole round, and day by day.
struct Sums {
  private(set) var counts: [Identifier<Variant>: EventCounts] = [:]
  private(set) var spend: [Identifier<Variant>: Int64] = [:]
  private(set) var days: [Identifier<Variant>: [DayPoint]] = [:]

  init(_ inputs: ExperimentInputs) {
    let goal = inputs.experiment.goal
    var points: [Identifier<Variant>: [CivilDate: DayPoint]] = [:]
    func add(
      _ counts: EventCounts, of variant: Identifier<Variant>, on day: CivilDate, spend: Int64? = nil
    ) {
      var point =
        points[variant]?[day] ?? DayPoint(day: day.start, impressions: 0, successes: 0, spendMicros: nil)
      point.impressions += counts.impressions
      point.successes += counts[goal.success]
      if let spend { point.spendMicros = (point.spendMicros ?? 0) + spend }
      points[variant, default: [:]][day] = point
    }
    for cell in inputs.cells where cell.experiment == inputs.experiment.id {
      counts[cell.variant, default: EventCounts()] += cell.counts
      add(cell.counts, of: cell.variant, on: cell.day)
    }
    for cell in inputs.platform {
      spend[cell.variant, default: 0] += cell.spendMicros
      // A randomised round counts its own events; the platform's counts of the same would double them.
      let counted = inputs.experiment.randomised ? EventCounts() : cell.counts
      counts[cell.variant, default: EventCounts()] += counted
      if let from = cell.from, let until = cell.until, until.dayNumber - from.dayNumber == 1 {
        add(counted, of: cell.variant, on: from, spend: cell.spendMicros)
      }
    }
    days = points.mapValues { $0.values.sorted { $0.day < $1.day } }
  }
}
