/// The creative choices a storyboard understands, and what their levels carry.
public enum FactorKind: String, Hashable, Sendable, CaseIterable {
  case hook
  case headline
  case pace
  case palette
  case background
  case music
  case layout
  case callToAction = "call_to_action"

  public enum Content: Hashable, Sendable {
    /// Words on the screen, per language.
    case text
    /// A whole number of beats per minute.
    case beatsPerMinute(ClosedRange<Int>)
    /// One of the brand's colours.
    case colour
    /// The key of a photo among the brand's assets.
    case photo
    case word([String])
  }

  public var content: Content {
    switch self {
    case .hook, .headline, .callToAction: .text
    case .pace: .beatsPerMinute(60...180)
    case .palette: .colour
    case .background: .photo
    case .music: .word(["airy", "pulse", "plucked", "warm", "bold"])
    case .layout: .word(["centred", "split", "overlay"])
    }
  }

  /// Whether another level is seen at once by someone who compares two versions side by side.
  public var isVisible: Bool {
    switch self {
    case .hook, .headline, .palette, .background, .layout: true
    case .pace, .music, .callToAction: false
    }
  }
}
