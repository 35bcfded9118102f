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
    get { self[keyPath: Self.path(of: kind)] }
    set { self[keyPath: Self.path(of: kind)] = newValue }
  }

  public static func + (left: EventCounts, right: EventCounts) -> EventCounts {
    var sum = left
    for kind in EventKind.allCases { sum[kind] += right[kind] }
    sum.valueMicros += right.valueMicros
    return sum
  }

  public static func += (left: inout EventCounts, right: EventCounts) { left = left + right }

  private static func path(of kind: EventKind) -> WritableKeyPath<EventCounts, Int64> {
    switch kind {
    case .impression: \.impressions
    case .viewable: \.viewables
    case .start: \.starts
    case .firstQuartile: \.firstQuartiles
    case .midpoint: \.midpoints
    case .thirdQuartile: \.thirdQuartiles
    case .complete: \.completes
    case .click: \.clicks
    case .conversion: \.conversions
    case .skip: \.skips
    case .mute: \.mutes
    case .hide: \.hides
    case .interaction: \.interactions
    }
  }
}
