public import Analysis
public import Campaigns
public import FoundationEssentials

/// What a campaign did in one ISO week and what may be said of it: one value, many faces.
///
/// Its JSON form (`docs/weekly-report.md`) is this value with keys in snake case, times in ISO 8601 and money in
/// millionths of the currency.
public struct WeeklyReport: Hashable, Sendable, Codable {
  public var campaign: CampaignHeader
  public var week: ISOWeek
  /// Monday 00:00 UTC.
  public var from: Date
  /// The next Monday 00:00 UTC, not included.
  public var until: Date
  /// Only whole hours before this moment were looked at.
  public var asOf: Date
  /// False while the week still runs.
  public var isComplete: Bool
  /// What happened, most important first; at most five.
  public var headlines: [String]
  public var figures: PeriodFigures
  /// How the week compares with the one before, in words that claim nothing that is not shown.
  public var change: Change
  public var segments: [SegmentReport]
  /// What has been decided since the week ended, until the report was made.
  public var decisionsSince: [DecisionLine]
  /// What came in at the door of the whole workspace; nil when nothing ever did.
  public var events: EventAccounting?
  /// What came and what of it counts; nil when no event of our own ever came.
  public var traffic: PeriodTraffic?
  /// True when a platform's export had no dates: its sums are in `figures.total` and belong to no week.
  public var hasUndatedInsights: Bool
  /// How the figures were made and how far they carry.
  public var method: [String]

  public static let maximumHeadlines = 5

  public init(
    campaign: CampaignHeader, week: ISOWeek, asOf: Date, headlines: [String], figures: PeriodFigures,
    change: Change, segments: [SegmentReport], decisionsSince: [DecisionLine], events: EventAccounting?,
    traffic: PeriodTraffic? = nil, hasUndatedInsights: Bool, method: [String]
  ) {
    self.hasUndatedInsights = hasUndatedInsights
    self.campaign = campaign
    self.week = week
    self.from = week.start
    self.until = week.end
    self.asOf = asOf
    self.isComplete = asOf >= week.end
    self.headlines = Array(headlines.prefix(Self.maximumHeadlines))
    self.figures = figures
    self.change = change
    self.segments = segments
    self.decisionsSince = decisionsSince
    self.events = events
    self.traffic = traffic
    self.method = method
  }

  /// Whether any part of the campaign was tested by chance, so that versions may be compared.
  public var isRandomised: Bool { segments.contains { $0.rounds.contains(where: \.randomised) } }

  /// Whether there are figures of this week, and not only sums without dates.
  public var hasWeek: Bool { figures.week.impressions > 0 || !hasUndatedInsights }

  public var decisions: [DecisionLine] { segments.flatMap(\.decisions) }
}

public struct CampaignHeader: Hashable, Sendable, Codable {
  public var key: String
  public var name: String
  public var brand: String?
  /// `#rrggbb` of the brand's primary colour.
  public var colour: String?
  public var goal: Goal
  /// `clicks per impression`
  public var goalInWords: String
  public var status: Campaign.Status
  public var languages: [String]
  public var placements: [String]
  public var currency: String?

  public init(
    key: String, name: String, brand: String?, colour: String?, goal: Goal, goalInWords: String,
    status: Campaign.Status, languages: [String], placements: [String], currency: String?
  ) {
    self.key = key
    self.name = name
    self.brand = brand
    self.colour = colour
    self.goal = goal
    self.goalInWords = goalInWords
    self.status = status
    self.languages = languages
    self.placements = placements
    self.currency = currency
  }
}

/// The same sums for this week, the week before and everything so far.
public struct PeriodFigures: Hashable, Sendable, Codable {
  public var week: Figures
  public var weekBefore: Figures
  public var total: Figures

  public init(week: Figures = Figures(), weekBefore: Figures = Figures(), total: Figures = Figures()) {
    self.week = week
    self.weekBefore = weekBefore
    self.total = total
  }

  public static func + (left: PeriodFigures, right: PeriodFigures) -> PeriodFigures {
    PeriodFigures(
      week: left.week + right.week, weekBefore: left.weekBefore + right.weekBefore,
      total: left.total + right.total)
  }
}

/// Gross and net of this week and of everything so far.
public struct PeriodTraffic: Hashable, Sendable, Codable {
  public var week: TrafficAccount
  public var total: TrafficAccount

  public init(week: TrafficAccount, total: TrafficAccount) {
    self.week = week
    self.total = total
  }

  /// The week's sentence, or that of everything where nothing came this week.
  public var sentence: String? {
    week.summary.map(Words.capitalised) ?? total.summary.map { "Over the whole campaign: " + $0 }
  }
}

public struct Change: Hashable, Sendable, Codable {
  /// Relative change of impressions; nil without a week before.
  public var impressions: Double?
  /// Relative change of the goal's rate; seen, not shown, unless `isShown`.
  public var rate: Double?
  /// Whether the rate's change is shown statistically.
  public var isShown: Bool
  public var sentence: String

  public init(impressions: Double?, rate: Double?, isShown: Bool, sentence: String) {
    self.impressions = impressions
    self.rate = rate
    self.isShown = isShown
    self.sentence = sentence
  }
}

/// Every event that arrived is in exactly one of the four: received = stored + duplicate + quarantined + rejected.
public struct EventAccounting: Hashable, Sendable, Codable {
  public enum Scope: String, Hashable, Sendable, Codable {
    /// Arrived within the week.
    case week
    /// Arrived at any time: the week's events came in later or earlier.
    case total
  }

  public var scope: Scope
  public var received: Int64
  public var stored: Int64
  public var duplicate: Int64
  public var quarantined: Int64
  public var rejected: Int64

  public init(
    scope: Scope, received: Int64, stored: Int64, duplicate: Int64, quarantined: Int64, rejected: Int64
  ) {
    self.scope = scope
    self.received = received
    self.stored = stored
    self.duplicate = duplicate
    self.quarantined = quarantined
    self.rejected = rejected
  }
}
