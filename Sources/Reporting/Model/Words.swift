public import Analysis
public import Campaigns

extension Verdict.Kind {
  /// Two words at most, for a table.
  public var label: String {
    switch self {
    case .winner: "Winner"
    case .loser: "Shown worse"
    case .leading: "Ahead, open"
    case .trailing: "Behind, open"
    case .fatigued: "Wearing out"
    case .shifted: "Market moved"
    case .inconclusive: "Open"
    case .invalid: "No claim"
    }
  }

  /// How much a reader wants to know it; smaller comes first.
  var rank: Int {
    switch self {
    case .invalid: 0
    case .winner: 1
    case .fatigued: 2
    case .shifted: 3
    case .loser: 4
    case .leading: 5
    case .trailing: 6
    case .inconclusive: 7
    }
  }
}

extension Decision.Kind {
  public var label: String {
    switch self {
    case .launch: "Started"
    case .promote: "Promoted"
    case .retire: "Retired"
    case .reallocate: "Traffic moved"
    case .regenerate: "New versions"
    case .pause: "Paused"
    case .reverse: "Reversed"
    }
  }
}

extension HealthCheck.Kind {
  public var label: String {
    switch self {
    case .sampleRatioMismatch: "Shares not kept"
    case .viewersInSeveralVersions: "Viewers saw several"
    case .notRandomised: "Not randomised"
    case .impossibleCounts: "Impossible counts"
    case .missingDays: "Missing days"
    case .tooFewEvents: "Few results"
    case .delayedEvents: "Late events"
    case .invalidTraffic: "Invalid traffic"
    }
  }
}

enum Words {
  /// `call_to_action` -> `Call to action`
  static func humanised(_ key: String) -> String {
    let words = key.map { $0 == "_" || $0 == "-" ? " " : String($0) }.joined()
    return words.prefix(1).uppercased() + words.dropFirst()
  }

  /// `A, B and C`
  static func list(_ items: [String]) -> String {
    guard items.count > 1, let last = items.last else { return items.first ?? "" }
    return items.dropLast().joined(separator: ", ") + " and " + last
  }

  static func capitalised(_ text: String) -> String { text.prefix(1).uppercased() + text.dropFirst() }
}
