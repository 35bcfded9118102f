import Campaigns
import FoundationEssentials
import Statistics

/// Whether viewers kept to the version they were given, and versions to the days they were given.
extension HealthCheck {
  /// Of viewers, seen with several versions, from which on it is mentioned, and from which on nothing is claimed.
  static let crossingLimits = (mentioned: 0.002, blocking: 0.01)
  /// Standard errors by which the share must pass a limit.
  static let crossingZ = 4.0
  /// Draws that a version must have been owed on a day for none of them to be a fault; chance leaves out one day
  /// in e^50.
  static let drawsOwed = 50.0

  static func severalVersions(_ crossing: ViewerCrossing?) -> HealthCheck? {
    guard let crossing, crossing.viewers > 0, crossing.crossed > 0 else { return nil }
    let share = Double(crossing.crossed) / Double(crossing.viewers)
    // Wilson's bound, which a single viewer of a handful does not pass.
    let alpha = 2 * Normal.survival(crossingZ)
    let low =
      FixedHorizon.wilson(
        BinomialCounts(successes: min(crossing.crossed, crossing.viewers), trials: crossing.viewers),
        alpha: alpha)?.low ?? 0
    guard low > crossingLimits.mentioned else { return nil }
    let blocking = low > crossingLimits.blocking
    return HealthCheck(
      kind: .viewersInSeveralVersions, blocking: blocking,
      sentence:
        "\(Figure.percent(share, digits: 1)) of viewers saw more than one version although shares stood still. "
        + (blocking
          ? "What they did cannot be laid to one version, so nothing is claimed until assignment is repaired."
          : "That blurs differences a little."),
      numbers: [
        "share": share, "viewers": Double(crossing.viewers), "crossed": Double(crossing.crossed), "low": low,
        "limit": crossingLimits.blocking,
      ])
  }

  /// A version that had a share of a day and was never shown on it, while others were.
  static func missingVersion(
    _ inputs: ExperimentInputs, clustering: Clustering?, names: [Identifier<Variant>: String]
  ) -> HealthCheck? {
    let draw = max(1, clustering?.impressionsPerAssignment ?? 1)
    let arms = inputs.arms
    let places = Dictionary(arms.enumerated().map { ($1, $0) }) { first, _ in first }
    let nothing = [Int64](repeating: 0, count: arms.count)
    struct Stretch: Hashable {
      let epoch: Int
      let day: CivilDate
    }
    var shown: [Stretch: [Int64]] = [:]
    for cell in inputs.cells where cell.experiment == inputs.experiment.id && cell.counts.impressions > 0 {
      guard let place = places[cell.variant] else { continue }
      shown[Stretch(epoch: cell.epoch, day: cell.day), default: nothing][place] += cell.counts.impressions
    }
    let shares = Dictionary(inputs.experiment.epochs.map { ($0.number, $0.shares) }) { first, _ in first }
    var missing: [(variant: Identifier<Variant>, day: CivilDate)] = []
    for (stretch, counts) in shown where counts.contains(0) {
      let others = counts.reduce(0) { $0 + Double($1) }
      for share in shares[stretch.epoch] ?? [] where share.share < 1 {
        guard let place = places[share.variant], counts[place] == 0 else { continue }
        if others * share.share / (1 - share.share) / draw >= drawsOwed {
          missing.append((share.variant, stretch.day))
        }
      }
    }
    guard
      let first = missing.min(by: { ($0.day, names[$0.variant] ?? "") < ($1.day, names[$1.variant] ?? "") })
    else { return nil }
    let more = missing.count > 1 ? ", nor were others on \(missing.count - 1) further occasions" : ""
    return HealthCheck(
      kind: .missingDays, blocking: true,
      sentence:
        "Version \(names[first.variant] ?? "?") was not shown on \(first.day.inWords) although it had a share of "
        + "the traffic and others were shown\(more). Its events are lost or it was not delivered, so nothing is "
        + "claimed until that is found.",
      numbers: ["version_days": Double(missing.count)])
  }
}
