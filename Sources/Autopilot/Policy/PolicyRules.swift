/// The policy's own numbers, apart from what a campaign sets. Part of the stored evidence.
public struct PolicyRules: Hashable, Sendable, Codable {
  /// No version is promoted or retired before it has been seen at every hour of the day.
  public var minimumAgeHours = 24.0
  /// Shares hold at least this long.
  public var minimumEpochHours = 20.0
  /// A segment gets no second generation within this time: the first must have had its chance. Six days, so that
  /// weekly rounds may regenerate weekly.
  public var regenerationCooldownHours = 144.0
  /// Shares follow the evidence only when every version has been shown this often…
  public var minimumImpressions: Int64 = 500
  /// … there were this many successes in all …
  public var minimumSuccesses: Int64 = 20
  /// … and some share would move by at least this much.
  public var minimumShareChange = 0.05

  public init() {}
}
