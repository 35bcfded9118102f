import Analysis
import Campaigns
import Foundation
import Statistics

/// A round of versions whose counts are exactly what their rates promise: every day the share of `perDay`
/// impressions, and that many successes (rounded).
struct Scenario {
  static let monday = Date(timeIntervalSince1970: 1_794_787_200)  // 2026-11-16
  static let day = 86_400.0

  var names = ["A", "B", "C"]
  var goal = Goal.clickThrough
  var perDay = 3_000.0
  var randomised = true
  var start = Scenario.monday
  /// Day on which an epoch begins, and its shares.
  var epochs: [(day: Int, shares: [Double])] = [(0, [1 / 3.0, 1 / 3.0, 1 / 3.0])]
  var days = 14
  /// Rate of a version (by position) on a day.
  var rate: (Int, Int) -> Double = { _, _ in 0.025 }
  /// What is really shown, as a multiple of what the shares promise.
  var delivered: (Int, Int) -> Double = { _, _ in 1 }
  var round = 1
  /// Tells segments of one campaign apart.
  var place = 0
  var language = "en"
  /// Of a version (by position).
  var levels: (Int) -> [String: String] = { _ in ["hook": "burden"] }

  func variant(_ position: Int) -> Variant {
    Variant(
      id: Self.id(1_000 * place + 100 + position), campaign: Self.id(1), segment: segment.id,
      name: names[position],
      origin: randomised ? .designed : .imported, generation: 1, parent: nil, levels: levels(position),
      status: .active, createdAt: start, activatedAt: start)
  }

  var segment: Segment {
    Segment(
      id: Self.id(1_000 * place + 2), campaign: Self.id(1), key: place == 0 ? "young" : "young-\(place)",
      name: "Young city dwellers" + (place == 0 ? "" : " \(place)"), language: language,
      audience: 1_000_000, rule: AudienceRule(all: []))
  }

  var experiment: Experiment {
    Experiment(
      id: Self.id(1_000 * place + 10 + round), campaign: Self.id(1), segment: segment.id, round: round,
      goal: goal,
      alpha: 0.05, plannedImpressions: 60_000, randomised: randomised, control: variant(0).id,
      startedAt: start,
      epochs: randomised
        ? epochs.enumerated().map { index, epoch in
          AllocationEpoch(
            number: index + 1, startsAt: start + Double(epoch.day) * Self.day,
            shares: epoch.shares.enumerated().filter { $1 > 0 }.map {
              AllocationEpoch.Share(variant: variant($0).id, share: $1)
            })
        } : [])
  }

  var cells: [RollupCell] {
    (0..<days).flatMap { day -> [RollupCell] in
      let epoch = epochs.lastIndex { $0.day <= day } ?? 0
      return names.indices.filter { epochs[epoch].shares[$0] > 0 }.map { arm in
        var counts = EventCounts()
        counts.impressions = Int64((perDay * epochs[epoch].shares[arm] * delivered(arm, day)).rounded())
        counts[goal.success] = Int64((Double(counts.impressions) * rate(arm, day)).rounded())
        return RollupCell(
          experiment: experiment.id, epoch: epoch + 1, day: CivilDate(start).advanced(byDays: day),
          variant: variant(arm).id, counts: counts)
      }
    }
  }

  func inputs(at moment: Date? = nil) -> ExperimentInputs {
    ExperimentInputs(
      segment: segment, experiment: experiment, variants: names.indices.map(variant), cells: cells,
      asOf: moment ?? start + Double(days) * Self.day)
  }

  func analysis() throws -> SegmentAnalysis { try SegmentAnalysis(of: inputs()) }

  static func id<Subject>(_ number: Int) -> Identifier<Subject> {
    let digits = String(number)
    let padded = String(repeating: "0", count: 12 - digits.count) + digits
    return Identifier(UUID(uuidString: "01930000-0000-7000-8000-\(padded)") ?? UUID())
  }
}

extension SegmentAnalysis {
  func kind(of name: String) -> Verdict.Kind? { verdict(name)?.kind }

  func verdict(_ name: String) -> Verdict? {
    variants.first { $0.variant.name == name }.flatMap { standing(of: $0.variant.id) }
  }
}

extension ExperimentInputs {
  /// A cohort for every version, of viewers with so many impressions each; those who click at all click so often.
  func arms(
    impressionsPerViewer: Int64 = 10, clicksPerClicker: Int64 = 1, rate: Double = 0.02,
    viewers: Int64 = 2_000
  ) -> [ViewerCohort] {
    variants.map { variant in
      var clicks = BivariateMoments.zero
      let clickers = Int64(
        (rate * Double(impressionsPerViewer * viewers) / Double(clicksPerClicker)).rounded())
      for viewer in 0..<viewers {
        clicks.add(x: Double(impressionsPerViewer), y: viewer < clickers ? Double(clicksPerClicker) : 0)
      }
      let none = BivariateMoments(
        count: viewers, meanX: Double(impressionsPerViewer), meanY: 0, squaredDeviationsX: 0)
      return ViewerCohort(
        variant: variant.id, day: CivilDate(experiment.startedAt), completes: none, clicks: clicks,
        conversions: none, value: none)
    }
  }
}
