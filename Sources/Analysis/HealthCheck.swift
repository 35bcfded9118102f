/// Something about the data that a reader of its figures must know.
public struct HealthCheck: Hashable, Sendable, Codable {
  public enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
    /// Versions were not shown in the proportions they were given: assignment or counting is broken.
    case sampleRatioMismatch = "sample_ratio_mismatch"
    /// Viewers saw several versions while shares stood still: assignment is broken.
    case viewersInSeveralVersions = "viewers_in_several_versions"
    /// A platform chose who saw what, so differences may be differences between people.
    case notRandomised = "not_randomised"
    /// More successes than impressions, or negative counts: the figures cannot be true.
    case impossibleCounts = "impossible_counts"
    /// Whole days without a single impression while the experiment ran; of one version alone it forbids claims.
    case missingDays = "missing_days"
    /// Not enough yet for the intervals to hold.
    case tooFewEvents = "too_few_events"
    /// Events that were accepted are not yet in the figures; many of them forbid claims.
    case delayedEvents = "delayed_events"
    /// Much traffic was filtered, or of one version much more than of the others; very much forbids claims.
    case invalidTraffic = "invalid_traffic"
  }

  public var kind: Kind
  /// Nothing may be claimed while this holds.
  public var blocking: Bool
  /// What is the matter and what it means for the reader.
  public var sentence: String
  /// The figures behind the sentence, by name.
  public var numbers: [String: Double]

  public init(kind: Kind, blocking: Bool, sentence: String, numbers: [String: Double] = [:]) {
    self.kind = kind
    self.blocking = blocking
    self.sentence = sentence
    self.numbers = numbers
  }
}
