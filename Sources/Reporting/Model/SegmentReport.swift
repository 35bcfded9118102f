public import Analysis
public import Campaigns
public import FoundationEssentials

/// One audience in the week.
public struct SegmentReport: Hashable, Sendable, Codable {
  public var key: String
  public var name: String
  public var language: String
  /// Estimated viewers.
  public var audience: Int64?
  public var figures: PeriodFigures
  public var change: Change
  /// The round in force at the week's end first, then those that ended in the week.
  public var rounds: [RoundReport]
  /// What may be said at the week's end, most important first.
  public var verdicts: [VerdictLine]
  /// What was decided within the week.
  public var decisions: [DecisionLine]
  /// The segment's own days, oldest first, at most four weeks of them.
  public var days: [DayPoint]

  public init(
    key: String, name: String, language: String, audience: Int64?, figures: PeriodFigures, change: Change,
    rounds: [RoundReport], verdicts: [VerdictLine], decisions: [DecisionLine], days: [DayPoint]
  ) {
    self.key = key
    self.name = name
    self.language = language
    self.audience = audience
    self.figures = figures
    self.change = change
    self.rounds = rounds
    self.verdicts = verdicts
    self.decisions = decisions
    self.days = days
  }

  public var checks: [HealthCheck] { rounds.flatMap(\.checks) }
}

/// One experiment of a segment, as far as it had gone at the week's end.
public struct RoundReport: Hashable, Sendable, Codable {
  public var round: Int
  /// Nil where a platform's export does not say.
  public var startedAt: Date?
  /// When it was over, if that was before the report's moment.
  public var endedAt: Date?
  public var randomised: Bool
  /// 0.05 = claims are wrong in at most 5 % of experiments.
  public var alpha: Double
  public var versions: [VersionReport]
  public var checks: [HealthCheck]

  public init(
    round: Int, startedAt: Date?, endedAt: Date?, randomised: Bool, alpha: Double, versions: [VersionReport],
    checks: [HealthCheck]
  ) {
    self.round = round
    self.startedAt = startedAt
    self.endedAt = endedAt
    self.randomised = randomised
    self.alpha = alpha
    self.versions = versions
    self.checks = checks
  }
}

/// One version of the ad in one round.
public struct VersionReport: Hashable, Sendable, Codable {
  public var id: Identifier<Variant>
  public var name: String
  public var generation: Int
  /// Name of the version it descends from.
  public var parent: String?
  public var levels: [LevelLine]
  public var status: Variant.Status
  /// Share of traffic at the report's moment.
  public var share: Double?
  public var figures: PeriodFigures
  /// Goal's rate over the whole round, with its interval.
  public var rate: Estimate?
  public var comparison: String?
  public var difference: Estimate?
  public var lift: Estimate?
  public var probabilityBest: Double?
  public var verdict: Verdict.Kind?
  public var isFatigued: Bool
  /// Days of the round, oldest first.
  public var days: [DayPoint]

  public init(
    id: Identifier<Variant>, name: String, generation: Int, parent: String?, levels: [LevelLine],
    status: Variant.Status, share: Double?, figures: PeriodFigures, rate: Estimate?, comparison: String?,
    difference: Estimate?, lift: Estimate?, probabilityBest: Double?, verdict: Verdict.Kind?,
    isFatigued: Bool, days: [DayPoint]
  ) {
    self.id = id
    self.name = name
    self.generation = generation
    self.parent = parent
    self.levels = levels
    self.status = status
    self.share = share
    self.figures = figures
    self.rate = rate
    self.comparison = comparison
    self.difference = difference
    self.lift = lift
    self.probabilityBest = probabilityBest
    self.verdict = verdict
    self.isFatigued = isFatigued
    self.days = days
  }
}

/// A creative choice, in words.
public struct LevelLine: Hashable, Sendable, Codable {
  public var factor: String
  public var level: String

  public init(factor: String, level: String) {
    self.factor = factor
    self.level = level
  }
}

public struct VerdictLine: Hashable, Sendable, Codable {
  public var kind: Verdict.Kind
  public var segment: String
  /// Nil when the whole segment is meant.
  public var version: String?
  public var round: Int
  public var sentence: String
  public var asOf: Date

  public init(
    kind: Verdict.Kind, segment: String, version: String?, round: Int, sentence: String, asOf: Date
  ) {
    self.kind = kind
    self.segment = segment
    self.version = version
    self.round = round
    self.sentence = sentence
    self.asOf = asOf
  }
}

public struct DecisionLine: Hashable, Sendable, Codable {
  public var kind: Decision.Kind
  public var segment: String
  public var version: String?
  public var reason: String
  public var decidedBy: String
  public var decidedAt: Date

  public init(
    kind: Decision.Kind, segment: String, version: String?, reason: String, decidedBy: String, decidedAt: Date
  ) {
    self.kind = kind
    self.segment = segment
    self.version = version
    self.reason = reason
    self.decidedBy = decidedBy
    self.decidedAt = decidedAt
  }
}
