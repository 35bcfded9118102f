/// Every form of the composition document except the layers'.
enum Forms {
  static let all: [Form] =
    [
      composition, scene, transition, key, wave, arrival, departure, mask, shadow, override, run, panel,
      border, gradient, cue,
    ]
    + [framing, size, zoom, stop, palette, fonts, music, recording, voice] + layers

  static func named(_ name: String) -> Form {
    guard let form = all.first(where: { $0.name == name }) else {
      assertionFailure("there is no form \(name)")
      return composition
    }
    return form
  }

  static let composition = Form(
    "composition", "A whole ad: scenes on a timeline, in no particular size.",
    [
      Field("schema", .choice([Composition.schema]), "The version of this form.", isRequired: true),
      Field("title", .text(1...200), "For people."),
      Field("duration", .length, "The whole length; when given, it must be where the last scene ends."),
      Field(
        "seed", .whole(0...Int(Int32.max)), "Shapes all that is free: clouds, particles, grain.",
        standard: "1"),
      Field("language", .text(2...35), "BCP 47; chooses glyph forms and direction.", standard: "en"),
      Field("tempo", .number(30...300), "Beats in a minute, for `@beat`; the music's when absent, else 120."),
      Field("palette", .form("palette"), "Colours by the part they play."),
      Field("fonts", .form("fonts"), "Font families by the part they play."),
      Field(
        "music", .oneOf(["music", "recording"]), "Composed to these words, or a recording (with an `asset`)."),
      Field(
        "voice", .list(.form("voice"), 1...60), "What is said, in order; music steps back for it."),
      Field("scenes", .list(.form("scene"), 1...60), "In their order.", isRequired: true),
      Field("layers", .list(.layer, 0...40), "Over all scenes and transitions; their times are the whole's."),
    ])

  static let palette = Form(
    "palette", "The brand's colours.",
    [
      Field("primary", .paint, "What people know the brand by.", standard: "#1B2A6B"),
      Field("secondary", .paint, "Its companion.", standard: "#5B3FD6"),
      Field("accent", .paint, "What must be seen.", standard: "#FFC145"),
      Field("light", .paint, "Text and paper on dark ground.", standard: "#FFFFFF"),
      Field("dark", .paint, "Text and ground on light paper.", standard: "#0B1030"),
    ])

  static let fonts = Form(
    "fonts", "Families; a missing one falls back and is named in a warning.",
    [
      Field("headline", .text(1...100), "For large words.", standard: "Inter Display"),
      Field("body", .text(1...100), "For the rest.", standard: "Inter"),
    ])

  static let music = Form(
    "music", "What the composer is told.",
    [
      Field("mood", .choice(Music.Mood.allCases.map(\.rawValue)), "Its character.", isRequired: true),
      Field("tempo", .whole(60...180), "Beats in a minute.", isRequired: true),
      Field("seed", .whole(0...Int(Int32.max)), "Another seed, another tune.", standard: "1"),
    ])

  static let recording = Form(
    "recording", "A licensed recording as music; it begins on a bar and fades out over its last.",
    [
      Field("asset", .text(1...200), "Its file: WAV, FLAC, MP3, AAC, M4A, Ogg.", isRequired: true),
      Field("from", .length, "Where in it to begin; the bar nearest after is taken.", standard: "0s"),
      Field("tempo", .number(40...240), "Its beats in a minute; listened for when absent."),
      Field("first_beat", .length, "When its first bar begins; listened for when absent."),
      Field("beats_per_bar", .whole(2...12), "How many.", standard: "4"),
      Field(
        "loop", .flag, "It goes back to a bar where it is shorter than the ad; else it is refused then.",
        standard: "true"),
      Field(
        "gain", .number(-30...12),
        "Decibels beside a voice; the whole is brought to the placement's loudness.", standard: "0"),
    ])

  static let voice = Form(
    "voice", "Something said: `text` for the voice program, or a recording. It ends before the next begins.",
    [
      Field("text", .text(1...2000), "Its words; either this or `asset`."),
      Field("asset", .text(1...200), "A recording of it; either this or `text`."),
      Field("at", .moment, "When it begins, in the whole.", standard: "0s"),
      Field("language", .text(2...35), "BCP 47; the composition's when absent."),
      Field("voice", .text(1...200), "What the voice program calls the speaker."),
    ])

  static let scene = Form(
    "scene", "A stretch of the timeline with a background and layers over it.",
    [
      Field("name", .text(1...80), "For messages."),
      Field("from", .moment, "When it begins to show; where the scene before ends when absent."),
      Field("until", .moment, "When it is gone; either this or `duration`."),
      Field("duration", .length, "How long it lasts; either this or `until`."),
      Field(
        "transition", .shortForm("transition", .choice(TransitionChoice.names)),
        "How the scene before gives way."),
      Field("background", .background, "What fills the picture; the palette's dark when absent."),
      Field("layers", .list(.layer, 0...60), "From back to front."),
    ])

  static let transition = Form(
    "transition",
    "Plays while both scenes show: over their overlap, or over the first part of the new scene.",
    [
      Field("kind", .choice(TransitionChoice.names), "The way.", isRequired: true),
      Field("duration", .length, "The overlap when absent, else 500ms."),
      Field("easing", .easing, "Its course.", standard: "in-out"),
      Field(
        "direction", .choice(Passage.Direction.allCases.map(\.rawValue)),
        "Where the new scene moves to: slide, wipe, whip.", standard: "left"),
      Field("softness", .number(0...1), "Of the edge: wipe, luma.", standard: "0.12"),
      Field("asset", .text(1...200), "luma: a picture; the new scene comes first where it is dark."),
      Field(
        "pattern", .choice(LumaPattern.allCases.map(\.rawValue)), "luma without a picture.",
        standard: "clouds"),
    ])

  static let key = Form(
    "key", "A value at a time.",
    [
      Field("at", .moment, "Since the layer begins.", isRequired: true),
      Field("value", .number(-100_000...100_000), "In the property's unit.", isRequired: true),
      Field("easing", .easing, "From the key before to this one.", standard: "in-out"),
    ])

  static let wave = Form(
    "wave", "A sine between two values.",
    [
      Field("low", .number(-100_000...100_000), "Where it starts.", isRequired: true),
      Field("high", .number(-100_000...100_000), "Half a turn later.", isRequired: true),
      Field("rate", .number(0.01...20), "Turns in a second.", standard: "1"),
      Field("phase", .number(-1...1), "Turns it is ahead.", standard: "0"),
    ])

  static let arrival = Form(
    "arrival", "How a layer comes.",
    [
      Field("kind", .choice(Arrival.Kind.allCases.map(\.rawValue)), "The way.", isRequired: true),
      Field("delay", .length, "After the layer's `from`.", standard: "0s"),
      Field("duration", .length, "Of each piece.", standard: "500ms"),
      Field("easing", .easing, "What suits the kind when absent."),
      Field(
        "distance", .number(0...2000),
        "Units that rise, drop and slide come from; never from outside the safe zone when absent."),
      Field(
        "by", .choice(Pieces.allCases.map(\.rawValue)), "Text in pieces that follow each other.",
        standard: "layer"),
      Field("stagger", .length, "From one piece to the next.", standard: "70ms"),
    ])

  static let departure = Form(
    "departure", "How a layer goes; it is gone at its `until`, or when the next scene begins.",
    [
      Field(
        "kind", .choice(Arrival.Kind.allCases.map(\.rawValue)), "The arrival that runs backwards.",
        isRequired: true),
      Field("duration", .length, "How long it takes.", standard: "350ms"),
      Field("easing", .easing, "What suits the kind when absent."),
      Field("distance", .number(0...2000), "Units that rise, drop and slide go.", standard: "60"),
    ])

  static let mask = Form(
    "mask", "The layer shows only where the mask does. One of `shape`, `asset` and `layer`.",
    [
      Field("shape", .choice(MaskShape.allCases.map(\.rawValue)), "Over the layer's own box."),
      Field(
        "asset", .text(1...200),
        "A picture stretched over the layer's box; its opacity counts, or its lightness where it has none."),
      Field("layer", .text(1...80), "The id of a layer of this scene, which is then hidden."),
      Field("invert", .flag, "Shows where the mask does not.", standard: "false"),
      Field("feather", .number(0...400), "Units over which the mask's edge is soft.", standard: "0"),
      Field("still", .flag, "The mask stays where it is while the layer moves.", standard: "false"),
    ])

  static let shadow = Form(
    "shadow", "A soft shadow.",
    [
      Field("radius", .number(0...200), "Units of blur.", standard: "24"),
      Field("drop", .number(-200...200), "Units down.", standard: "10"),
      Field("colour", .colour, "Its colour.", standard: "dark"),
      Field("opacity", .number(Form.unit), "Its density.", standard: "0.4"),
    ])

  static let override = Form(
    "override", "What is different in pictures of one shape.",
    [
      Field("hidden", .flag, "Not shown there.", standard: "false"),
      Field("anchor", .choice(Anchor.allCases.map(\.rawValue)), "Instead of the layer's."),
      Field("x", .measure, "Instead of the layer's."),
      Field("y", .measure, "Instead of the layer's."),
      Field("width", .measure, "Instead of the layer's."),
      Field("height", .measure, "Instead of the layer's."),
      Field("size", .shortForm("size", .number(8...600)), "Instead of the layer's."),
      Field("align", .choice(TextLayer.Alignment.allCases.map(\.rawValue)), "Instead of the layer's."),
    ])

  static let cue = Form(
    "cue", "One caption.",
    [
      Field("from", .moment, "When it appears.", isRequired: true),
      Field("until", .moment, "When it is gone.", isRequired: true),
      Field("text", .text(1...200), "Its words.", isRequired: true),
    ])

  static let run = Form(
    "run", "A stretch of text with a look of its own.",
    [
      Field("text", .text(1...2000), "Its words, with the spaces between runs.", isRequired: true),
      Field("weight", .choice(TextLayer.Weight.allCases.map(\.rawValue)), "Instead of the layer's."),
      Field("colour", .colour, "Instead of the layer's."),
      Field("font", .word(["headline", "body"]), "Instead of the layer's."),
      Field("scale", .number(0.3...3), "Of the text's size.", standard: "1"),
      Field("italic", .flag, "Slanted.", standard: "false"),
      Field("underline", .flag, "A line below.", standard: "false"),
      Field("strike", .flag, "A line through.", standard: "false"),
    ])

  static let size = Form(
    "size", "Text is as large as fits between these, in units.",
    [
      Field("min", .number(8...600), "Below it the text is refused.", isRequired: true),
      Field("max", .number(8...600), "What it is where there is room.", isRequired: true),
    ])

  static let panel = Form(
    "panel", "A plate behind the words.",
    [
      Field("fill", .shortForm("gradient-fill", .colour), "Its colour.", standard: "dark"),
      Field("opacity", .number(Form.unit), "Of the plate alone.", standard: "1"),
      Field("radius", .number(0...500), "Of its corners, in units.", standard: "24"),
      Field("padding", .number(0...300), "Units around the words.", standard: "36"),
    ])

  static let border = Form(
    "border", "A line along the edge.",
    [
      Field("colour", .colour, "Its colour.", standard: "light"),
      Field("width", .number(0.5...80), "Units.", standard: "4"),
    ])

  static let gradient = Form(
    "gradient-fill", "Two colours running into each other.",
    [
      Field("from", .colour, "At the start.", isRequired: true),
      Field("to", .colour, "At the end.", isRequired: true),
      Field("angle", .number(-360...360), "Degrees clockwise from left to right.", standard: "90"),
    ])

  static let framing = Form(
    "framing", "A part of a picture.",
    [
      Field("x", .number(Form.unit), "The point brought to the middle, from the left.", standard: "0.5"),
      Field("y", .number(Form.unit), "From the top.", standard: "0.5"),
      Field("zoom", .number(1...4), "How much closer than just covering.", standard: "1"),
    ])

  static let zoom = Form(
    "zoom", "A slow move from one framing to another (Ken Burns), over the whole scene.",
    [
      Field("from", .form("framing"), "The whole picture when absent."),
      Field("to", .form("framing"), "The whole picture when absent."),
      Field("easing", .easing, "Its course; soft ends but never standing when absent."),
    ])

  static let stop = Form(
    "stop", "A colour of a gradient.",
    [
      Field("at", .number(Form.unit), "Where, from 0 to 1.", isRequired: true),
      Field("colour", .colour, "Which.", isRequired: true),
    ])
}
