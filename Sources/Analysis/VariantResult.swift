public import Campaigns
public import FoundationEssentials

/// What one version did in its experiment up to a moment, and how it compares.
public struct VariantResult: Hashable, Sendable, Codable, Identifiable {
  public var variant: Variant
  /// Share of traffic it is given at `asOf`; nil when it takes no part any more or a platform decides.
  public var share: Double?
  /// Net: what counts.
  public var counts: EventCounts
  /// Gross and net of the round; empty where a platform counted.
  public var traffic: TrafficAccount
  /// What showing it cost, in millionths of the campaign's currency; nil where nobody said.
  public var spendMicros: Int64?
  /// Successes of the goal per impression, with its own interval at the experiment's alpha; nil without impressions.
  public var rate: Estimate?
  /// Against which other version, by how much; nil where nothing may or can be compared.
  public var contrast: Contrast?
  /// Probability that it has the highest rate; nil where nothing may be compared.
  public var probabilityBest: Double?
  /// What is lost per impression, in the goal's rate, by choosing it if it is not the best.
  public var expectedLoss: Double?
  /// In order of time, one per UTC day of the experiment.
  public var days: [DayPoint]

  public var id: Identifier<Variant> { variant.id }

  public init(
    variant: Variant, share: Double?, counts: EventCounts, traffic: TrafficAccount = TrafficAccount(),
    spendMicros: Int64? = nil, rate: Estimate?,
    contrast: Contrast?, probabilityBest: Double?, expectedLoss: Double?, days: [DayPoint]
  ) {
    self.variant = variant
    self.share = share
    self.counts = counts
    self.traffic = traffic
    self.spendMicros = spendMicros
    self.rate = rate
    self.contrast = contrast
    self.probabilityBest = probabilityBest
    self.expectedLoss = expectedLoss
    self.days = days
  }
}

/// One version against another; valid at any time, simultaneously over all pairs of the experiment.
public struct Contrast: Hashable, Sendable, Codable {
  /// The version compared with: the runner-up for the best version, the best one for all others.
  public var comparison: Identifier<Variant>
  /// Difference of the goal's rate, absolute: 0.004 = 0.4 percentage points.
  public var difference: Estimate
  /// The same difference relative to the comparison's rate: 0.35 = +35 %. Nil where that rate is not known above zero.
  public var lift: Estimate?

  public init(comparison: Identifier<Variant>, difference: Estimate, lift: Estimate?) {
    self.comparison = comparison
    self.difference = difference
    self.lift = lift
  }
}

/// One version on one UTC day.
public struct DayPoint: Hashable, Sendable, Codable {
  /// Midnight UTC at which the day begins.
  public var day: Date
  public var impressions: Int64
  /// Events of the goal's success kind.
  public var successes: Int64
  public var spendMicros: Int64?

  public init(day: Date, impressions: Int64, successes: Int64, spendMicros: Int64? = nil) {
    self.day = day
    self.impressions = impressions
    self.successes = successes
    self.spendMicros = spendMicros
  }

  /// Successes per impression; nil without impressions.
  public var rate: Double? { impressions > 0 ? Double(successes) / Double(impressions) : nil }
}
