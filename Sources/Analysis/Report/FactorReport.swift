import Campaigns
import Statistics

/// Which creative choices work, over all segments of a campaign (`Statistics.FactorEffects`).
///
/// Versions of different segments that carry the same levels count as one, which is what connects segments; versions are
/// only ever compared within a segment's day, or week where there are many of them.
public struct FactorReport: Hashable, Sendable, Codable {
  /// For factors of two levels the second against the first, for others each against the mean of the rest.
  public var effects: [Effect]
  /// Why nothing can be said; nil when something can.
  public var missing: String?

  public struct Effect: Hashable, Sendable, Codable {
    public var factor: String
    public var level: String
    /// Of the odds of success, relative: 0.1 = 10 % better. Nil where nothing can be said of the factor.
    public var change: Estimate?
    /// At the campaign's alpha, as a false discovery rate over all effects, at any look.
    public var isShown: Bool
    /// What the effect may as well be due to: other factors, or two together.
    public var aliases: [String]
    public var sentence: String
  }
}

extension FactorReport {
  /// - Parameter segments: inputs of the segments' rounds; those no chance assigned are left out.
  public init(of segments: [ExperimentInputs], alpha: Double) {
    let randomised = segments.filter(\.experiment.randomised)
    let keys = Self.factors(of: randomised)
    guard !keys.isEmpty, let goal = randomised.first?.experiment.goal else {
      self.init(effects: [], missing: "versions carry no levels of factors")
      return
    }
    let table = FactorTable(randomised, factors: keys, goal: goal)
    let effects = FactorEffects(
      design: FactorialDesign(versions: table.versions), observations: table.observations, alpha: alpha)
    if let condition = effects.condition {
      self.init(effects: [], missing: condition.inWords)
      return
    }
    self.init(
      effects: effects.effects.map { effect in
        let factor = keys[effect.factor]
        let levels = table.levels[effect.factor]
        let level = levels.indices.contains(effect.level) ? levels[effect.level] : ""
        let change = effect.logOdds.map(Estimate.init(relative:))
        let aliases = effect.aliases.map { $0.inWords(keys) }
        return Effect(
          factor: factor, level: level, change: change, isShown: effect.isShown, aliases: aliases,
          sentence: Self.sentence(
            factor: factor, level: level, others: levels.filter { $0 != level }, change: change,
            isShown: effect.isShown, aliases: aliases, condition: effect.condition, goal: goal))
      }, missing: nil)
  }

  private static func factors(of segments: [ExperimentInputs]) -> [String] {
    var keys: Set<String>?
    for variant in segments.flatMap({ inputs in
      let arms = Set(inputs.arms)
      return inputs.variants.filter { arms.contains($0.id) }
    }) {
      keys = keys.map { $0.intersection(variant.levels.keys) } ?? Set(variant.levels.keys)
    }
    return (keys ?? []).sorted()
  }

  private static func sentence(
    factor: String, level: String, others: [String], change: Estimate?, isShown: Bool, aliases: [String],
    condition: FactorCondition?, goal: Goal
  ) -> String {
    let name = { (key: String) in key.replacing("_", with: " ") }
    guard let change else {
      return "Of \(name(factor)) nothing can be said: \(condition?.inWords ?? "it was not tested")."
    }
    let against = others.count == 1 ? "\"\(name(others[0]))\"" : "the other levels"
    let digits = Figure.liftDigits(change)
    let figures =
      "\(Figure.signedPercent(change.value, digits: digits)) odds of \(goal.successes) "
      + "(\(Figure.liftRange(change)))"
    let alias = aliases.isEmpty ? "" : " It may as well be due to \(aliases.joined(separator: " or "))."
    return isShown
      ? "\(name(factor).capitalisedFirst) \"\(name(level))\" is shown to do \(change.value > 0 ? "better" : "worse") than "
        + "\(against): \(figures).\(alias)"
      : "\(name(factor).capitalisedFirst) \"\(name(level))\" against \(against), open: \(figures)."
  }
}

/// Versions by their levels, and what they did by day.
private struct FactorTable {
  /// The level, by its place among `levels`, of each factor.
  private(set) var versions: [[Int]] = []
  let levels: [[String]]
  private(set) var observations: [FactorObservation] = []
  private var rows: [[Int]: Int] = [:]
  private var days = 0

  init(_ segments: [ExperimentInputs], factors: [String], goal: Goal) {
    levels = factors.map { factor in
      Set(segments.flatMap { $0.variants.compactMap { $0.levels[factor] } }).sorted()
    }
    let span = segments.reduce(0) { $0 + Set($1.cells.lazy.map(\.day)).count }
    for inputs in segments where inputs.experiment.goal == goal {
      add(counts(of: inputs, factors: factors, daysEach: span > 400 ? 7 : 1))
    }
  }

  /// Within what versions may be compared: an epoch's shares hold all through it, so its days may be put together.
  private struct Stretch: Equatable {
    var round: Int
    var epoch: Int
    var days: Int
  }

  /// What one version did within one stretch, or on some of its days.
  private struct Counts {
    var stretch: Stretch
    var version: Int
    var counts: BinomialCounts

    var order: (Int, Int, Int, Int) { (stretch.round, stretch.epoch, stretch.days, version) }
  }

  private mutating func counts(
    of inputs: ExperimentInputs, factors: [String], daysEach: Int
  ) -> [Counts] {
    let versions = versions(of: inputs.variants, factors: factors)
    var rounds: [Identifier<Experiment>: Int] = [:]
    return inputs.cells.compactMap { cell in
      guard cell.counts.impressions > 0 else { return nil }
      let round = rounds[cell.experiment] ?? rounds.count
      rounds[cell.experiment] = round
      guard let version = versions[cell.variant] else { return nil }
      let events = cell.counts.of(inputs.experiment.goal)
      return Counts(
        stretch: Stretch(round: round, epoch: cell.epoch, days: cell.day.dayNumber / daysEach),
        version: version,
        counts: BinomialCounts(successes: min(events.successes, events.trials), trials: events.trials))
    }
  }

  /// The rows of those that carry a level of every factor.
  private mutating func versions(
    of variants: [Variant], factors: [String]
  ) -> [Identifier<Variant>: Int] {
    var places: [Identifier<Variant>: Int] = [:]
    for variant in variants {
      let row = zip(factors, levels).compactMap { factor, levels in
        variant.levels[factor].flatMap { levels.firstIndex(of: $0) }
      }
      guard row.count == factors.count else { continue }
      let place = rows[row] ?? versions.count
      if place == versions.count {
        rows[row] = place
        versions.append(row)
      }
      places[variant.id] = place
    }
    return places
  }

  /// One segment's, as one observation a stretch and version, in order.
  private mutating func add(_ segment: [Counts]) {
    var last: Counts?
    for next in segment.sorted(by: { $0.order < $1.order }) {
      defer { last = next }
      if last?.stretch == next.stretch, last?.version == next.version {
        observations[observations.count - 1].counts += next.counts
        continue
      }
      if last?.stretch != next.stretch { days += 1 }
      observations.append(FactorObservation(version: next.version, day: days - 1, counts: next.counts))
    }
  }
}

extension FactorCondition {
  var inWords: String {
    switch self {
    case .impossibleCounts: "some counts are impossible"
    case .unknownVersion: "some versions lack a level of a factor"
    case .burnIn: "fewer than two versions have twenty results"
    case .tooFewVersions: "there are too few versions to tell levels from the luck of single versions"
    case .notConnected: "no two versions were shown beside each other"
    case .notVaried: "all versions carry the same level"
    case .aliased: "the versions cannot tell it from other factors"
    case .notConverged: "no model fits the counts"
    }
  }
}

extension FactorAlias {
  fileprivate func inWords(_ factors: [String]) -> String {
    term.factors.map { factors[$0].replacing("_", with: " ") }.joined(separator: " and ")
      + (term.factors.count > 1 ? " together" : "")
  }
}

extension String {
  fileprivate var capitalisedFirst: String { prefix(1).uppercased() + dropFirst() }
}
