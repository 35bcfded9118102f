/// A goal, audiences, placements, a budget and a brief.
public struct Campaign: Hashable, Sendable, Codable, Identifiable {
  public enum Status: String, Hashable, Sendable, Codable {
    case draft, running, paused, ended
  }

  public let id: Identifier<Campaign>
  public let workspace: Identifier<Workspace>
  public var brand: Identifier<Brand>?
  public var key: String
  public var name: String
  public var status: Status
  public var goal: Goal
  public var languages: [String]
  public var placements: [String]
  /// `YYYY-MM-DD`, in the campaign's own calendar.
  public var startsOn: String?
  public var endsOn: String?
  public var budget: Money?
  public var document: CampaignDocument

  public init(
    id: Identifier<Campaign>, workspace: Identifier<Workspace>, brand: Identifier<Brand>?, key: String,
    name: String, status: Status, goal: Goal, languages: [String], placements: [String],
    startsOn: String?, endsOn: String?, budget: Money?, document: CampaignDocument
  ) {
    self.id = id
    self.workspace = workspace
    self.brand = brand
    self.key = key
    self.name = name
    self.status = status
    self.goal = goal
    self.languages = languages
    self.placements = placements
    self.startsOn = startsOn
    self.endsOn = endsOn
    self.budget = budget
    self.document = document
  }
}

/// An amount in the minor unit of its currency (cents).
public struct Money: Hashable, Sendable, Codable {
  public var minorUnits: Int64
  /// ISO 4217.
  public var currency: String

  public init(minorUnits: Int64, currency: String) {
    self.minorUnits = minorUnits
    self.currency = currency
  }
}

/// The part of a campaign that people write and nothing joins on: brief, factors, policy.
public struct CampaignDocument: Hashable, Sendable, Codable {
  public var brief: Brief
  /// In order of importance.
  public var factors: [Factor]
  public var policy: DecisionPolicy
  public var durationMs: Int
  public var versionsPerSegment: Int

  public init(
    brief: Brief, factors: [Factor], policy: DecisionPolicy, durationMs: Int, versionsPerSegment: Int
  ) {
    self.brief = brief
    self.factors = factors
    self.policy = policy
    self.durationMs = durationMs
    self.versionsPerSegment = versionsPerSegment
  }
}

/// Text by language (BCP 47).
public typealias LocalisedText = [String: String]

/// What the ad must say.
public struct Brief: Hashable, Sendable, Codable {
  public var product: LocalisedText
  public var promise: LocalisedText
  public var proof: LocalisedText
  public var legal: LocalisedText
  /// What the audience feels before we speak; for people, not shown.
  public var insight: LocalisedText

  public init(
    product: LocalisedText, promise: LocalisedText, proof: LocalisedText, legal: LocalisedText,
    insight: LocalisedText = [:]
  ) {
    self.product = product
    self.promise = promise
    self.proof = proof
    self.legal = legal
    self.insight = insight
  }
}

/// A creative choice that can be tested: hook, headline, pace, palette, background, music, layout, call_to_action.
public struct Factor: Hashable, Sendable, Codable {
  public var key: String
  public var levels: [Level]

  public init(key: String, levels: [Level]) {
    self.key = key
    self.levels = levels
  }
}

/// One value of a factor: a text people read, or a value the storyboard is built with (an asset key, a mood …).
public struct Level: Hashable, Sendable, Codable {
  public var key: String
  public var text: LocalisedText?
  public var value: String?
  /// Why the level may work; for people.
  public var rationale: String?

  public init(key: String, text: LocalisedText? = nil, value: String? = nil, rationale: String? = nil) {
    self.key = key
    self.text = text
    self.value = value
    self.rationale = rationale
  }
}

/// How verdicts become decisions.
public struct DecisionPolicy: Hashable, Sendable, Codable {
  /// 0.95 means every claim's error rate is at most 5 %, whenever anyone looks.
  public var confidence: Double
  /// Smallest relative difference worth acting on: 0.05 is five percent of the rate.
  public var minimumLift: Double
  /// Whether worn or losing ads are remade without being asked.
  public var regenerate: Bool
  public var allocationFloor: Double
  public var plannedImpressionsPerSegment: Int64
  /// Five-field cron expression of the autopilot's rounds, in the configured time zone.
  public var schedule: String

  public init(
    confidence: Double, minimumLift: Double = 0, regenerate: Bool, allocationFloor: Double,
    plannedImpressionsPerSegment: Int64, schedule: String
  ) {
    self.confidence = confidence
    self.minimumLift = minimumLift
    self.regenerate = regenerate
    self.allocationFloor = allocationFloor
    self.plannedImpressionsPerSegment = plannedImpressionsPerSegment
    self.schedule = schedule
  }
}
