public import Campaigns
public import FoundationEssentials

/// What one round of the autopilot did.
public struct RoundReport: Sendable {
  public let campaign: Identifier<Campaign>
  public let at: Date
  /// In the campaign's order; segments without an experiment are absent.
  public internal(set) var segments: [SegmentOutcome]
  /// Set when the whole round was passed over.
  public let skipped: String?

  public struct SegmentOutcome: Sendable {
    public let segment: Segment
    /// In the order they were taken; empty when nothing was to be done.
    public let decisions: [Decision]
    /// Versions ordered.
    public let ordered: [Variant]
    public let skipped: Skip?
  }

  public enum Skip: String, Sendable {
    /// A round of this time was done before.
    case alreadyDone = "a round of this time was done before"
    case laterRoundDone = "a later round was done before; decisions are not taken backwards"
    case changeUnderWay = "new shares or a new experiment begin after this time"
  }

  public var decisions: [Decision] { segments.flatMap(\.decisions) }
}
