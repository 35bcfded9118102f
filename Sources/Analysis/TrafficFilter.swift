/// Why events were stored but do not count, as `events.traffic` and `rollup_filtered_hour.traffic` number it.
public enum TrafficFilter: String, Hashable, Sendable, Codable, CaseIterable {
  case declaredBot = "declared_bot"
  case emptyUserAgent = "empty_user_agent"
  case prefetch
  case impossibleSequence = "impossible_sequence"
  case excess
  /// A rule of a newer version of the program.
  case other

  public init(number: Int16) {
    self =
      switch number {
      case 1: .declaredBot
      case 2: .emptyUserAgent
      case 3: .prefetch
      case 4: .impossibleSequence
      case 5: .excess
      default: .other
      }
  }

  /// In the plural, for a sentence.
  public var inWords: String {
    switch self {
    case .declaredBot: "declared bots"
    case .emptyUserAgent: "empty user agents"
    case .prefetch: "prefetches"
    case .impossibleSequence: "impossible sequences"
    case .excess: "excess"
    case .other: "other rules"
    }
  }
}
