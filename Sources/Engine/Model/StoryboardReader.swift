public import Documents

extension Storyboard {
  /// Reads a storyboard strictly, with every problem's line and column.
  ///
  /// - Throws: `DocumentError`.
  public init(document: Document) throws {
    self = try document.read { Storyboard($0) }
  }

  /// Reads the storyboard at `node`, for documents that contain one.
  public init(_ node: DocumentNode) {
    let map = node.mapping(allowed: [
      "schema", "duration", "seed", "language", "palette", "fonts", "scenes", "music", "voice",
    ])
    _ = map.require("schema").known(in: [Self.schema], what: "schema")
    let colours = map.mapping("palette", allowed: ["primary", "secondary", "accent", "light", "dark"])
    let fonts = map.optionalMapping("fonts", allowed: ["headline", "body"])
    let standard = Fonts()
    self.init(
      duration: map.timeSpan("duration", in: .seconds(1) ... .seconds(180)),
      seed: map.optionalInt("seed", in: 0...Int(Int32.max)) ?? 1,
      language: map.optionalString("language", length: 2...35) ?? "en",
      palette: Palette(
        primary: colours.require("primary").colour(), secondary: colours.require("secondary").colour(),
        accent: colours.require("accent").colour(),
        light: colours.optional("light")?.colour() ?? .white, dark: colours.require("dark").colour()),
      fonts: Fonts(
        headline: fonts?.optionalString("headline", length: 1...100) ?? standard.headline,
        body: fonts?.optionalString("body", length: 1...100) ?? standard.body),
      scenes: map.list("scenes", count: 1...60) { Scene($0) })
    readSound(map)
    let total = scenes.reduce(TimeSpan.zero) { $0 + $1.duration }
    if total != duration, !scenes.isEmpty {
      map.require("duration").problem("is \(duration), but the scenes last \(total) together")
    }
    if let first = scenes.first, first.transition.kind != .cut {
      map.problem("scenes[0].transition must be a cut, for there is no scene before it")
    }
  }
}

extension Storyboard {
  private mutating func readSound(_ map: DocumentMapping) {
    if let node = map.optional("music"), node.isMapping, node.mapping().keys.contains("asset") {
      recording = MusicTrack(node)
    } else {
      music = map.optionalMapping("music", allowed: ["mood", "tempo", "seed"]).map { music in
        Music(
          mood: music.oneOf("mood", Music.Mood.self, what: "mood"),
          tempo: music.int("tempo", in: 60...180),
          seed: music.optionalInt("seed", in: 0...Int(Int32.max)) ?? 1)
      }
    }
    let tempo = music.map { Double($0.tempo) } ?? recording?.tempo ?? 120
    voice = VoiceLine.list(
      map.optionalList("voice", count: 1...60) { $0 }, language: language, clock: DocumentClock(tempo: tempo))
  }
}

extension Scene {
  init(_ node: DocumentNode) {
    let map = node.mapping(allowed: ["duration", "transition", "background", "arrangement", "layers"])
    let length = map.timeSpan("duration", in: .milliseconds(300) ... .seconds(180))
    let transition = map.optionalMapping("transition", allowed: ["kind", "duration"]).map { into in
      let kind = into.oneOf("kind", Transition.Kind.self, what: "transition")
      guard kind != .cut else { return Transition.cut }
      return Transition(
        kind: kind,
        duration: into.timeSpan("duration", in: .milliseconds(100)...max(.milliseconds(100), length)))
    }
    self.init(
      duration: length, transition: transition ?? .cut, background: Background(map.require("background")),
      arrangement: map.optionalOneOf("arrangement", Arrangement.self, what: "arrangement") ?? .stack,
      layers: map.optionalList("layers", count: 0...40) { Layer($0) })
  }
}

extension Background {
  init(_ node: DocumentNode) {
    let kinds: [String: [String]] = [
      "colour": ["colour"], "gradient": ["from", "to", "angle", "glow"], "photo": ["asset", "from", "to"],
    ]
    let kind = node.mapping().oneOf("kind", Kind.self, what: "background")
    let map = node.mapping(allowed: ["kind"] + (kinds[kind.rawValue] ?? []))
    switch kind {
    case .colour:
      self = .colour(map.require("colour").colourReference())
    case .gradient:
      self = .gradient(
        GradientBackground(
          from: map.require("from").colourReference(), to: map.require("to").colourReference(),
          angle: map.optionalDouble("angle", in: -360...360) ?? 90,
          glow: map.optional("glow")?.colourReference()))
    case .photo:
      self = .photo(
        PhotoBackground(
          asset: map.string("asset", length: 1...200),
          from: map.optional("from").map { .init($0) } ?? .init(),
          to: map.optional("to").map { .init($0) } ?? .init(zoom: 1.12)))
    }
  }
}

extension PhotoBackground.Framing {
  init(_ node: DocumentNode) {
    let map = node.mapping(allowed: ["x", "y", "zoom"])
    self.init(
      x: map.optionalDouble("x", in: 0...1) ?? 0.5, y: map.optionalDouble("y", in: 0...1) ?? 0.5,
      zoom: map.optionalDouble("zoom", in: 1...2) ?? 1)
  }
}

extension DocumentNode {
  /// `#RRGGBB` or `#RRGGBBAA`.
  public func colour() -> Colour {
    parsed("a colour like \"#1A2B3C\"", standIn: .black) { Colour($0) }
  }

  /// A palette name or a colour.
  func colourReference() -> ColourReference {
    let names = ColourReference.names.map(\.name).joined(separator: ", ")
    return parsed("one of \(names) or a colour like \"#1A2B3C\"", standIn: .dark) { ColourReference($0) }
  }
}
