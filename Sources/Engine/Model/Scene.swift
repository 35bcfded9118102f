/// A stretch of the storyboard with one background and the layers over it.
public struct Scene: Sendable, Hashable, Codable {
  /// How `layers` share the room.
  public enum Arrangement: String, Sendable, Hashable, Codable, CaseIterable {
    /// Each layer goes to its anchor; layers with one anchor stand under each other in their order.
    case stack
    /// Images of purpose `product` or `picture` get one part, all else the other: side by side where the
    /// placement is wide, one over the other where it is square or tall.
    case split
  }

  public var duration: TimeSpan
  /// How the scene before gives way to this one; the first scene's is `.cut`.
  public var transition: Transition
  public var background: Background
  public var arrangement: Arrangement
  /// From back to front, and from top to bottom where they stack.
  public var layers: [Layer]

  public init(
    duration: TimeSpan, transition: Transition = .cut, background: Background,
    arrangement: Arrangement = .stack, layers: [Layer]
  ) {
    self.duration = duration
    self.transition = transition
    self.background = background
    self.arrangement = arrangement
    self.layers = layers
  }
}

/// How one scene gives way to the next.
public struct Transition: Sendable, Hashable, Codable {
  public enum Kind: String, Sendable, Hashable, Codable, CaseIterable { case cut, crossfade }

  public var kind: Kind
  /// Zero for a cut. A crossfade plays over the first `duration` of the scene it leads into, while the
  /// scene before keeps moving beneath.
  public var duration: TimeSpan

  public static let cut = Transition(kind: .cut, duration: .zero)
  public static func crossfade(_ duration: TimeSpan) -> Transition {
    Transition(kind: .crossfade, duration: duration)
  }
}

/// What fills the whole picture behind the layers.
public enum Background: Sendable, Hashable {
  case colour(ColourBackground)
  case gradient(GradientBackground)
  case photo(PhotoBackground)

  var isPhoto: Bool { if case .photo = self { true } else { false } }

  public static func colour(_ colour: ColourReference) -> Background {
    .colour(ColourBackground(colour: colour))
  }
}

public struct ColourBackground: Sendable, Hashable, Codable {
  public var colour: ColourReference
  public init(colour: ColourReference) { self.colour = colour }
}

/// Two colours running into each other, with an optional pair of soft lights drifting over them.
public struct GradientBackground: Sendable, Hashable, Codable {
  public var from: ColourReference
  public var to: ColourReference
  /// Degrees clockwise from "left to right"; 90 runs from top to bottom.
  public var angle: Double
  /// The colour of the drifting lights; nil for none.
  public var glow: ColourReference?

  public init(from: ColourReference, to: ColourReference, angle: Double = 90, glow: ColourReference? = nil) {
    self.from = from
    self.to = to
    self.angle = angle
    self.glow = glow
  }
}

/// A photo that covers the picture and moves slowly from one framing to another (Ken Burns).
public struct PhotoBackground: Sendable, Hashable, Codable {
  /// A framing: the point of the photo (0…1 from its left and top) brought nearest to the middle, and how
  /// much closer than just covering the picture (1…2).
  public struct Framing: Sendable, Hashable, Codable {
    public var x: Double
    public var y: Double
    public var zoom: Double

    public init(x: Double = 0.5, y: Double = 0.5, zoom: Double = 1) {
      self.x = x
      self.y = y
      self.zoom = zoom
    }
  }

  public var asset: String
  public var from: Framing
  public var to: Framing

  public init(asset: String, from: Framing = Framing(), to: Framing = Framing(zoom: 1.12)) {
    self.asset = asset
    self.from = from
    self.to = to
  }
}
