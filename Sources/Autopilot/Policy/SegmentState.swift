public import Analysis
public import Campaigns
public import FoundationEssentials

/// Everything the policy looks at when it decides for one segment. Stored whole with every decision, so that the
/// decision can be taken again from its own row.
public struct SegmentState: Hashable, Sendable, Codable {
  public var segment: Identifier<Segment>
  public var segmentName: String
  public var experiment: Identifier<Experiment>
  public var round: Int
  public var randomised: Bool
  public var goal: Goal
  public var asOf: Date
  /// How long the current shares have been in force.
  public var epochHours: Double
  /// The versions that get traffic, in the fixed order of the epoch's shares.
  public var arms: [Arm]
  /// Checks that forbid claims.
  public var blocks: [HealthCheck]
  /// Whether this experiment was paused already for what blocks it now.
  public var isPaused: Bool
  /// What the analysis says when the segment as a whole moved; nil when it did not.
  public var shift: String?
  /// Versions of a generation that is being made and has not entered an experiment.
  public var inTheMaking: Int
  /// Since the last decision to regenerate this segment; nil when there was none.
  public var hoursSinceRegeneration: Double?
  /// Combinations of levels this segment has not seen.
  public var unseenDesigns: Int
  public var versionsWanted: Int
  public var settings: DecisionPolicy

  /// One version in the experiment.
  public struct Arm: Hashable, Sendable, Codable {
    public var variant: Identifier<Variant>
    public var name: String
    public var generation: Int
    /// winner, loser, leading, trailing or inconclusive; nil where nothing may be claimed.
    public var standing: Verdict.Kind?
    public var isFatigued: Bool
    /// Since it first got traffic.
    public var ageHours: Double
    public var share: Double
    public var impressions: Int64
    public var successes: Int64
    /// Successes per impression.
    public var rate: Double?
    /// Name of the version it is compared with.
    public var against: String?
    public var difference: Estimate?
    /// The difference relative to the comparison: 0.35 is 35 % more.
    public var lift: Estimate?

    public init(
      variant: Identifier<Variant>, name: String, generation: Int, standing: Verdict.Kind?,
      isFatigued: Bool, ageHours: Double, share: Double, impressions: Int64, successes: Int64,
      rate: Double?, against: String? = nil, difference: Estimate? = nil, lift: Estimate? = nil
    ) {
      self.variant = variant
      self.name = name
      self.generation = generation
      self.standing = standing
      self.isFatigued = isFatigued
      self.ageHours = ageHours
      self.share = share
      self.impressions = impressions
      self.successes = successes
      self.rate = rate
      self.against = against
      self.difference = difference
      self.lift = lift
    }
  }

  public init(
    segment: Identifier<Segment>, segmentName: String, experiment: Identifier<Experiment>, round: Int,
    randomised: Bool, goal: Goal, asOf: Date, epochHours: Double, arms: [Arm], blocks: [HealthCheck],
    isPaused: Bool, shift: String?, inTheMaking: Int, hoursSinceRegeneration: Double?,
    unseenDesigns: Int, versionsWanted: Int, settings: DecisionPolicy
  ) {
    self.segment = segment
    self.segmentName = segmentName
    self.experiment = experiment
    self.round = round
    self.randomised = randomised
    self.goal = goal
    self.asOf = asOf
    self.epochHours = epochHours
    self.arms = arms
    self.blocks = blocks
    self.isPaused = isPaused
    self.shift = shift
    self.inTheMaking = inTheMaking
    self.hoursSinceRegeneration = hoursSinceRegeneration
    self.unseenDesigns = unseenDesigns
    self.versionsWanted = versionsWanted
    self.settings = settings
  }
}
