import Campaigns
import Statistics

/// What a round's arms did on one whole UTC day of one epoch; part of a verdict's evidence where the exact test was needed.
struct DayInput: Hashable, Sendable, Codable {
  var epoch: Int
  /// Days since the start of 1970.
  var day: Int
  /// In the order of the arms; 0 for one without a share.
  var trials: [Int64]
  var successes: [Int64]

  /// Clicks of yesterday's impressions may come today: a surplus is left out, as in `EpochInput.Arm.counts`.
  func counts(of arm: Int) -> BinomialCounts {
    BinomialCounts(successes: min(successes[arm], trials[arm]), trials: trials[arm])
  }
}

extension ExperimentInputs {
  /// The round's whole days in the order of time, each with every arm that had a share.
  var dayInputs: [DayInput] {
    let arms = Dictionary(arms.enumerated().map { ($1, $0) }) { first, _ in first }
    let shared = Dictionary(
      experiment.epochs.map { ($0.number, Set($0.shares.lazy.filter { $0.share > 0 }.map(\.variant))) }
    ) { first, _ in first }
    let today = CivilDate(until)
    var days: [EpochDay: DayInput] = [:]
    for cell in cells where cell.experiment == experiment.id && cell.day < today {
      guard let arm = arms[cell.variant], shared[cell.epoch]?.contains(cell.variant) == true else { continue }
      let key = EpochDay(day: cell.day.dayNumber, epoch: cell.epoch)
      let none = [Int64](repeating: 0, count: arms.count)
      let counts = cell.counts.of(experiment.goal)
      days[key, default: DayInput(epoch: key.epoch, day: key.day, trials: none, successes: none)]
        .trials[arm] += counts.trials
      days[key]?.successes[arm] += counts.successes
    }
    return days.values.sorted { ($0.day, $0.epoch) < ($1.day, $1.epoch) }
  }
}

private struct EpochDay: Hashable {
  var day: Int
  var epoch: Int
}
