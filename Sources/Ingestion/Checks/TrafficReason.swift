/// Whether a stored event counts and, when it does not, the rule that filtered it: `events.traffic`. Filtered events
/// are kept and reported beside those that count, never deleted. The numbers are stored and never change.
///
/// The terms are those of the Media Rating Council's "Invalid Traffic Detection and Filtration Standards Addendum":
/// what lists and simple rules find is general invalid traffic.
public enum TrafficReason: Int16, Hashable, Sendable, CaseIterable {
  case counted = 0
  /// The user agent names a known bot.
  case declaredBot = 1
  /// A viewer's browser that says nothing of itself.
  case emptyUserAgent = 2
  /// Fetched ahead of need: nobody may ever have seen it.
  case prefetch = 3
  /// Faster than a person or against the order of things: a click 30 ms after its impression.
  case impossibleSequence = 4
  /// More of the same by one viewer than a person does.
  case excess = 5

  public var name: String {
    switch self {
    case .counted: "counted"
    case .declaredBot: "declared_bot"
    case .emptyUserAgent: "empty_user_agent"
    case .prefetch: "prefetch"
    case .impossibleSequence: "impossible_sequence"
    case .excess: "excess"
    }
  }
}
