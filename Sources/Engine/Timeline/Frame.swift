/// Everything one frame shows, as a value: equal frames look the same, so an unchanged frame need not be
/// drawn again.
struct Frame: Sendable, Hashable {
  /// One thing laid over what is beneath it. Most marks are plain: a bitmap moved, scaled and faded.
  struct Mark: Sendable, Hashable {
    /// Index of the bitmap in the stage; without meaning where `procedure` is given.
    var bitmap: Int
    /// Which of its frames, where the bitmap stands for a clip.
    var moment: Int?
    /// Top left of the scaled, unturned bitmap, in pixels.
    var x: Double
    var y: Double
    var scale: Double = 1
    var opacity: Double = 1
    /// Clockwise about the middle, in radians.
    var turn: Double = 0
    var blend: BlendMode = .normal
    /// Only this part of the bitmap is shown, in the bitmap's pixels.
    var window: Rectangle?
    var mask: Mask?
    /// Radius of a soft focus, in pixels of the picture.
    var blur: Double = 0
    /// Pixels that follow from a formula instead of a bitmap; covers the whole picture.
    var procedure: Procedure?

    /// True for what a painter's fastest way can lay: nothing but place, scale and opacity.
    var isPlain: Bool {
      turn == 0 && blend == .normal && window == nil && mask == nil && blur == 0 && procedure == nil
    }
  }

  /// Lets a mark show only where another bitmap is dense (or light).
  struct Mask: Sendable, Hashable {
    var bitmap: Int
    var x: Double
    var y: Double
    var scale: Double = 1
    var turn: Double = 0
    var isInverted = false
  }

  /// From back to front; the first covers the picture.
  var marks: [Mark]
  /// The scene that comes in over `marks`, and how far it has come, 0…1.
  var incoming: [Mark] = []
  var mix: Double = 0
  /// How `incoming` takes the picture over; a crossfade unless a composition says otherwise.
  var passage: Passage = .crossfade
  /// What lies over scenes and passages alike.
  var over: [Mark] = []
}

/// How a mark's colours meet those beneath. W3C Compositing and Blending Level 1, section 10.
public enum BlendMode: String, Sendable, Hashable, CaseIterable {
  case normal, multiply, screen, overlay, darken, lighten, difference, exclusion
  case colourDodge = "colour-dodge"
  case colourBurn = "colour-burn"
  case hardLight = "hard-light"
  case softLight = "soft-light"
  case add
}

/// One scene giving way to the next, as the painter sees it.
enum Passage: Sendable, Hashable {
  enum Direction: String, Sendable, Hashable, CaseIterable {
    case left, right, up, down
  }

  case crossfade
  /// The new scene comes in towards `direction` and pushes the old one out.
  case slide(Direction)
  /// The new scene is uncovered towards `direction` behind an edge `softness` (0…1 of the way) wide.
  case wipe(Direction, softness: Double)
  /// The old scene grows away while the new one comes up from behind.
  case zoom
  /// A slide so fast that it smears.
  case whip(Direction)
  /// The new scene appears first where the bitmap (as large as the picture) is dark.
  case luma(bitmap: Int, softness: Double)
}

/// Pixels from a formula, a pure function of these values. Procedures that read what is beneath them change
/// it in place.
enum Procedure: Sendable, Hashable {
  /// Covers the picture.
  case gradient(GradientField)
  case mesh(MeshField)
  case noise(NoiseField)
  /// Lies over what is beneath.
  case particles(ParticleField)
  case grain(GrainField)
  case vignette(VignetteField)
  /// Changes what is beneath.
  case grade(ColourGrade)
  case blur(radius: Double)

  var coversPicture: Bool {
    switch self {
    case .gradient(let field): field.isOpaque
    case .mesh, .noise: true
    default: false
    }
  }
}
