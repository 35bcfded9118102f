import Analysis
import Campaigns
import Foundation
import Ingestion
import Simulation

/// What the verdicts of a segment should have found: computed from the truth and from who was shown what when,
/// never from what the analysis estimated.
struct DemoTruth {
  private let truth: Truth
  private let segment: Segment
  private let goal: Goal
  private let views: [Identifier<Variant>: ExperimentView.Variant]
  private let experiments: [Identifier<Experiment>: Experiment]
  private let impressions: [StoredTraffic.HourlyImpressions]

  init(
    truth: Truth, segment: Segment, goal: Goal, variants: [Variant], experiments: [Experiment],
    impressions: [StoredTraffic.HourlyImpressions]
  ) {
    self.truth = truth
    self.segment = segment
    self.goal = goal
    views = Dictionary(
      uniqueKeysWithValues: variants.map {
        ($0.id, .init(id: $0.id.uuid, name: $0.name, generation: $0.generation, activatedAt: $0.activatedAt))
      })
    self.experiments = Dictionary(uniqueKeysWithValues: experiments.map { ($0.id, $0) })
    self.impressions = impressions
  }

  /// On the scale of the verdict's estimate; nil for verdicts that estimate nothing.
  func estimand(of verdict: Verdict) throws -> Double? {
    let hour = Date(timeIntervalSince1970: (verdict.asOf.timeIntervalSince1970 / 3600).rounded(.down) * 3600)
    let seen = impressions.filter { $0.hour < hour }
    switch verdict.kind {
    case .winner, .loser, .leading, .trailing, .inconclusive:
      guard let variant = verdict.variant, let comparison = try verdict.decodedEvidence().comparison else {
        return nil
      }
      return difference(variant, comparison, experiments[verdict.experiment], seen)
    case .fatigued:
      guard let variant = verdict.variant else { return nil }
      return wear(of: variant, seen, until: CivilDate(hour))
    case .shifted: return shift(seen, until: CivilDate(hour))
    case .invalid: return nil
    }
  }

  /// The mean of the difference over everybody who came while both versions had a share.
  private func difference(
    _ variant: Identifier<Variant>, _ comparison: Identifier<Variant>, _ experiment: Experiment?,
    _ seen: [StoredTraffic.HourlyImpressions]
  ) -> Double? {
    guard let experiment, let own = views[variant], let other = views[comparison] else { return nil }
    var hours: [Date: Int64] = [:]
    for cell in seen where cell.hour < experiment.endedAt ?? .distantFuture {
      guard let epoch = experiment.epoch(at: cell.hour) else { continue }
      let arms = Set(epoch.shares.map(\.variant))
      guard arms.isSuperset(of: [variant, comparison]), arms.contains(cell.variant) else { continue }
      hours[cell.hour, default: 0] += cell.count
    }
    return truth.difference(
      of: own, against: other, segment: segment.key, goal: goal,
      impressions: hours.map { (hour: $0.key, count: $0.value) })
  }

  /// Relative change of a version's rate against those beside it: its latest whole week of life against its first.
  private func wear(
    of variant: Identifier<Variant>, _ seen: [StoredTraffic.HourlyImpressions], until: CivilDate
  ) -> Double? {
    guard let first = seen.first(where: { $0.variant == variant }).map({ CivilDate($0.hour) }) else {
      return nil
    }
    let weeks = (until.dayNumber - first.dayNumber) / 7
    guard weeks >= 2 else { return nil }
    let contrasts = [0, weeks - 1].map { week -> Double? in
      let cells = Self.week(first.advanced(byDays: 7 * week), of: seen)
      let others = Set(cells.map(\.variant)).subtracting([variant])
      guard let own = level(of: [variant], cells), let rest = level(of: others, cells), rest > 0 else {
        return nil
      }
      return own / rest
    }
    guard let fresh = contrasts[0], let recent = contrasts[1], fresh > 0 else { return nil }
    return recent / fresh - 1
  }

  /// Relative change of the level of the versions that ran in both: the last whole ISO week against the one before.
  private func shift(_ seen: [StoredTraffic.HourlyImpressions], until: CivilDate) -> Double? {
    let monday = until.advanced(byDays: 1 - until.weekday)
    let weeks = [-14, -7].map { Self.week(monday.advanced(byDays: $0), of: seen) }
    let lasting = Set(weeks[0].map(\.variant)).intersection(weeks[1].map(\.variant))
    guard let before = level(of: lasting, weeks[0]), let after = level(of: lasting, weeks[1]), before > 0
    else { return nil }
    return after / before - 1
  }

  private static func week(
    _ start: CivilDate, of cells: [StoredTraffic.HourlyImpressions]
  ) -> [StoredTraffic.HourlyImpressions] {
    let (from, until) = (start.start, start.advanced(byDays: 7).start)
    return cells.filter { $0.hour >= from && $0.hour < until }
  }

  /// Mean rate of the versions, each weighing the same, over the hours, each weighing as much as it had impressions.
  private func level(
    of variants: Set<Identifier<Variant>>, _ cells: [StoredTraffic.HourlyImpressions]
  ) -> Double? {
    var sum = 0.0
    var total = 0.0
    let own = variants.compactMap { views[$0] }
    for cell in cells {
      let rates = own.compactMap {
        truth.expectedRate(of: $0, segment: segment.key, goal: goal, at: cell.hour)
      }
      guard !rates.isEmpty else { return nil }
      sum += Double(cell.count) * rates.reduce(0, +) / Double(rates.count)
      total += Double(cell.count)
    }
    return total > 0 ? sum / total : nil
  }
}
