public import Campaigns

/// How often each kind of event happened, and what conversions were worth. Sums of `rollup_hour` rows.
public struct EventCounts: Hashable, Sendable, Codable {
  public var impressions: Int64 = 0
  public var viewables: Int64 = 0
  public var starts: Int64 = 0
  public var firstQuartiles: Int64 = 0
  public var midpoints: Int64 = 0
  public var thirdQuartiles: Int64 = 0
  public var completes: Int64 = 0
  public var clicks: Int64 = 0
  public var conversions: Int64 = 0
  public var skips: Int64 = 0
  public var mutes: Int64 = 0
  public var hides: Int64 = 0
  public var interactions: Int64 = 0
  /// Value of the conversions, in millionths of the campaign's currency.
  public var valueMicros: Int64 = 0

  public init() {}

  public subscript(kind: EventKind) -> Int64 {
    get {
      switch kind {
      case .impression: impressions
      case .viewable: viewables
      case .start: starts
      case .firstQuartile: firstQuartiles
      case .midpoint: midpoints
      case .thirdQuartile: thirdQuartiles
      case .complete: completes
      case .click: clicks
      case .conversion: conversions
      case .skip: skips
      case .mute: mutes
      case .hide: hides
      case .interaction: interactions
      }
    }
    set {
      switch kind {
      case .impression: impressions = newValue
      case .viewable: viewables = newValue
      case .start: starts = newValue
      case .firstQuartile: firstQuartiles = newValue
      case .midpoint: midpoints = newValue
      case .thirdQuartile: thirdQuartiles = newValue
      case .complete: completes = newValue
      case .click: clicks = newValue
      case .conversion: conversions = newValue
      case .skip: skips = newValue
      case .mute: mutes = newValue
      case .hide: hides = newValue
      case .interaction: interactions = newValue
      }
    }
  }

  public static func + (left: EventCounts, right: EventCounts) -> EventCounts {
    var sum = left
    sum += right
    return sum
  }

  /// Field by field: an analysis adds up a row per version and day, and key paths would be most of its time.
  public static func += (left: inout EventCounts, right: EventCounts) {
    left.impressions += right.impressions
    left.viewables += right.viewables
    left.starts += right.starts
    left.firstQuartiles += right.firstQuartiles
    left.midpoints += right.midpoints
    left.thirdQuartiles += right.thirdQuartiles
    left.completes += right.completes
    left.clicks += right.clicks
    left.conversions += right.conversions
    left.skips += right.skips
    left.mutes += right.mutes
    left.hides += right.hides
    left.interactions += right.interactions
    left.valueMicros += right.valueMicros
  }
}
