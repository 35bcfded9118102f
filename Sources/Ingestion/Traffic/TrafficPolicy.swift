public import Campaigns

/// Which rules filter traffic, and at which thresholds: `config/traffic.yaml`.
public struct TrafficPolicy: Sendable {
  public var bots: BotList
  public var filtersEmptyUserAgents: Bool
  public var filtersPrefetches: Bool
  /// Milliseconds from a viewer's impression to the first click a person could make; 0 turns the rule off.
  public var minimumClickDelayMs: Int64
  /// Milliseconds from a click to the first conversion that could follow from it; 0 turns the rule off.
  public var minimumConversionDelayMs: Int64
  /// Milliseconds from a video's start to its end; quartiles need their part of it. 0 turns the rule off.
  public var minimumCompleteDelayMs: Int64
  /// Events of a kind by one viewer of one version in one hour, up to which they count; absent: no limit.
  public var capsPerHour: [EventKind: Int]
  /// What sequences and counts per viewer may take, whatever comes; allotted once.
  public var memoryBytes: Int

  public static let longestDelayMs: Int64 = 3_600_000
  /// Counts are kept in a byte each.
  public static let highestCap = 250
  /// The least holds the largest body there may be in one generation.
  public static let memoryBounds = (16 << 20)...(64 << 20)

  public init(
    bots: BotList = BotList(), filtersEmptyUserAgents: Bool = true, filtersPrefetches: Bool = true,
    minimumClickDelayMs: Int64 = 100, minimumConversionDelayMs: Int64 = 1000,
    minimumCompleteDelayMs: Int64 = 1000, capsPerHour: [EventKind: Int] = [:], memoryBytes: Int = 16 << 20
  ) {
    self.bots = bots
    self.filtersEmptyUserAgents = filtersEmptyUserAgents
    self.filtersPrefetches = filtersPrefetches
    self.minimumClickDelayMs = min(max(minimumClickDelayMs, 0), Self.longestDelayMs)
    self.minimumConversionDelayMs = min(max(minimumConversionDelayMs, 0), Self.longestDelayMs)
    self.minimumCompleteDelayMs = min(max(minimumCompleteDelayMs, 0), Self.longestDelayMs)
    self.capsPerHour = capsPerHour.mapValues { min(max($0, 1), Self.highestCap) }
    self.memoryBytes = min(max(memoryBytes, Self.memoryBounds.lowerBound), Self.memoryBounds.upperBound)
  }
}
