import Campaigns
import FoundationEssentials
import Statistics

extension HealthCheck {
  /// Level of the alarm about shares. Strict, because an alarm silences the experiment, and because impressions
  /// are counted where viewers were assigned: one viewer's impressions fall to one version together.
  static let sampleRatioAlpha = 0.001
  /// Of the campaign's events, waiting to be counted, from which on nothing is claimed.
  static let delayedShareLimit = 0.1

  static func all(
    of inputs: ExperimentInputs, epochs: [EpochInput], comparison: Comparison, clustering: Clustering?,
    names: [Identifier<Variant>: String]
  ) -> [HealthCheck] {
    guard inputs.experiment.randomised else {
      return [notRandomised, impossibleCounts(inputs, epochs: epochs, names: names)].compactMap(\.self)
    }
    return [
      impossibleCounts(inputs, epochs: epochs, names: names),
      sampleRatio(epochs, clustering: clustering, names: names), severalVersions(inputs.crossing),
      missingDays(inputs), missingVersion(inputs, clustering: clustering, names: names),
      tooFewEvents(comparison, names: names), delayedEvents(inputs),
      invalidTraffic(inputs.traffic, names: names),
    ].compactMap(\.self)
  }

  static let notRandomised = HealthCheck(
    kind: .notRandomised, blocking: true,
    sentence: "These versions were not randomised: the platform chose who saw which, so differences between "
      + "versions may be differences between the people who saw them. Rates and costs are facts; no winner is named."
  )

  static func impossibleCounts(
    _ inputs: ExperimentInputs, epochs: [EpochInput], names: [Identifier<Variant>: String]
  ) -> HealthCheck? {
    var wrong = Set(epochs.impossibleArms)
    if !inputs.experiment.randomised {
      let totals = Dictionary(grouping: inputs.platform, by: \.variant)
      for (variant, cells) in totals {
        let sum = cells.reduce(EventCounts()) { $0 + $1.counts }
        if !sum.of(inputs.experiment.goal).isPossible { wrong.insert(variant) }
      }
    }
    guard !wrong.isEmpty else { return nil }
    return HealthCheck(
      kind: .impossibleCounts, blocking: true,
      sentence:
        "Version \(wrong.compactMap { names[$0] }.sorted().joined(separator: ", ")) has more \(inputs.experiment.goal.successes) "
        + "than impressions, which cannot be: something is counted twice or not at all. Nothing is claimed.",
      numbers: ["versions": Double(wrong.count)])
  }

  /// Epoch by epoch, versions without a share left out. A viewer's impressions fall to one version together, so they
  /// count as one draw.
  static func sampleRatio(
    _ epochs: [EpochInput], clustering: Clustering?, names: [Identifier<Variant>: String]
  ) -> HealthCheck? {
    let draw = max(1, clustering?.impressionsPerAssignment ?? 1)
    let test = SampleRatioTest(
      epochs.map { epoch in
        SampleRatioMismatch.Phase(
          counts: epoch.arms.map { Int64((Double($0.trials) / draw).rounded()) },
          weights: epoch.arms.map(\.share))
      }, alpha: sampleRatioAlpha)
    guard test.isAlarm else { return nil }
    let total = Double(epochs.reduce(0) { $0 + $1.trials })
    let arms = epochs.first?.arms.indices.map { arm in
      (
        name: names[epochs[0].arms[arm].variant] ?? "?",
        seen: Double(epochs.reduce(0) { $0 + $1.arms[arm].trials }) / total,
        promised: epochs.reduce(0) { $0 + Double($1.trials) * $1.arms[arm].share } / total
      )
    }
    let list = (arms ?? []).map {
      "\($0.name) got \(Figure.percent($0.seen, digits: 1)) of impressions instead of "
        + Figure.percent($0.promised, digits: 1)
    }
    return HealthCheck(
      kind: .sampleRatioMismatch, blocking: true,
      sentence:
        "Versions were not shown in the shares they were given: \(list.joined(separator: "; ")). Chance "
        + "does not explain this, so assignment or counting is broken and nothing is claimed until it is found.",
      numbers: ["log_evidence": test.logEvidence, "alpha": sampleRatioAlpha])
  }

  /// Whole UTC days of the round without a single impression.
  static func missingDays(_ inputs: ExperimentInputs) -> HealthCheck? {
    guard let start = inputs.experiment.epochs.first?.startsAt, start < inputs.until else { return nil }
    var day = CivilDate(start)
    if day.start < start { day = day.advanced(byDays: 1) }
    let end = CivilDate(inputs.until)
    let seen = Set(
      inputs.cells.lazy.filter { $0.experiment == inputs.experiment.id && $0.counts.impressions > 0 }.map(
        \.day))
    var missing: [CivilDate] = []
    var days = 0
    while day < end {
      days += 1
      if !seen.contains(day) { missing.append(day) }
      day = day.advanced(byDays: 1)
    }
    guard let first = missing.first else { return nil }
    let which =
      missing.count == 1
      ? "on \(first.inWords)" : "on \(missing.count) of \(days) days, first \(first.inWords)"
    return HealthCheck(
      kind: .missingDays, blocking: false,
      sentence: "Nothing was shown \(which). If ads did run then, their events have not arrived.",
      numbers: ["missing": Double(missing.count), "days": Double(days)])
  }

  static func tooFewEvents(
    _ comparison: Comparison, names: [Identifier<Variant>: String]
  ) -> HealthCheck? {
    let few = comparison.arms.indices.filter { comparison.rates[$0].condition == .burnIn }
    guard !few.isEmpty else { return nil }
    let list = few.compactMap { names[comparison.arms[$0]] }.joined(separator: ", ")
    return HealthCheck(
      kind: .tooFewEvents, blocking: false,
      sentence:
        "Fewer than 20 results are in for version\(few.count > 1 ? "s" : "") \(list), so only large differences can be "
        + "shown.",
      numbers: ["versions": Double(few.count)])
  }

  static func delayedEvents(_ inputs: ExperimentInputs) -> HealthCheck? {
    guard inputs.pendingEvents > 0 else { return nil }
    let pending = Double(inputs.pendingEvents)
    let share = inputs.foldedEvents.map { pending / max(1, pending + Double($0)) } ?? 0
    let blocking = share >= delayedShareLimit
    let told = "\(Figure.count(inputs.pendingEvents)) events were accepted and are not yet in these figures"
    return HealthCheck(
      kind: .delayedEvents, blocking: blocking,
      sentence: blocking
        ? "\(told): \(Figure.percent(share, digits: 0)) of all. Nothing is claimed until they are counted."
        : told + ".",
      numbers: ["events": pending, "share": share, "limit": delayedShareLimit])
  }
}
