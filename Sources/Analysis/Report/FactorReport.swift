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
  var versions: [[Int]] = []
  var levels: [[String]]
  var observations: [FactorObservation] = []

  init(_ segments: [ExperimentInputs], factors: [String], goal: Goal) {
    levels = factors.map { factor in
      Set(segments.flatMap { $0.variants.compactMap { $0.levels[factor] } }).sorted()
    }
    let levels = levels
    let span = segments.reduce(0) { $0 + Set($1.cells.map(\.day)).count }
    let step = span > 400 ? 7 : 1
    var rows: [[Int]: Int] = [:]
    var counts: [Place: BinomialCounts] = [:]
    for (position, inputs) in segments.enumerated() where inputs.experiment.goal == goal {
      var places: [Identifier<Variant>: Int] = [:]
      for variant in inputs.variants {
        let row = zip(factors, levels).compactMap { factor, levels in
          variant.levels[factor].flatMap { levels.firstIndex(of: $0) }
        }
        guard row.count == factors.count else { continue }
        places[variant.id] = rows[row] ?? rows.count
        rows[row] = places[variant.id]
      }
      var rounds: [Identifier<Experiment>: Int] = [:]
      for cell in inputs.cells where cell.counts.impressions > 0 {
        let round = rounds[cell.experiment] ?? rounds.count
        rounds[cell.experiment] = round
        guard let version = places[cell.variant] else { continue }
        // An epoch's shares hold all through it, so its days may be put together.
        let place = Place(
          version: version, segment: position, stretch: [round, cell.epoch, cell.day.dayNumber / step])
        let events = cell.counts.of(goal)
        counts[place, default: .zero] += BinomialCounts(
          successes: min(events.successes, events.trials), trials: events.trials)
      }
    }
    versions = rows.sorted { $0.value < $1.value }.map(\.key)
    var days: [Stretch: Int] = [:]
    observations = counts.sorted { $0.key < $1.key }.map { place, counts in
      let stretch = Stretch(segment: place.segment, stretch: place.stretch)
      let day = days[stretch] ?? days.count
      days[stretch] = day
      return FactorObservation(version: place.version, day: day, counts: counts)
    }
  }

  private struct Stretch: Hashable {
    var segment: Int
    var stretch: [Int]
  }

  private struct Place: Hashable, Comparable {
    var version: Int
    var segment: Int
    var stretch: [Int]

    static func < (left: Place, right: Place) -> Bool {
      let (a, b) = (
        [left.segment] + left.stretch + [left.version], [right.segment] + right.stretch + [right.version]
      )
      return a.lexicographicallyPrecedes(b)
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
