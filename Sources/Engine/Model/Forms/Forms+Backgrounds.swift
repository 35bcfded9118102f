extension Forms {
  /// Each may also be a layer, over others, masked or blended.
  static let backgrounds = [
    Form(
      "colour", "One colour.",
      [Field("colour", .colour, "Which.", standard: "dark")]),
    Form(
      "gradient", "Colours running into each other, without bands.",
      [
        Field("from", .colour, "The first colour, when `stops` is absent."),
        Field("to", .colour, "The last colour, when `stops` is absent."),
        Field("stops", .list(.form("stop"), 2...12), "Colours in their order."),
        Field(
          "form", .choice(GradientField.Form.allCases.map(\.rawValue)), "Along a line or around a point.",
          standard: "linear"),
        Field(
          "angle", .track(-36_000...36_000), "Degrees clockwise from left to right; keys turn it. linear.",
          standard: "90"),
        Field("centre_x", .number(-1...2), "Share of the width. radial.", standard: "0.5"),
        Field("centre_y", .number(-1...2), "Share of the height. radial.", standard: "0.5"),
        Field("reach", .number(0.05...4), "Shares of half the longer side. radial.", standard: "1.2"),
      ]),
    Form(
      "mesh", "Soft lights wandering over a ground.",
      [
        Field("ground", .colour, "Beneath the lights.", standard: "primary"),
        Field("colours", .list(.colour, 1...8), "One light each.", isRequired: true),
        Field("speed", .number(0...8), "1 is calm, 0 stands still.", standard: "1"),
      ]),
    Form(
      "noise", "Slow clouds.",
      [
        Field("colours", .list(.colour, 2...6), "From the lows to the highs.", isRequired: true),
        Field("scale", .number(0.3...12), "Clouds across the longer side.", standard: "2.2"),
        Field("speed", .number(0...8), "Changes in a second.", standard: "0.25"),
      ]),
    Form(
      "photo", "A picture that covers everything.",
      [
        Field("asset", .text(1...200), "SVG, PNG, JPEG or WebP.", isRequired: true),
        Field("zoom", .form("zoom"), "A slow move; none when absent."),
      ]),
    Form("footage", "A clip that covers everything.", clip),
  ]

  /// What footage says of its clip, in a box or not.
  static let clip: [Field] = [
    Field(
      "asset", .text(1...200), "A video: any container and coding libavcodec reads, GIF too.",
      isRequired: true),
    Field("clip_from", .length, "Where in the clip it begins.", standard: "0s"),
    Field("clip_until", .length, "Where in the clip it ends; with the clip when absent."),
    Field("speed", .number(0.05...16), "Clip seconds in a second.", standard: "1"),
    Field(
      "loop", .choice(Track.Repeat.allCases.map(\.rawValue)),
      "At the clip's end: its last frame stays, it begins again, or it runs back and forth.", standard: "no"),
    Field(
      "volume", .number(0...4), "Of its own sound, as a factor; heard at its own speed and forwards only.",
      standard: "0"),
    Field("framing", .form("framing"), "What to keep of a clip that is cut to its box."),
    Field("zoom", .form("zoom"), "A slow move; none when absent."),
  ]

  /// A background's form: `footage` is also a layer with a box, whose form has more.
  static func background(_ kind: String) -> Form {
    backgrounds.first { $0.name == kind } ?? named(kind)
  }
}
