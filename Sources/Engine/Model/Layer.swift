/// Something over a scene's background.
public enum Layer: Sendable, Hashable {
  case text(TextLayer)
  case image(ImageLayer)
  case button(ButtonLayer)
  case scrim(ScrimLayer)
}

/// A place in the safe zone. `start` is where the language begins to read: left in English, right in Arabic.
public enum Anchor: String, Sendable, Hashable, Codable, CaseIterable {
  case topStart = "top-start"
  case top
  case topEnd = "top-end"
  case start, centre, end
  case bottomStart = "bottom-start"
  case bottom
  case bottomEnd = "bottom-end"
}

/// How a layer comes in; it then stays until its scene ends.
public struct Entrance: Sendable, Hashable, Codable {
  public enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
    /// There from the start.
    case none
    case fade
    /// Fades in while rising a little; lines of text follow each other.
    case rise
    /// Fades in while coming from the side where reading begins.
    case slide
    /// Grows past its size and settles; for buttons and badges.
    case pop
  }

  public var kind: Kind
  /// After the scene's start.
  public var delay: TimeSpan
  public var duration: TimeSpan

  public init(kind: Kind, delay: TimeSpan = .zero, duration: TimeSpan = .milliseconds(500)) {
    self.kind = kind
    self.delay = delay
    self.duration = duration
  }

  public static let none = Entrance(kind: .none, duration: .zero)

  /// Lines that rise or slide follow each other; however many there are, the last begins within `270ms`.
  func following(line number: Int, of count: Int) -> Entrance {
    guard kind == .rise || kind == .slide, count > 1 else { return self }
    var entrance = self
    entrance.delay = delay + .milliseconds(min(90, 270 / (count - 1)) * number)
    return entrance
  }
}

/// Words. The size follows from the role and the room there is; text never leaves the safe zone and is
/// never cut off: where it cannot fit at the role's smallest size, rendering refuses with an error.
public struct TextLayer: Sendable, Hashable, Codable {
  public enum Role: String, Sendable, Hashable, Codable, CaseIterable {
    /// Small, spaced, over the headline.
    case eyebrow
    case headline
    case body
    /// A call to action without a button's shape.
    case cta
    case legal
  }

  public enum Weight: String, Sendable, Hashable, Codable, CaseIterable {
    case regular, medium, semibold, bold, black
  }

  public enum Alignment: String, Sendable, Hashable, Codable, CaseIterable { case start, centre, end }

  public var role: Role
  public var text: String
  /// nil: what suits the role.
  public var weight: Weight?
  /// nil: what the anchor says.
  public var alignment: Alignment?
  /// nil: light or dark, whichever reads on the background.
  public var colour: ColourReference?
  public var anchor: Anchor
  public var entrance: Entrance

  public init(
    role: Role, text: String, weight: Weight? = nil, alignment: Alignment? = nil,
    colour: ColourReference? = nil, anchor: Anchor, entrance: Entrance = Entrance(kind: .rise)
  ) {
    self.role = role
    self.text = text
    self.weight = weight
    self.alignment = alignment
    self.colour = colour
    self.anchor = anchor
    self.entrance = entrance
  }
}

/// A picture: SVG, PNG or JPEG.
public struct ImageLayer: Sendable, Hashable, Codable {
  public enum Purpose: String, Sendable, Hashable, Codable, CaseIterable {
    /// Small and crisp, without shadow.
    case logo
    /// Cut out (with transparency): stands on a soft shadow.
    case product
    /// Opaque: gets rounded corners and a soft shadow.
    case picture
  }

  public var purpose: Purpose
  public var asset: String
  public var anchor: Anchor
  /// The longer side as a share of the placement's shorter side, 0.05…1. Shrinks when text needs the room.
  public var size: Double
  public var entrance: Entrance
  /// Hovers slowly up and down.
  public var floats: Bool

  public init(
    purpose: Purpose, asset: String, anchor: Anchor, size: Double,
    entrance: Entrance = Entrance(kind: .fade), floats: Bool = false
  ) {
    self.purpose = purpose
    self.asset = asset
    self.anchor = anchor
    self.size = size
    self.entrance = entrance
    self.floats = floats
  }
}

/// A call to action shaped as a button.
public struct ButtonLayer: Sendable, Hashable, Codable {
  public var text: String
  public var fill: ColourReference
  /// nil: light or dark, whichever reads on the fill.
  public var colour: ColourReference?
  public var anchor: Anchor
  public var entrance: Entrance
  /// Swells gently, about once in a second.
  public var pulses: Bool

  public init(
    text: String, fill: ColourReference = .accent, colour: ColourReference? = nil, anchor: Anchor,
    entrance: Entrance = Entrance(kind: .pop), pulses: Bool = true
  ) {
    self.text = text
    self.fill = fill
    self.colour = colour
    self.anchor = anchor
    self.entrance = entrance
    self.pulses = pulses
  }
}

/// A veil between a photo and what is read over it. Where a photo has text over it and no scrim, the engine
/// adds the weakest one that gives the text its contrast.
public struct ScrimLayer: Sendable, Hashable, Codable {
  public enum Edge: String, Sendable, Hashable, Codable, CaseIterable { case top, bottom, start, end, full }

  public var edge: Edge
  public var colour: ColourReference
  /// 0…1 where it is densest.
  public var opacity: Double

  public init(edge: Edge = .full, colour: ColourReference = .dark, opacity: Double = 0.5) {
    self.edge = edge
    self.colour = colour
    self.opacity = opacity
  }
}
