import Campaigns
import Statistics

/// The goal's counts by day and version over all rounds of a segment.
struct DailyCounts {
  /// Those that were shown.
  let variants: [Identifier<Variant>]
  /// Days on which anything was shown, in order.
  let all: [CivilDate]
  private let counts: [CivilDate: [BinomialCounts]]
  private let nothing: [BinomialCounts]

  init(_ inputs: ExperimentInputs) {
    let until = CivilDate(inputs.until)
    let ids = inputs.variants.map(\.id)
    let places = Dictionary(ids.enumerated().map { ($1, $0) }) { first, _ in first }
    let nothing = [BinomialCounts](repeating: .zero, count: ids.count)
    var counts: [CivilDate: [BinomialCounts]] = [:]
    // The day that holds `until` is not over.
    for cell in inputs.cells where cell.day < until && cell.counts.impressions > 0 {
      guard let place = places[cell.variant] else { continue }
      counts[cell.day, default: nothing][place] += cell.counts.of(inputs.experiment.goal)
    }
    let shown = ids.indices.filter { place in counts.values.contains { $0[place].trials > 0 } }
    variants = shown.map { ids[$0] }
    all = counts.keys.sorted()
    self.counts = shown.count == ids.count ? counts : counts.mapValues { day in shown.map { day[$0] } }
    self.nothing = shown.map { _ in .zero }
  }

  var first: CivilDate? { all.first }

  /// Every version's counts, in the order of `variants`.
  subscript(day: CivilDate) -> [BinomialCounts] { counts[day] ?? nothing }

  /// A version's days, in order. It may be cut off in front; a contrast within days does not mind.
  func course(of variant: Identifier<Variant>) -> [(day: CivilDate, counts: BinomialCounts)] {
    guard let place = variants.firstIndex(of: variant) else { return [] }
    return all.lazy.map { ($0, self[$0][place]) }.filter { $0.1.trials > 0 }
  }
}

extension Estimate {
  /// A log ratio's interval as a relative change.
  init(relative interval: IntervalEstimate) {
    let lift = Lift(logRatio: interval)
    self.init(value: lift.estimate, low: lift.low, high: lift.high)
  }
}
