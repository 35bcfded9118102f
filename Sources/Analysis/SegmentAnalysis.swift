public import Campaigns
public import FoundationEssentials

/// What is known of the versions of one segment at one moment.
public struct SegmentAnalysis: Hashable, Sendable, Codable {
  public var campaign: Identifier<Campaign>
  public var segment: Segment
  /// The round in force at `asOf`, with its allocation epochs up to then.
  public var experiment: Experiment
  /// Only whole hours before this moment were looked at.
  public var asOf: Date
  /// Best first where versions may be compared, otherwise in order of their names.
  public var variants: [VariantResult]
  public var checks: [HealthCheck]
  /// At most one standing verdict per version, one `fatigued` per version, one `shifted` and one `invalid` per
  /// segment. Not yet recorded.
  public var verdicts: [Verdict]
  public var trend: SegmentTrend?

  public init(
    campaign: Identifier<Campaign>, segment: Segment, experiment: Experiment, asOf: Date,
    variants: [VariantResult], checks: [HealthCheck], verdicts: [Verdict], trend: SegmentTrend?
  ) {
    self.campaign = campaign
    self.segment = segment
    self.experiment = experiment
    self.asOf = asOf
    self.variants = variants
    self.checks = checks
    self.verdicts = verdicts
    self.trend = trend
  }

  /// Gross and net of the round, over all its versions; empty where a platform counted.
  public var traffic: TrafficAccount { variants.reduce(TrafficAccount()) { $0 + $1.traffic } }

  /// Whether the data allows claims at all.
  public var allowsClaims: Bool { !checks.contains(where: \.blocking) }

  public subscript(variant: Identifier<Variant>) -> VariantResult? {
    variants.first { $0.variant.id == variant }
  }

  /// Its standing: winner, loser, leading, trailing or inconclusive; nil where nothing may be claimed.
  public func standing(of variant: Identifier<Variant>) -> Verdict? {
    verdicts.first { $0.variant == variant && $0.kind != .fatigued }
  }

  public func isFatigued(_ variant: Identifier<Variant>) -> Bool {
    verdicts.contains { $0.variant == variant && $0.kind == .fatigued }
  }

  public var winner: VariantResult? {
    verdicts.first { $0.kind == .winner }?.variant.flatMap { self[$0] }
  }
}

/// How the segment as a whole moved: last seven whole days against the seven before.
public struct SegmentTrend: Hashable, Sendable, Codable {
  public var recentImpressions: Int64
  public var recentSuccesses: Int64
  public var earlierImpressions: Int64
  public var earlierSuccesses: Int64
  /// Relative change of the rate: -0.2 = 20 % lower. Nil where it cannot be told.
  public var change: Estimate?
  /// Whether the change is shown, not just seen.
  public var isShown: Bool

  public init(
    recentImpressions: Int64, recentSuccesses: Int64, earlierImpressions: Int64, earlierSuccesses: Int64,
    change: Estimate?, isShown: Bool
  ) {
    self.recentImpressions = recentImpressions
    self.recentSuccesses = recentSuccesses
    self.earlierImpressions = earlierImpressions
    self.earlierSuccesses = earlierSuccesses
    self.change = change
    self.isShown = isShown
  }
}
