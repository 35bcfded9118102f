public import Campaigns
public import FoundationEssentials

/// All that an analysis looks at: sums by epoch, day and version, moments by viewer. The database only adds up; everything after
/// this value is a pure function of it.
public struct ExperimentInputs: Hashable, Sendable {
  public var segment: Segment
  /// The round that is analysed.
  public var experiment: Experiment
  /// Every version of the segment.
  public var variants: [Variant]
  /// Of all rounds of the segment: versions live on from one round into the next.
  public var cells: [RollupCell]
  /// What platforms reported, where they did.
  public var platform: [PlatformCell]
  /// Events of the campaign that were accepted and are not yet in `cells`.
  public var pendingEvents: Int64
  /// Gross and net of the round's versions; empty where a platform counted.
  public var traffic: [Identifier<Variant>: TrafficAccount]
  /// Events of the campaign that rollups hold; nil where it does not matter because none are pending.
  public var foldedEvents: Int64?
  /// What was kept by viewer; empty where nothing was.
  public var cohorts: [ViewerCohort] = []
  /// Nil where viewers are not known one by one.
  public var crossing: ViewerCrossing?
  /// The segment hour by hour, in order; empty where only days are known.
  public var hours: [SegmentHour] = []
  public var asOf: Date

  public init(
    segment: Segment, experiment: Experiment, variants: [Variant], cells: [RollupCell],
    platform: [PlatformCell] = [], pendingEvents: Int64 = 0,
    traffic: [Identifier<Variant>: TrafficAccount] = [:], asOf: Date
  ) {
    self.segment = segment
    self.experiment = experiment
    self.variants = variants
    self.cells = cells
    self.platform = platform
    self.pendingEvents = pendingEvents
    self.traffic = traffic
    self.asOf = asOf
  }

  /// Ids of the versions that had a share of this round's traffic, in the order of their first shares.
  /// For arms a platform chose: those it reported.
  var arms: [Identifier<Variant>] {
    var seen: Set<Identifier<Variant>> = []
    let shared = experiment.epochs.flatMap { $0.shares.map(\.variant) }
    return (experiment.randomised ? shared : platform.map(\.variant)).filter { seen.insert($0).inserted }
  }

  /// The end of what is looked at: the last whole hour before `asOf` or the round's end.
  var until: Date {
    Self.wholeHour(before: experiment.endedAt.map { min($0, asOf) } ?? asOf)
  }

  static func wholeHour(before moment: Date) -> Date {
    Date(timeIntervalSince1970: (moment.timeIntervalSince1970 / 3_600).rounded(.down) * 3_600)
  }
}

/// One version on one UTC day within one epoch.
public struct RollupCell: Hashable, Sendable {
  public var experiment: Identifier<Experiment>
  public var epoch: Int
  public var day: CivilDate
  public var variant: Identifier<Variant>
  public var counts: EventCounts

  public init(
    experiment: Identifier<Experiment>, epoch: Int, day: CivilDate, variant: Identifier<Variant>,
    counts: EventCounts
  ) {
    self.experiment = experiment
    self.epoch = epoch
    self.day = day
    self.variant = variant
    self.counts = counts
  }
}

/// What a platform said of one version, over a period; without dates when its export had none.
public struct PlatformCell: Hashable, Sendable {
  public var variant: Identifier<Variant>
  /// First day.
  public var from: CivilDate?
  /// The day after the last.
  public var until: CivilDate?
  public var impressions: Int64
  public var clicks: Int64
  public var conversions: Int64
  public var spendMicros: Int64

  public init(
    variant: Identifier<Variant>, from: CivilDate?, until: CivilDate?, impressions: Int64, clicks: Int64,
    conversions: Int64, spendMicros: Int64
  ) {
    self.variant = variant
    self.from = from
    self.until = until
    self.impressions = impressions
    self.clicks = clicks
    self.conversions = conversions
    self.spendMicros = spendMicros
  }

  public var counts: EventCounts {
    var counts = EventCounts()
    counts.impressions = impressions
    counts.clicks = clicks
    counts.conversions = conversions
    return counts
  }
}
