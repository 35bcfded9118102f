public import FoundationEssentials

/// What the analysis says of a variant, or of a whole segment where `variant` is nil.
public struct Verdict: Hashable, Sendable, Codable, Identifiable {
  public enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
    /// Shown to be better than every other variant of its experiment.
    case winner
    /// Shown to be worse than another variant.
    case loser
    /// Ahead, not shown.
    case leading
    /// Behind, not shown.
    case trailing
    /// Wears out: its contrast against concurrent variants has fallen.
    case fatigued
    /// The segment as a whole moved: the market, not the ad.
    case shifted
    case inconclusive
    /// A health check forbids claims (sample ratio mismatch, not randomised …).
    case invalid
  }

  public let id: Identifier<Verdict>
  public var campaign: Identifier<Campaign>
  public var segment: Identifier<Segment>
  public var experiment: Identifier<Experiment>
  public var variant: Identifier<Variant>?
  public var kind: Kind
  /// The goal the figures are of.
  public var metric: Goal
  /// Difference in the metric against the comparison named in the evidence (absolute: 0.004 = 0.4 points).
  public var estimate: Double?
  public var low: Double?
  public var high: Double?
  /// What a marketer understands and an analyst accepts.
  public var sentence: String
  /// Inputs, method, version and numbers: enough to compute the verdict again. JSON.
  public var evidence: String
  public var asOf: Date

  public init(
    id: Identifier<Verdict>, campaign: Identifier<Campaign>, segment: Identifier<Segment>,
    experiment: Identifier<Experiment>, variant: Identifier<Variant>?, kind: Kind, metric: Goal,
    estimate: Double?, low: Double?, high: Double?, sentence: String, evidence: String, asOf: Date
  ) {
    self.id = id
    self.campaign = campaign
    self.segment = segment
    self.experiment = experiment
    self.variant = variant
    self.kind = kind
    self.metric = metric
    self.estimate = estimate
    self.low = low
    self.high = high
    self.sentence = sentence
    self.evidence = evidence
    self.asOf = asOf
  }
}

/// What was done because of verdicts. Immutable; undone only by a new decision of kind `reverse`.
public struct Decision: Hashable, Sendable, Codable, Identifiable {
  public enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
    /// An experiment was started.
    case launch
    case promote
    case retire
    case reallocate
    case regenerate
    case pause
    case reverse
  }

  public let id: Identifier<Decision>
  public var campaign: Identifier<Campaign>
  public var segment: Identifier<Segment>
  public var experiment: Identifier<Experiment>?
  public var variant: Identifier<Variant>?
  public var kind: Kind
  public var reason: String
  /// JSON: the verdicts and numbers it was taken from.
  public var evidence: String
  /// `autopilot`, or the name of the key that took it.
  public var decidedBy: String
  public var decidedAt: Date
  public var reverses: Identifier<Decision>?

  public init(
    id: Identifier<Decision>, campaign: Identifier<Campaign>, segment: Identifier<Segment>,
    experiment: Identifier<Experiment>?, variant: Identifier<Variant>?, kind: Kind, reason: String,
    evidence: String, decidedBy: String, decidedAt: Date, reverses: Identifier<Decision>? = nil
  ) {
    self.id = id
    self.campaign = campaign
    self.segment = segment
    self.experiment = experiment
    self.variant = variant
    self.kind = kind
    self.reason = reason
    self.evidence = evidence
    self.decidedBy = decidedBy
    self.decidedAt = decidedAt
    self.reverses = reverses
  }
}
