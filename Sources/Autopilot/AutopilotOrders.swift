public import Campaigns
public import FoundationEssentials
public import Jobs
import Postgres

/// What a `render` job is told.
public struct RenderOrder: Codable, Sendable {
  public var campaign: Identifier<Campaign>
  public var variant: Identifier<Variant>
  public var placement: String
  /// The campaign's time at which the generation was ordered, see ``LogicalTime``.
  public var at: Date
  public var replay: Bool

  public init(
    campaign: Identifier<Campaign>, variant: Identifier<Variant>, placement: String, time: LogicalTime
  ) {
    self.campaign = campaign
    self.variant = variant
    self.placement = placement
    at = time.at
    replay = time.isReplay
  }

  public var time: LogicalTime { LogicalTime(at: at, isReplay: replay) }

  var uniqueKey: String { "\(variant)/\(placement)" }

  enum CodingKeys: String, CodingKey {
    case campaign = "campaign_id"
    case variant = "variant_id"
    case placement, at, replay
  }
}

/// What an `autopilot` job is told: one round over all segments of a campaign.
public struct AutopilotOrder: Scheduled {
  public var campaign: Identifier<Campaign>
  public var at: Date
  public var replay: Bool

  public init(campaign: Identifier<Campaign>, time: LogicalTime) {
    self.campaign = campaign
    at = time.at
    replay = time.isReplay
  }

  public var time: LogicalTime { LogicalTime(at: at, isReplay: replay) }

  enum CodingKeys: String, CodingKey {
    case campaign = "campaign_id"
    case at, replay
  }
}

extension JobKind where Payload == RenderOrder {
  public static var render: Self { JobKind(name: "render", maxAttempts: 4) }
}

extension JobKind where Payload == AutopilotOrder {
  public static var autopilot: Self { JobKind(name: "autopilot", maxAttempts: 6) }
}

extension JobQueue {
  private struct CampaignReference: Encodable {
    let campaign: Identifier<Campaign>

    enum CodingKeys: String, CodingKey { case campaign = "campaign_id" }
  }

  /// A campaign's jobs of every kind the autopilot orders, newest first.
  public func jobs(of campaign: Identifier<Campaign>, limit: Int) async throws -> [Job] {
    try await jobs(
      whosePayloadHas: try JSONB(encoding: CampaignReference(campaign: campaign)), limit: limit)
  }
}
