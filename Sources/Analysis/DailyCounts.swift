import Campaigns
import Statistics

/// The goal's counts by day and version over all rounds of a segment.
struct DailyCounts {
  let variants: [Identifier<Variant>]
  private let counts: [CivilDate: [Identifier<Variant>: BinomialCounts]]
  private let starts: [Identifier<Variant>: CivilDate]
  let first: CivilDate?

  init(_ inputs: ExperimentInputs) {
    let until = CivilDate(inputs.until)
    var counts: [CivilDate: [Identifier<Variant>: BinomialCounts]] = [:]
    var starts: [Identifier<Variant>: CivilDate] = [:]
    // The day that holds `until` is not over.
    for cell in inputs.cells where cell.day < until && cell.counts.impressions > 0 {
      counts[cell.day, default: [:]][cell.variant, default: .zero] += cell.counts.of(inputs.experiment.goal)
      starts[cell.variant] = min(starts[cell.variant] ?? cell.day, cell.day)
    }
    self.counts = counts
    self.starts = starts
    first = counts.keys.min()
    variants = inputs.variants.map(\.id).filter { starts[$0] != nil }
  }

  subscript(day: CivilDate, variant: Identifier<Variant>) -> BinomialCounts {
    counts[day]?[variant] ?? .zero
  }

  /// Days on which anything was shown, in order.
  var all: [CivilDate] { counts.keys.sorted() }

  /// A version's days, in order.
  func course(of variant: Identifier<Variant>) -> [(day: CivilDate, counts: BinomialCounts)] {
    all.compactMap { day in
      let counts = self[day, variant]
      return counts.trials > 0 ? (day, counts) : nil
    }
  }

  /// It may be cut off in front; a contrast within days does not mind.
  func firstDay(of variant: Identifier<Variant>) -> CivilDate? { starts[variant] }
}

extension Estimate {
  /// A log ratio's interval as a relative change.
  init(relative interval: IntervalEstimate) {
    let lift = Lift(logRatio: interval)
    self.init(value: lift.estimate, low: lift.low, high: lift.high)
  }
}
