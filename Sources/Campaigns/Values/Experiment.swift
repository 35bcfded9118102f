public import FoundationEssentials

/// The variants competing in one segment, and the shares of traffic they were given over time.
public struct Experiment: Hashable, Sendable, Codable, Identifiable {
  public let id: Identifier<Experiment>
  public let campaign: Identifier<Campaign>
  public let segment: Identifier<Segment>
  /// 1, 2 … within the segment; a new generation always enters a new round.
  public var round: Int
  public var goal: Goal
  /// Error rate of every claim this experiment makes, at any time. Frozen at launch.
  public var alpha: Double
  /// Impressions at which the confidence sequence is tightest. Frozen at launch.
  public var plannedImpressions: Int64
  /// False for arms a platform chose: nothing causal may be claimed of them.
  public var randomised: Bool
  public var control: Identifier<Variant>
  public var startedAt: Date
  public var endedAt: Date?
  /// In order of time; each holds until the next begins.
  public var epochs: [AllocationEpoch]

  public init(
    id: Identifier<Experiment>, campaign: Identifier<Campaign>, segment: Identifier<Segment>, round: Int,
    goal: Goal, alpha: Double, plannedImpressions: Int64, randomised: Bool, control: Identifier<Variant>,
    startedAt: Date, endedAt: Date? = nil, epochs: [AllocationEpoch]
  ) {
    self.id = id
    self.campaign = campaign
    self.segment = segment
    self.round = round
    self.goal = goal
    self.alpha = alpha
    self.plannedImpressions = plannedImpressions
    self.randomised = randomised
    self.control = control
    self.startedAt = startedAt
    self.endedAt = endedAt
    self.epochs = epochs
  }

  /// The epoch in force at `time`, nil before the first.
  public func epoch(at time: Date) -> AllocationEpoch? {
    epochs.last { $0.startsAt <= time }
  }
}

/// Shares of traffic from `startsAt` (a whole UTC hour) until the next epoch begins.
public struct AllocationEpoch: Hashable, Sendable, Codable {
  /// 1, 2 … within the experiment.
  public var number: Int
  public var startsAt: Date
  /// Probability with which a viewer is given each variant: each at least 0.05, together 1, in a fixed order.
  public var shares: [Share]

  public struct Share: Hashable, Sendable, Codable {
    public var variant: Identifier<Variant>
    public var share: Double

    public init(variant: Identifier<Variant>, share: Double) {
      self.variant = variant
      self.share = share
    }
  }

  public init(number: Int, startsAt: Date, shares: [Share]) {
    self.number = number
    self.startsAt = startsAt
    self.shares = shares
  }

  /// No variant is ever given less than this share of traffic while it is in an experiment.
  public static let floor = 0.05
}
