import Campaigns

/// Something that is measured of versions: so much of one quantity per another.
public struct Metric: Hashable, Sendable, Codable, Identifiable {
  /// What can be counted or summed. Events by their names on the wire.
  public enum Quantity: String, Hashable, Sendable, Codable, CaseIterable {
    case impression, viewable, start
    case firstQuartile = "first_quartile"
    case midpoint
    case thirdQuartile = "third_quartile"
    case complete, click, conversion, skip, mute, hide, interaction
    case viewer
    /// Of conversions, in the campaign's currency.
    case value
    /// What a platform charged.
    case spend
    /// Seconds, told from the quarters that were reached.
    case watchTime = "watch_time"
  }

  public enum Direction: String, Hashable, Sendable, Codable, CaseIterable {
    case higher, lower
  }

  public enum Role: String, Hashable, Sendable, Codable, CaseIterable {
    case goal, guardrail
  }

  public enum Unit: String, Hashable, Sendable, Codable, CaseIterable {
    case share, number, seconds, money
  }

  public var key: String
  public var name: String
  public var of: Quantity
  public var per: Quantity
  public var better: Direction
  /// What it may serve as; none: it is told and never judged.
  public var roles: [Role]
  public var unit: Unit
  /// `clicks per impression`
  public var words: String

  public var id: String { key }

  public init(
    key: String, name: String, of: Quantity, per: Quantity, better: Direction, roles: [Role], unit: Unit,
    words: String
  ) {
    self.key = key
    self.name = name
    self.of = of
    self.per = per
    self.better = better
    self.roles = roles
    self.unit = unit
    self.words = words
  }
}

extension Metric.Quantity {
  /// Nil for what is not an event.
  var kind: EventKind? {
    switch self {
    case .viewer, .value, .spend, .watchTime: nil
    default: EventKind(name: rawValue)
    }
  }

  /// In the plural, for a sentence.
  var inWords: String {
    switch self {
    case .value: "revenue"
    case .spend: "spend"
    case .watchTime: "watch time"
    default: rawValue.replacing("_", with: " ") + "s"
    }
  }
}
