extension Forms {
  private static let anchors = Anchor.allCases.map(\.rawValue)
  private static let weights = TextLayer.Weight.allCases.map(\.rawValue)
  private static let aligns = TextLayer.Alignment.allCases.map(\.rawValue)

  /// What layers may say beside what is their kind's own; not every kind may say all of it.
  static let common: [Field] = [
    Field("id", .text(1...80), "A name, for messages, masks and `below`."),
    Field("from", .moment, "When it begins to show; with its scene when absent."),
    Field("until", .moment, "When it is gone; with its scene when absent."),
    Field(
      "anchor", .choice(anchors), "The zone's point that the layer's own point of that name is put to.",
      standard: "centre"),
    Field(
      "zone", .choice(ZoneChoice.allCases.map(\.rawValue)),
      "What anchors and shares refer to: the safe zone less a margin, the safe zone, or the whole picture.",
      standard: "content"),
    Field("x", .measure, "From the anchor in reading direction.", standard: "0"),
    Field("y", .measure, "From the anchor downwards.", standard: "0"),
    Field("below", .text(1...80), "The id of a layer this one stands under, its anchor choosing the side."),
    Field("gap", .number(-500...1000), "Units to the layer named by `below`.", standard: "32"),
    Field("opacity", .track(Form.unit), "0 to 1.", standard: "1"),
    Field("scale", .track(0...20), "About `pivot`.", standard: "1"),
    Field("rotation", .track(-36_000...36_000), "Degrees clockwise about `pivot`.", standard: "0"),
    Field("move_x", .track(-10_000...10_000), "Units to the right.", standard: "0"),
    Field("move_y", .track(-10_000...10_000), "Units down.", standard: "0"),
    Field("blur", .track(0...200), "Units of soft focus.", standard: "0"),
    Field(
      "pivot", .choice(anchors), "The layer's point that scale and rotation leave in place.",
      standard: "centre"),
    Field("enter", .shortForm("arrival", .choice(Arrival.Kind.allCases.map(\.rawValue))), "How it comes."),
    Field("leave", .shortForm("departure", .choice(Arrival.Kind.allCases.map(\.rawValue))), "How it goes."),
    Field(
      "blend", .choice(BlendMode.allCases.map(\.rawValue)), "How its colours meet those beneath.",
      standard: "normal"),
    Field("mask", .form("mask"), "Where it shows."),
    Field("shapes", .form("shapes"), "What is different in `tall`, `portrait`, `square` or `wide` pictures."),
  ]

  private static let box: [Field] = [
    Field("width", .measure, "Its box."),
    Field("height", .measure, "Its box."),
  ]

  private static let lettering: [Field] = [
    Field("font", .word(["headline", "body"]), "Or any installed family."),
    Field("weight", .choice(weights), "Of the letters."),
    Field("tracking", .number(-0.2...1), "Space between letters, in em."),
  ]

  static let layers =
    backgrounds.filter { $0.name != "footage" } + [
      Form(
        "text", "Words, as large as fits.",
        [
          Field("text", .text(1...2000), "One look for all; either this or `runs`."),
          Field("runs", .list(.form("run"), 1...60), "Stretches with looks of their own."),
          Field(
            "size", .shortForm("size", .number(8...600)), "Units, or a range to fit within.",
            standard: "{min: 36, max: 96}"),
          Field("width", .measure, "Lines are no longer than this.", standard: "100%"),
          Field("height", .measure, "Text is no higher than this; the zone when absent."),
          Field("lines", .whole(1...40), "At most so many."),
          Field("line_height", .number(0.6...3), "Of the font's own.", standard: "1"),
          Field("align", .choice(aligns), "What the anchor says when absent."),
          Field("colour", .colour, "Light or dark, whichever reads on the background, when absent."),
          Field("uppercase", .flag, "In scripts that have capitals.", standard: "false"),
          Field("panel", .form("panel"), "A plate behind the words."),
          Field("outline", .form("border"), "Around every letter."),
          Field("shadow", .form("shadow"), "Beneath."),
        ] + lettering),
      Form(
        "image", "A picture in a box.",
        [
          Field("asset", .text(1...200), "SVG, PNG, JPEG or WebP.", isRequired: true),
          Field(
            "fit", .choice(["cover", "contain"]), "Fills the box or lies whole inside it.", standard: "cover"),
          Field("radius", .number(0...2000), "Of its corners, in units.", standard: "0"),
          Field("border", .form("border"), "Along its edge."),
          Field("shadow", .form("shadow"), "Beneath."),
          Field("zoom", .form("zoom"), "A slow move inside the box."),
        ] + box),
      Form(
        "footage", "A clip in a box.",
        clip + [
          Field(
            "fit", .choice(["cover", "contain"]), "Fills the box or lies whole inside it.", standard: "cover"),
          Field("radius", .number(0...2000), "Of its corners, in units.", standard: "0"),
          Field("border", .form("border"), "Along its edge."),
          Field("shadow", .form("shadow"), "Beneath its box."),
        ] + box),
      Form(
        "svg", "A drawing.",
        [
          Field("asset", .text(1...200), "An SVG file; either this or `source`."),
          Field(
            "source", .text(1...200_000),
            "An SVG document itself. References to other files are not followed."),
          Field("shadow", .form("shadow"), "Beneath."),
        ] + box),
      Form(
        "shape", "A simple figure.",
        [
          Field("shape", .choice(ShapeChoice.allCases.map(\.rawValue)), "Which.", standard: "rectangle"),
          Field("fill", .shortForm("gradient-fill", .colour), "Inside."),
          Field("border", .form("border"), "Along its edge."),
          Field("radius", .number(0...2000), "Of a rectangle's corners, in units.", standard: "0"),
          Field("points", .whole(3...48), "Of a polygon or star.", standard: "5"),
          Field("shadow", .form("shadow"), "Beneath."),
        ] + box),
      Form(
        "badge", "A few words on a mark that catches the eye.",
        [
          Field("text", .text(1...40), "Its words.", isRequired: true),
          Field("shape", .choice(BadgeShape.allCases.map(\.rawValue)), "Of the mark.", standard: "circle"),
          Field("size", .number(20...1080), "Its height in units.", standard: "240"),
          Field("fill", .shortForm("gradient-fill", .colour), "Of the mark.", standard: "accent"),
          Field("colour", .colour, "Of the words; what reads on the fill when absent."),
          Field("border", .form("border"), "Along its edge."),
          Field("shadow", .form("shadow"), "Beneath."),
        ] + lettering),
      Form(
        "button", "A call to action.",
        [
          Field("text", .text(1...80), "Its words.", isRequired: true),
          Field(
            "size", .shortForm("size", .number(8...600)), "Of the words.", standard: "{min: 28, max: 46}"),
          Field("fill", .shortForm("gradient-fill", .colour), "Of the button.", standard: "accent"),
          Field("colour", .colour, "Of the words; what reads on the fill when absent."),
          Field("radius", .number(0...500), "Of its corners, in units; round ends when absent."),
          Field("width", .measure, "At most.", standard: "100%"),
          Field("pulse", .number(0...5), "Swells so often in a second.", standard: "0"),
          Field("border", .form("border"), "Along its edge."),
          Field("shadow", .form("shadow"), "Beneath."),
        ] + lettering),
      Form(
        "card", "A product with its picture, name and price.",
        [
          Field("asset", .text(1...200), "The product's picture.", isRequired: true),
          Field("title", .text(1...120), "Its name.", isRequired: true),
          Field("text", .text(1...200), "A line on it."),
          Field("price", .text(1...30), "As it is to be read."),
          Field("was", .text(1...30), "The price before, struck through."),
          Field(
            "fit", .choice(["cover", "contain"]), "How the picture fills its half.", standard: "contain"),
          Field("fill", .shortForm("gradient-fill", .colour), "Of the card.", standard: "light"),
          Field("colour", .colour, "Of the words; what reads on the fill when absent."),
          Field("price_colour", .colour, "Of the price; the words' when absent or when it cannot be read."),
          Field("radius", .number(0...300), "Of its corners, in units.", standard: "36"),
          Field("shadow", .form("shadow"), "Beneath."),
        ] + box),
      Form(
        "captions", "Words that follow the sound.",
        [
          Field("cues", .list(.form("cue"), 1...400), "In their order, not overlapping.", isRequired: true),
          Field(
            "style", .choice(CaptionStyle.allCases.map(\.rawValue)),
            "Plain words, words on a plate, or words that light up one by one.", standard: "box"),
          Field(
            "size", .shortForm("size", .number(8...600)), "Units, or a range to fit within.",
            standard: "{min: 30, max: 52}"),
          Field("width", .measure, "Lines are no longer than this.", standard: "88%"),
          Field("colour", .colour, "Of the words.", standard: "light"),
          Field("highlight", .colour, "Of the word just spoken: karaoke.", standard: "accent"),
          Field("fill", .colour, "Of the plate: box.", standard: "#000000B8"),
        ] + lettering),
      Form(
        "stack", "Layers under (or beside) each other; too much for the room makes all of them smaller.",
        [
          Field(
            "layers", .list(.layer, 1...24), "text, image, footage, svg, shape, badge, button or card.",
            isRequired: true),
          Field("direction", .choice(["down", "across"]), "Of the row.", standard: "down"),
          Field(
            "gap_between", .number(0...500), "Units; about half the size of the words above when absent."),
          Field(
            "align", .choice(aligns), "Of layers narrower than the stack; what the anchor says when absent."),
          Field("width", .measure, "At most.", standard: "100%"),
          Field("height", .measure, "At most; the zone when absent."),
        ]),
      Form(
        "flow", "Layers of a storyboard, laid out, coloured and made legible by the engine.",
        [
          Field(
            "arrangement", .choice(Scene.Arrangement.allCases.map(\.rawValue)), "How they share the room.",
            standard: "stack"),
          Field(
            "layers", .form("storyboard-layers"), "As in `retake.storyboard/1`: text, image, button, scrim.",
            isRequired: true),
        ]),
      Form(
        "particles", "Small bright things on their ways.",
        [
          Field(
            "form", .choice(ParticleField.Form.allCases.map(\.rawValue)), "What they are.", standard: "dots"),
          Field("count", .whole(1...600), "How many.", standard: "60"),
          Field("size", .number(1...400), "Of the largest, in units.", standard: "18"),
          Field("speed", .number(0...4), "Picture heights in a second.", standard: "0.08"),
          Field("colours", .list(.colour, 1...8), "Taken in turn.", standard: "[light]"),
        ]),
      Form(
        "grade", "Changes the colours of all beneath it.",
        [
          Field("exposure", .number(-3...3), "Stops.", standard: "0"),
          Field("temperature", .number(-1...1), "Cold to warm.", standard: "0"),
          Field("contrast", .number(0...3), "1 changes nothing.", standard: "1"),
          Field("saturation", .number(0...3), "0 is grey, 1 changes nothing.", standard: "1"),
          Field("shadows", .colour, "Shadows lean to this."),
          Field("highlights", .colour, "Highlights lean to this."),
          Field("toning", .number(Form.unit), "How far they lean.", standard: "0.4"),
        ]),
      Form(
        "grain", "Film grain over all beneath it.",
        [
          Field("strength", .number(Form.unit), "0.1 is visible, 0.3 is a style.", standard: "0.12"),
          Field("rate", .number(1...30), "How often it changes in a second.", standard: "15"),
        ]),
      Form(
        "vignette", "Corners that fall away.",
        [
          Field("colour", .colour, "Towards the corners.", standard: "#000000"),
          Field("strength", .number(Form.unit), "In the corners.", standard: "0.5"),
          Field(
            "start", .number(0...0.95), "Share of the way from the middle to the corner.", standard: "0.4"),
        ]),
      Form(
        "defocus", "A soft focus over all beneath it.",
        [Field("radius", .track(0...200), "Units.", standard: "20")]),
    ]

  private static let presence = ["id", "from", "until", "opacity", "enter", "leave", "mask", "shapes"]
  private static let placing = ["anchor", "zone", "x", "y", "below", "gap"]
  private static let moving = ["scale", "rotation", "move_x", "move_y", "blur", "pivot"]

  /// The common fields that mean something for layers of this kind.
  static func commonFields(of kind: String) -> [Field] {
    let keys: [String] =
      switch kind {
      case "flow": ["id", "from", "until", "shapes"]
      case "captions": ["id", "opacity", "enter", "leave", "blend", "shapes"] + placing
      case "stack": presence + ["blend"] + placing
      case "grade", "grain", "defocus": presence
      case "footage": presence + ["blend"] + placing + moving
      case "particles", "vignette", "photo": presence + ["blend"]
      case _ where backgrounds.contains { $0.name == kind }: presence + ["blend"]
      default: presence + ["blend"] + placing + moving
      }
    return common.filter { keys.contains($0.name) }.map { field in
      guard kind == "captions", field.name == "anchor" else { return field }
      return Field(field.name, field.type, field.about, standard: "bottom")
    }
  }

  /// A layer's form with the common fields its kind may have.
  static func layer(_ kind: String) -> Form { named(kind).adding(commonFields(of: kind)) }
}
