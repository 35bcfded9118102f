enum Fill: Sendable, Hashable {
  case colour(ColourReference)
  /// Degrees.
  case gradient(from: ColourReference, to: ColourReference, angle: Double)
}

struct Border: Sendable, Hashable {
  var colour: ColourReference
  var width: Double
}

struct Shadow: Sendable, Hashable {
  var radius: Double
  var drop: Double
  var colour: ColourReference
  var opacity: Double
}

/// Units.
struct SizeRange: Sendable, Hashable {
  var smallest: Double
  var largest: Double
}

struct Zoom: Sendable, Hashable {
  var from: PhotoBackground.Framing
  var to: PhotoBackground.Framing
  var easing: Easing?
}

/// What letters are like; families may be `headline` and `body`.
struct Lettering: Sendable, Hashable {
  var font: String
  var weight: TextLayer.Weight
  var tracking: Double
}

struct TextBlock: Sendable, Hashable {
  struct Run: Sendable, Hashable {
    var text: String
    var weight: TextLayer.Weight?
    var colour: ColourReference?
    var font: String?
    var scale = 1.0
    var isItalic = false
    var isUnderlined = false
    var isStruck = false
  }

  struct Panel: Sendable, Hashable {
    var fill: Fill
    var opacity: Double
    var radius: Double
    var padding: Double
  }

  var runs: [Run]
  var lettering: Lettering
  var size: SizeRange
  var maximumLines: Int?
  var lineHeight: Double
  var align: TextLayer.Alignment?
  var colour: ColourReference?
  var isUppercase: Bool
  var panel: Panel?
  var outline: Border?
  var shadow: Shadow?

  var text: String { runs.map(\.text).joined() }
}

struct ImageBox: Sendable, Hashable {
  var asset: String
  var isWhole: Bool
  var radius: Double
  var border: Border?
  var shadow: Shadow?
  var zoom: Zoom?
}

/// A clip, in a box or over the whole picture.
struct FootageBox: Sendable, Hashable {
  var asset: String
  /// A background: no box of its own.
  var coversPicture: Bool
  var isWhole: Bool
  var framing: PhotoBackground.Framing
  var radius: Double
  var border: Border?
  var shadow: Shadow?
  var zoom: Zoom?
  /// Seconds of the clip.
  var from: Double
  var until: Double?
  var speed: Double
  var repeats: Track.Repeat
  /// Of the clip's own sound.
  var volume: Double
}

struct Drawing: Sendable, Hashable {
  var asset: String?
  var source: String?
  var shadow: Shadow?
}

struct Figure: Sendable, Hashable {
  var shape: ShapeChoice
  var fill: Fill?
  var border: Border?
  var radius: Double
  var points: Int
  var shadow: Shadow?
}

struct Badge: Sendable, Hashable {
  var text: String
  var shape: BadgeShape
  var size: Double
  var fill: Fill
  var colour: ColourReference?
  var border: Border?
  var shadow: Shadow?
  var lettering: Lettering
}

struct Button: Sendable, Hashable {
  var text: String
  var size: SizeRange
  var fill: Fill
  var colour: ColourReference?
  var radius: Double?
  var pulse: Double
  var border: Border?
  var shadow: Shadow?
  var lettering: Lettering
}

struct Card: Sendable, Hashable {
  var asset: String
  var title: String
  var text: String?
  var price: String?
  var was: String?
  var isCovering: Bool
  var fill: Fill
  var colour: ColourReference?
  var priceColour: ColourReference?
  var radius: Double
  var shadow: Shadow?
}

struct Captions: Sendable, Hashable {
  struct Cue: Sendable, Hashable {
    var place: Place
    var from: Double
    var until: Double
    var text: String
  }

  var cues: [Cue]
  var style: CaptionStyle
  var size: SizeRange
  var colour: ColourReference
  var highlight: ColourReference
  var fill: ColourReference
  var lettering: Lettering
}

struct Stack: Sendable, Hashable {
  var layers: [CompositionLayer]
  var isAcross: Bool
  /// nil: what suits the layers.
  var gap: Double?
  var align: TextLayer.Alignment?
}

/// A full-picture field before colours and pixels are known.
enum BackdropChoice: Sendable, Hashable {
  struct Stop: Sendable, Hashable {
    var at: Double
    var colour: ColourReference
  }

  case colour(ColourReference)
  case gradient(
    form: GradientField.Form, stops: [Stop], angle: Track, centreX: Double, centreY: Double, reach: Double)
  case mesh(ground: ColourReference, colours: [ColourReference], speed: Double)
  case noise(colours: [ColourReference], scale: Double, speed: Double)
  case particles(
    form: ParticleField.Form, count: Int, size: Double, speed: Double, colours: [ColourReference])
  case grade(
    exposure: Double, temperature: Double, contrast: Double, saturation: Double, shadows: ColourReference?,
    highlights: ColourReference?, toning: Double)
  case grain(strength: Double, rate: Double)
  case vignette(colour: ColourReference, strength: Double, start: Double)
  /// Units.
  case defocus(Track)
}
