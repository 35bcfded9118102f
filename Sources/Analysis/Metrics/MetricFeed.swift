import Campaigns
import FoundationEssentials
import Statistics

/// What a round's rollups and viewers' moments can feed a metric with. Sums are made once for all metrics.
struct MetricFeed {
  /// How a metric is estimated.
  enum Source {
    /// Events per event, epoch by epoch, arms in the comparison's order.
    case rates([PairwiseDifferences.Epoch], designEffect: Double)
    /// Values of units, epoch by epoch; y per x.
    case moments([Epoch])
    /// A quotient of sums, with what is left of its interval when what was paid is taken as given.
    case facts([Estimate?])
    case missing(String)
  }

  struct Epoch {
    var shares: [Double]
    var arms: [BivariateMoments]
    var units: Int64
  }

  let inputs: ExperimentInputs
  let arms: [Identifier<Variant>]
  let designEffect: Double
  /// Of a version, in seconds; nil where it is not known.
  let duration: Double?
  private let epochs: [Campaigns.AllocationEpoch]
  /// By epoch, then arm.
  private let counts: [[EventCounts]]
  private let totals: [EventCounts]
  private let spend: [Identifier<Variant>: Int64]
  private let designEffects: [EventKind: Double]

  init(
    _ inputs: ExperimentInputs, sums: Sums, arms: [Identifier<Variant>], designEffect: Double,
    duration: Double?
  ) {
    self.inputs = inputs
    self.arms = arms
    self.designEffect = designEffect
    self.duration = duration
    let until = inputs.until
    epochs = inputs.experiment.epochs.filter { $0.startsAt < until }
    let places = Dictionary(arms.enumerated().map { ($1, $0) }) { first, _ in first }
    let rows = Dictionary(epochs.enumerated().map { ($1.number, $0) }) { first, _ in first }
    var counts = [[EventCounts]](
      repeating: [EventCounts](repeating: EventCounts(), count: arms.count), count: epochs.count)
    for cell in inputs.cells where cell.experiment == inputs.experiment.id {
      if let row = rows[cell.epoch], let place = places[cell.variant] { counts[row][place] += cell.counts }
    }
    self.counts = counts
    spend = sums.spend
    totals = arms.map { sums.counts[$0] ?? EventCounts() }
    designEffects = Self.designEffects(inputs.cohorts)
  }

  func source(of metric: Metric) -> Source {
    if metric.of == .spend || metric.per == .spend { return facts(metric) }
    guard inputs.experiment.randomised else {
      return .missing("a platform chose who saw which version, and its export does not hold it by viewer")
    }
    if metric.of == .watchTime { return watchTime(per: metric.per) }
    if let of = metric.of.kind, let per = metric.per.kind { return rates(of, per: per) }
    return viewers(metric)
  }

  private func shares(of epoch: Campaigns.AllocationEpoch) -> [Double] {
    let shares = Dictionary(epoch.shares.map { ($0.variant, $0.share) }) { first, _ in first }
    return arms.map { shares[$0] ?? 0 }
  }

  private func rates(_ of: EventKind, per: EventKind) -> Source {
    guard totals.contains(where: { $0[per] > 0 }) else {
      return .missing("no \(per.plural) were reported")
    }
    guard totals.contains(where: { $0[of] > 0 }) else { return .missing("no \(of.plural) were reported") }
    if let wrong = zip(arms, totals).first(where: { $1[of] > $1[per] }) {
      return .missing(
        "version \(name(wrong.0)) has more \(of.plural) than \(per.plural), so they do not belong together one by one"
      )
    }
    return .rates(
      zip(epochs, counts).map { epoch, counts in
        let shares = shares(of: epoch)
        return PairwiseDifferences.Epoch(
          shares: shares,
          counts: zip(shares, counts).map { share, counts in
            // What came late from the epoch before is left out.
            share > 0
              ? BinomialCounts(successes: min(counts[of], counts[per]), trials: counts[per]) : .zero
          },
          units: per == .impression ? zip(shares, counts).reduce(0) { $0 + ($1.0 > 0 ? $1.1[per] : 0) } : nil)
      }, designEffect: designEffect(of))
  }

  /// Of kinds that are kept by viewer their own; of others the largest known, so that nothing is claimed too soon.
  private func designEffect(_ kind: EventKind) -> Double {
    designEffects[kind] ?? max(designEffect, designEffects[.click] ?? 1, designEffects[.complete] ?? 1)
  }

  private static func designEffects(_ cohorts: [ViewerCohort]) -> [EventKind: Double] {
    func effect(_ moments: (ViewerCohort) -> BivariateMoments) -> Double {
      let all = cohorts.reduce(BivariateMoments.zero) { $0 + moments($1) }
      return all.meanY * Double(all.count) >= 20 ? max(1, all.designEffect) : 1
    }
    return [
      .click: effect { $0.clicks }, .complete: effect { $0.completes },
      .conversion: effect { $0.conversions },
    ]
  }

  /// A viewer who left between two marks is taken to have watched half the way between them.
  private func watchTime(per: Metric.Quantity) -> Source {
    guard let duration, duration > 0 else { return .missing("the length of the versions is not known") }
    guard totals.contains(where: { $0.starts > 0 }) else { return .missing("no starts were reported") }
    guard totals.contains(where: { $0.firstQuartiles > 0 }) else {
      return .missing("no quarters were reported")
    }
    let effect = max(designEffect(.complete), designEffect)
    return .moments(
      zip(epochs, counts).map { epoch, counts in
        let shares = shares(of: epoch)
        let moments = zip(shares, counts).map { share, counts -> BivariateMoments in
          guard share > 0 else { return .zero }
          return Self.watched(counts, per: per, duration: duration, designEffect: effect)
        }
        return Epoch(
          shares: shares, arms: moments, units: max(1, moments.reduce(0) { $0 + $1.count }))
      })
  }

  private static func watched(
    _ counts: EventCounts, per: Metric.Quantity, duration: Double, designEffect: Double
  ) -> BivariateMoments {
    let first = per == .start ? counts.starts : counts.impressions
    var reached = [
      first, counts.starts, counts.firstQuartiles, counts.midpoints, counts.thirdQuartiles, counts.completes,
    ]
    // Marks can only be lost on the way; what is above its forerunner came late from the epoch before.
    for mark in 1..<reached.count { reached[mark] = min(reached[mark], reached[mark - 1]) }
    let watched = [0, 0.125, 0.375, 0.625, 0.875, 1].map { $0 * duration }
    var moments = Moments.zero
    for mark in reached.indices {
      let left = reached[mark] - (mark + 1 < reached.count ? reached[mark + 1] : 0)
      moments += Moments(count: left, mean: watched[mark], squaredDeviations: 0)
    }
    moments.squaredDeviations *= designEffect
    return BivariateMoments(moments)
  }

  /// Cohorts of whole days within one epoch: a day on which shares changed belongs to neither.
  private func viewers(_ metric: Metric) -> Source {
    let kind = metric.of.kind
    if let kind, ![.click, .complete, .conversion].contains(kind) {
      return .missing(
        "\(kind.plural) are not kept by viewer, only clicks, completes, conversions and their value")
    }
    guard !inputs.cohorts.isEmpty else { return .missing("nothing was kept by viewer") }
    if metric.per == .viewer, epochs.count > 1 {
      return .missing(
        "shares of traffic changed during the round, which cut short what viewers did with the version they left"
      )
    }
    let places = Dictionary(arms.enumerated().map { ($1, $0) }) { first, _ in first }
    var sums = epochs.map { _ in [BivariateMoments](repeating: .zero, count: arms.count) }
    for cohort in inputs.cohorts {
      guard let place = places[cohort.variant], let row = row(of: cohort.day) else { continue }
      sums[row][place] += kind.flatMap { cohort[$0] } ?? cohort.value
    }
    guard sums.joined().contains(where: { $0.meanY > 0 }) else {
      return .missing("no \(metric.of.inWords) came in")
    }
    return .moments(
      zip(epochs, sums).map { epoch, sums in
        let shares = shares(of: epoch)
        let arms = zip(shares, sums).map { share, moments -> BivariateMoments in
          guard share > 0 else { return .zero }
          return metric.per == .viewer ? BivariateMoments(moments.y) : moments
        }
        return Epoch(shares: shares, arms: arms, units: max(1, arms.reduce(0) { $0 + $1.count }))
      })
  }

  private func row(of day: CivilDate) -> Int? {
    guard let row = epochs.lastIndex(where: { $0.startsAt <= day.start }) else { return nil }
    let end = row + 1 < epochs.count ? epochs[row + 1].startsAt : inputs.until
    return day.advanced(byDays: 1).start <= end ? row : nil
  }

  /// What was charged is no matter of chance, so only what it is divided by has an interval.
  private func facts(_ metric: Metric) -> Source {
    if let wrong = arms.first(where: { spend[$0] ?? 0 < 0 }) {
      return .missing(
        "less than nothing was spent on version \(name(wrong)); import the platform's report again")
    }
    guard arms.contains(where: { spend[$0] ?? 0 > 0 }) else {
      return .missing("no platform has said what was spent")
    }
    let sequence = ComparisonRules(inputs.experiment, clustering: nil).single
    return .facts(
      zip(arms, totals).map { arm, counts -> Estimate? in
        guard let micros = spend[arm], micros > 0 else { return nil }
        let spent = Double(micros) / 1e6
        guard let kind = metric.of == .spend ? metric.per.kind : metric.of.kind else {
          let ratio = Double(counts.valueMicros) / 1e6 / spent
          return Estimate(value: ratio, low: ratio, high: ratio)
        }
        let (events, impressions) = (Double(counts[kind]), Double(counts.impressions))
        guard events > 0, impressions > 0 else { return nil }
        let interval = AverageRate(
          epochs: [
            .init(
              share: 1,
              counts: BinomialCounts(
                successes: min(counts[kind], counts.impressions), trials: counts.impressions))
          ],
          sequence: sequence, designEffect: designEffect(kind)
        ).interval
        let isKnown = interval.condition == nil && interval.low > 0 && kind != .impression
        let (low, high) =
          isKnown ? (interval.low * impressions, interval.high * impressions) : (events, events)
        return metric.of == .spend
          ? Estimate(value: spent / events, low: spent / max(high, events), high: spent / min(low, events))
          : Estimate(value: events / spent, low: min(low, events) / spent, high: max(high, events) / spent)
      })
  }

  private func name(_ variant: Identifier<Variant>) -> String {
    inputs.variants.first { $0.id == variant }?.name ?? "?"
  }
}

extension EventKind {
  /// `first quartiles`
  var plural: String { name.replacing("_", with: " ") + "s" }
}
