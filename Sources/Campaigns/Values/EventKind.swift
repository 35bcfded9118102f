/// The engagement facts Retake knows. The raw value is what `events.kind` stores and never changes.
public enum EventKind: Int16, Hashable, Sendable, CaseIterable {
  case impression = 1
  case viewable = 2
  case start = 3
  case firstQuartile = 4
  case midpoint = 5
  case thirdQuartile = 6
  case complete = 7
  case click = 8
  case conversion = 9
  case skip = 10
  case mute = 11
  case hide = 12
  case interaction = 13

  /// The name on the wire: `{"type": "first_quartile"}`.
  public var name: String {
    switch self {
    case .impression: "impression"
    case .viewable: "viewable"
    case .start: "start"
    case .firstQuartile: "first_quartile"
    case .midpoint: "midpoint"
    case .thirdQuartile: "third_quartile"
    case .complete: "complete"
    case .click: "click"
    case .conversion: "conversion"
    case .skip: "skip"
    case .mute: "mute"
    case .hide: "hide"
    case .interaction: "interaction"
    }
  }

  public init?(name: String) {
    guard let kind = Self.byName[name] else { return nil }
    self = kind
  }

  private static let byName = Dictionary(uniqueKeysWithValues: allCases.map { ($0.name, $0) })
}
