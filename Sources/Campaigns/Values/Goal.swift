/// The proportion a campaign wants to raise. Both counts come from `rollup_hour`.
public enum Goal: String, Hashable, Sendable, Codable, CaseIterable {
  /// Clicks per impression.
  case clickThrough = "click_through"
  /// Completed views per impression.
  case viewThrough = "view_through"
  /// Conversions per impression.
  case conversion

  /// The event that counts as success; the trial is always an impression.
  public var success: EventKind {
    switch self {
    case .clickThrough: .click
    case .viewThrough: .complete
    case .conversion: .conversion
    }
  }
}
