import Documents

extension CompositionLayer {
  static let kinds = Forms.layers.map(\.name)

  /// Kinds a stack may hold: those with a size of their own.
  private static let stackable = ["text", "image", "footage", "svg", "shape", "badge", "button", "card"]

  init(_ node: DocumentNode, _ clock: DocumentClock, isStacked: Bool = false) {
    let allowed = isStacked ? Self.stackable : Self.kinds
    let kind = node.mapping().require("kind").known(in: allowed, what: "layer")
    // Of a kind nobody knows, no key is called unknown.
    let word = node.mapping().optional("kind").map { $0.isScalar ? $0.string() : "" }
    let others = word.map(allowed.contains) == true ? [] : node.mapping().keys
    let reader = FormReader(node, Forms.layer(kind), clock, also: ["kind"] + others)
    self.init(reader, Kind(kind, reader))
    if isStacked {
      for key in ["anchor", "zone", "below", "gap"] where reader.map.has(key) {
        reader.map.optional(key)?.problem("means nothing inside a stack, which places its layers itself")
      }
    }
  }

  private init(_ reader: FormReader, _ kind: Kind) {
    let from = reader.moment("from") ?? 0
    let until = reader.moment("until")
    if let until, until <= from {
      reader.map.problem("is never to be seen: until (\(until)s) is not after from (\(from)s)")
    }
    var tracks = Actor.Tracks()
    tracks.opacity = reader.track("opacity")
    tracks.scale = reader.track("scale")
    tracks.rotation = reader.track("rotation")
    tracks.x = reader.track("move_x")
    tracks.y = reader.track("move_y")
    tracks.blur = reader.track("blur")
    if case .button(let button) = kind, button.pulse > 0 {
      if reader.map.has("scale") { reader.map.problem("has both scale and pulse; one is enough") }
      tracks.scale = Track(wave: .init(low: 1, high: 1.06, rate: button.pulse, phase: 0))
    }
    place = reader.place
    id = reader.text("id")
    self.from = from
    self.until = until
    let isBoxed = reader.form.keys.contains("width")
    position = Position(
      anchor: reader.choice("anchor", Anchor.self), zone: reader.choice("zone", ZoneChoice.self),
      x: reader.measure("x"), y: reader.measure("y"), below: reader.text("below"),
      gap: reader.number("gap"), width: isBoxed ? reader.optionalMeasure("width") : nil,
      height: isBoxed && reader.form.keys.contains("height") ? reader.optionalMeasure("height") : nil)
    if isBoxed, position.width == nil, let standard = reader.form["width"].standard {
      position.width = Measure(standard)
    }
    for (key, measure) in [("width", position.width), ("height", position.height)] {
      if let measure, measure.pixels(of: 1, unit: 1) <= 0 {
        reader.map.optional(key)?.problem("must be more than nothing")
      }
    }
    motion = Motion(
      tracks: tracks, pivot: reader.choice("pivot", Anchor.self), enter: reader.enter(), leave: reader.leave()
    )
    blend = reader.choice("blend", BlendMode.self)
    mask = reader.mask()
    overrides = reader.overrides()
    self.kind = kind
    let ways = [("enter", motion.enter?.kind), ("leave", motion.leave?.kind)]
    for (key, way) in ways where !hasBox && !isWords {
      guard let way, way != .fade, way != .none else { continue }
      reader.map.optional(key)?.problem("a layer that fills the picture comes and goes by fade only")
    }
    if let enter = motion.enter, enter.by != .layer {
      if case .text(let text) = kind {
        if enter.by == .letter, text.runs.contains(where: { $0.isUnderlined || $0.isStruck }) {
          reader.map.optional("enter")?.problem(
            "letters that come one by one cannot be underlined or struck; use by: word")
        }
      } else {
        reader.map.optional("enter")?.problem("only text comes by line, word or letter")
      }
    }
  }
}

extension CompositionLayer {
  private var isWords: Bool { if case .captions = kind { true } else { false } }
}

extension CompositionLayer.Kind {
  init(_ kind: String, _ reader: FormReader) {
    switch kind {
    case "text": self = .text(TextBlock(reader))
    case "image":
      self = .image(
        ImageBox(
          asset: reader.text("asset") ?? "", isWhole: reader.word("fit") == "contain",
          radius: reader.number("radius"), border: reader.border(), shadow: reader.shadow(),
          zoom: reader.zoom()))
    case "footage": self = .footage(FootageBox(reader))
    case "svg":
      let (asset, source) = (reader.text("asset"), reader.text("source"))
      if (asset == nil) == (source == nil) { reader.map.problem("must have either asset or source") }
      self = .svg(Drawing(asset: asset, source: source, shadow: reader.shadow()))
    case "shape":
      let figure = Figure(
        shape: reader.choice("shape", ShapeChoice.self), fill: reader.optionalFill("fill"),
        border: reader.border(), radius: reader.number("radius"), points: reader.whole("points"),
        shadow: reader.shadow())
      if figure.fill == nil, figure.border == nil {
        reader.map.problem("has neither fill nor border, so nothing would show")
      }
      self = .shape(figure)
    case "badge":
      self = .badge(
        Badge(
          text: reader.text("text") ?? "", shape: reader.choice("shape", BadgeShape.self),
          size: reader.number("size"), fill: reader.fill("fill"), colour: reader.optionalColour("colour"),
          border: reader.border(), shadow: reader.shadow(), lettering: reader.lettering("headline", .bold)))
    case "button":
      self = .button(
        Button(
          text: reader.text("text") ?? "", size: reader.size("size") ?? SizeRange(smallest: 28, largest: 46),
          fill: reader.fill("fill"), colour: reader.optionalColour("colour"),
          radius: reader.optionalNumber("radius"), pulse: reader.number("pulse"), border: reader.border(),
          shadow: reader.shadow(), lettering: reader.lettering("body", .semibold)))
    case "card": self = .card(Card(reader))
    case "captions": self = .captions(Captions(reader))
    case "stack":
      self = .stack(
        Stack(
          layers: reader.map.list("layers", count: 1...24) {
            CompositionLayer($0, reader.clock, isStacked: true)
          }, isAcross: reader.word("direction") == "across", gap: reader.optionalNumber("gap_between"),
          align: reader.optionalChoice("align", TextLayer.Alignment.self)))
    case "flow":
      self = .flow(
        arrangement: reader.choice("arrangement", Scene.Arrangement.self),
        layers: reader.map.list("layers", count: 1...40) { Layer($0) })
    case "photo": self = .photo(asset: reader.text("asset") ?? "", zoom: reader.zoom())
    default: self = .backdrop(BackdropChoice(kind, reader))
    }
  }
}

extension FootageBox {
  /// Of a layer, or of a background, whose form has no box.
  init(_ reader: FormReader) {
    let isBoxed = reader.form.keys.contains("fit")
    let (from, until) = (reader.length("clip_from"), reader.optionalLength("clip_until"))
    if let until, until <= from {
      reader.value("clip_until")?.problem(
        "must come after clip_from (\(seconds(from))), but is \(seconds(until)): nothing would play")
    }
    let zoom = reader.zoom()
    if zoom != nil, reader.map.has("framing") {
      reader.map.optional("framing")?.problem("is what zoom says from and to; leave one of them away")
    }
    self.init(
      asset: reader.text("asset") ?? "", coversPicture: !isBoxed,
      isWhole: isBoxed && reader.word("fit") == "contain", framing: reader.framing("framing"),
      radius: isBoxed ? reader.number("radius") : 0, border: isBoxed ? reader.border() : nil,
      shadow: isBoxed ? reader.shadow() : nil, zoom: zoom, from: from, until: until,
      speed: reader.number("speed"), repeats: reader.choice("loop", Track.Repeat.self),
      volume: reader.number("volume"))
    if volume > 0, speed != 1 || repeats == .mirror {
      reader.value("volume")?.problem("a clip is heard at its own speed and forwards only; leave it away")
    }
  }
}

extension TextBlock {
  init(_ reader: FormReader) {
    let text = reader.text("text")
    var runs: [Run] = []
    if let node = reader.value("runs") {
      if text != nil { reader.map.problem("has both text and runs; one is enough") }
      runs = node.list(count: 1...60) { node in
        let run = FormReader(node, Forms.run, reader.clock)
        return Run(
          text: run.text("text") ?? "", weight: run.optionalChoice("weight", TextLayer.Weight.self),
          colour: run.optionalColour("colour"), font: run.text("font"), scale: run.number("scale"),
          isItalic: run.flag("italic"), isUnderlined: run.flag("underline"), isStruck: run.flag("strike"))
      }
    } else if let text {
      runs = [Run(text: text)]
    } else {
      reader.map.problem("must have either text or runs")
    }
    let size = reader.size("size") ?? SizeRange(smallest: 36, largest: 96)
    self.init(
      runs: runs,
      lettering: reader.lettering(
        size.largest >= 60 ? "headline" : "body", size.largest >= 60 ? .bold : .medium,
        tracking: size.largest >= 60 ? -0.018 : 0),
      size: size, maximumLines: reader.optionalWhole("lines"), lineHeight: reader.number("line_height"),
      align: reader.optionalChoice("align", TextLayer.Alignment.self),
      colour: reader.optionalColour("colour"), isUppercase: reader.flag("uppercase"),
      panel: reader.reader("panel", Forms.panel).map {
        Panel(
          fill: $0.fill("fill"), opacity: $0.number("opacity"), radius: $0.number("radius"),
          padding: $0.number("padding"))
      }, outline: reader.border("outline"), shadow: reader.shadow())
    if self.text.allSatisfy(\.isWhitespace), !runs.isEmpty {
      reader.map.problem("has no letters, only space")
    }
  }
}

extension Card {
  init(_ reader: FormReader) {
    self.init(
      asset: reader.text("asset") ?? "", title: reader.text("title") ?? "", text: reader.text("text"),
      price: reader.text("price"), was: reader.text("was"), isCovering: reader.word("fit") == "cover",
      fill: reader.fill("fill"), colour: reader.optionalColour("colour"),
      priceColour: reader.optionalColour("price_colour"), radius: reader.number("radius"),
      shadow: reader.shadow())
  }
}

extension Captions {
  init(_ reader: FormReader) {
    let cues = reader.map.list("cues", count: 1...400) { node in
      let cue = FormReader(node, Forms.cue, reader.clock)
      return (
        node: node,
        cue: Cue(
          place: cue.place, from: cue.moment("from") ?? 0, until: cue.moment("until") ?? 1,
          text: cue.text("text") ?? "")
      )
    }
    for item in cues where item.cue.until - item.cue.from < 0.1 {
      item.node.problem("shows for less than 100ms: until must come after from")
    }
    for (earlier, later) in zip(cues, cues.dropFirst()) where later.cue.from < earlier.cue.until - 1e-9 {
      later.node.problem(
        "begins at \(later.cue.from)s, before the caption before it ends (\(earlier.cue.until)s)")
    }
    self.init(
      cues: cues.map(\.cue), style: reader.choice("style", CaptionStyle.self),
      size: reader.size("size") ?? SizeRange(smallest: 30, largest: 52), colour: reader.colour("colour"),
      highlight: reader.colour("highlight"), fill: reader.colour("fill"),
      lettering: reader.lettering("body", .bold))
  }
}

extension BackdropChoice {
  /// Of a kind that is one of these; anything else reads as a colour.
  init(_ kind: String, _ reader: FormReader) {
    switch kind {
    case "gradient": self = Self.gradient(reader)
    case "mesh":
      self = .mesh(
        ground: reader.colour("ground"), colours: reader.colours("colours"), speed: reader.number("speed"))
    case "noise":
      self = .noise(
        colours: reader.colours("colours"), scale: reader.number("scale"), speed: reader.number("speed"))
    case "particles":
      self = .particles(
        form: reader.choice("form", ParticleField.Form.self), count: reader.whole("count"),
        size: reader.number("size"), speed: reader.number("speed"), colours: reader.colours("colours"))
    case "grade":
      self = .grade(
        exposure: reader.number("exposure"), temperature: reader.number("temperature"),
        contrast: reader.number("contrast"), saturation: reader.number("saturation"),
        shadows: reader.optionalColour("shadows"), highlights: reader.optionalColour("highlights"),
        toning: reader.number("toning"))
    case "grain": self = .grain(strength: reader.number("strength"), rate: reader.number("rate"))
    case "vignette":
      self = .vignette(
        colour: reader.colour("colour"), strength: reader.number("strength"), start: reader.number("start"))
    case "defocus": self = .defocus(reader.track("radius"))
    default: self = .colour(reader.colour("colour"))
    }
  }

  private static func gradient(_ reader: FormReader) -> BackdropChoice {
    var stops: [Stop] = []
    let (from, to) = (reader.optionalColour("from"), reader.optionalColour("to"))
    if let node = reader.value("stops") {
      if from != nil || to != nil { reader.map.problem("has stops as well as from and to; one is enough") }
      stops = node.list(count: 2...12) { node in
        let stop = FormReader(node, Forms.stop, reader.clock)
        return Stop(at: stop.number("at"), colour: stop.colour("colour"))
      }
      for (a, b) in zip(stops, stops.dropFirst()) where b.at < a.at {
        node.problem("stops must be in their order from 0 to 1")
      }
    } else if let from, let to {
      stops = [Stop(at: 0, colour: from), Stop(at: 1, colour: to)]
    } else {
      reader.map.problem("must have from and to, or stops")
    }
    return .gradient(
      form: reader.choice("form", GradientField.Form.self), stops: stops, angle: reader.track("angle"),
      centreX: reader.number("centre_x"), centreY: reader.number("centre_y"), reach: reader.number("reach"))
  }
}
