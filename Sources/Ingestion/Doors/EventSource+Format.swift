extension EventSource {
  /// The format of the bodies that come through this door; nil for Retake's own.
  var format: ForeignFormat? {
    switch self {
    case .native, .beacon, .click, .file: nil
    case .segment: .segment
    case .postHog: .postHog
    case .cloudEvents: .cloudEvents
    }
  }
}
