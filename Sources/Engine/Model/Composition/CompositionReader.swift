public import Documents

extension Composition {
  /// Reads a composition strictly: every problem with its line and column, all at once.
  ///
  /// - Throws: `DocumentError`.
  public init(document: Document) throws {
    self = try document.read { Composition($0, name: document.name) }
  }

  init(_ node: DocumentNode, name: String) {
    var clock = DocumentClock(tempo: 120)
    let root = FormReader(node, Forms.composition, clock)
    _ = root.map.require("schema").known(in: [Self.schema], what: "schema")
    var sound = SoundChoice(root)
    let tempo = root.optionalNumber("tempo")
    if let tempo, let music = sound.tempo, tempo != music {
      root.value("tempo")?.problem(
        "is \(tempo), but the music's is \(music); leave one away, so that beats fall on the music's")
    }
    clock.tempo = tempo ?? sound.tempo ?? 120
    sound.readVoice(root.timed(clock))
    var scenes = SceneReader(clock: clock)
    let read = root.map.list("scenes", count: 1...60) { scenes.read($0) }
    let end = read.last?.until ?? 0
    if end > Self.longest + 0.001 {
      root.value("scenes")?.problem("last \(seconds(end)) together; \(seconds(Self.longest)) is the most")
    }
    let timed = root.timed(clock)
    if let wish = timed.optionalLength("duration"), abs(wish - end) > 0.001, !read.isEmpty {
      timed.value("duration")?.problem("is \(seconds(wish)), but the last scene ends at \(seconds(end))")
    }
    let layers = root.map.optionalList("layers", count: 0...40) { CompositionLayer($0, clock) }
    Self.checkReferences(layers, root.value("layers"))
    self.init(
      document: name, title: root.text("title"), seed: root.whole("seed"),
      language: root.text("language") ?? "en", palette: Self.palette(root), fonts: Self.fonts(root),
      tempo: clock.tempo, sound: sound, scenes: read, layers: layers)
  }

  private static func palette(_ root: FormReader) -> Palette {
    guard let map = root.reader("palette", Forms.palette) else {
      func standard(_ key: String) -> Colour { Forms.palette[key].standard.flatMap { Colour($0) } ?? .black }
      return Palette(
        primary: standard("primary"), secondary: standard("secondary"), accent: standard("accent"),
        light: standard("light"), dark: standard("dark"))
    }
    return Palette(
      primary: map.paint("primary"), secondary: map.paint("secondary"), accent: map.paint("accent"),
      light: map.paint("light"), dark: map.paint("dark"))
  }

  private static func fonts(_ root: FormReader) -> Fonts {
    guard let map = root.reader("fonts", Forms.fonts) else { return Fonts() }
    let standard = Fonts()
    return Fonts(headline: map.text("headline") ?? standard.headline, body: map.text("body") ?? standard.body)
  }
}

/// `3.5s`, for messages.
func seconds(_ value: Double) -> String { TimeSpan.seconds(value).description }

/// Reads scenes one after the other, working out where each begins.
private struct SceneReader {
  var clock: DocumentClock
  /// Where the scene before ends by its own words.
  private var end: Double?
  /// When the scene before is wholly there.
  private var settled = 0.0

  init(clock: DocumentClock) {
    self.clock = clock
  }

  mutating func read(_ node: DocumentNode) -> CompositionScene {
    clock.origin = 0
    let reader = FormReader(node, Forms.scene, clock)
    let before = end
    let from = reader.moment("from") ?? before ?? 0
    let until = self.until(reader, from)
    end = until
    let transition = transition(reader, from: from, before: before)
    if before == nil, from > 0.001 {
      reader.map.problem("is the first scene, so it must begin at 0s, not at \(seconds(from))")
    }
    if before != nil, from < settled - 0.001 {
      reader.map.problem(
        "begins at \(seconds(from)), but the scene before is wholly there only at \(seconds(settled))")
    }
    settled = from + max(transition.duration, 0.1)
    if transition.duration > until - from + 0.001 {
      reader.value("transition")?.problem(
        "lasts \(seconds(transition.duration)), longer than the scene (\(seconds(until - from)))")
    }
    clock.origin = from
    let layered = reader.timed(clock)
    var layers = [background(layered)]
    layers += layered.map.optionalList("layers", count: 0...60) { CompositionLayer($0, clock) }
    for layer in layers where layer.from >= until - from {
      layered.map.problem(
        "holds a layer (line \(layer.place.line)) that begins at \(seconds(layer.from)), when the scene is over"
      )
    }
    Composition.checkReferences(layers, layered.value("layers"))
    return CompositionScene(
      place: layered.place, name: layered.text("name"), from: from, until: until, transition: transition,
      layers: layers)
  }

  private func until(_ reader: FormReader, _ from: Double) -> Double {
    let (until, duration) = (reader.moment("until"), reader.optionalLength("duration"))
    if (until == nil) == (duration == nil) {
      reader.map.problem("must have either duration or until, so that it is known when it ends")
    }
    let end = until ?? from + (duration ?? 1)
    if end - from < 0.1 {
      reader.map.problem(
        "lasts \(seconds(max(0, end - from))); a scene must be seen for 100ms at least")
      return from + 0.1
    }
    return end
  }

  /// Where scenes overlap by their own words, the overlap is the transition; else it plays over the first
  /// part of the new scene.
  private mutating func transition(
    _ reader: FormReader, from: Double, before: Double?
  ) -> CompositionScene.Transition {
    let node = reader.value("transition")
    let overlap = before.map { $0 - from } ?? 0
    let map = node.flatMap { $0.isMapping ? FormReader($0, Forms.transition, clock) : nil }
    let kind = map?.word("kind") ?? node?.known(in: TransitionChoice.names, what: "transition") ?? "cut"
    if let before, overlap < -0.001 {
      reader.map.problem(
        "begins at \(seconds(from)), but the scene before ends at \(seconds(before)): nothing would show between"
      )
    }
    guard kind != "cut" else {
      if before != nil, overlap > 0.001 {
        reader.map.problem(
          "begins \(seconds(overlap)) before the scene before it ends, but a cut has no overlap: "
            + "let it begin at \(seconds(from + overlap)), or give it a transition")
      }
      if let length = map?.optionalLength("duration"), length > 0 {
        map?.value("duration")?.problem("a cut takes no time")
      }
      return .cut
    }
    if before == nil { node?.problem("must be a cut, for there is no scene before the first") }
    let wish = map?.optionalLength("duration")
    let length = overlap > 0.001 ? overlap : wish ?? 0.5
    if let wish, overlap > 0.001, abs(wish - overlap) > 0.001 {
      map?.value("duration")?.problem("is \(seconds(wish)), but the scenes overlap by \(seconds(overlap))")
    }
    if length < 0.03 { node?.problem("takes \(seconds(length)), less than a frame; use a cut") }
    let asset = map?.text("asset")
    if asset != nil, kind != "luma" { map?.value("asset")?.problem("means something for luma only") }

    return CompositionScene.Transition(
      kind: kind, duration: length, easing: map?.easing("easing") ?? .power(3, .both),
      direction: map?.choice("direction", Passage.Direction.self) ?? .left,
      softness: map?.number("softness") ?? 0.12, asset: asset,
      pattern: map?.choice("pattern", LumaPattern.self) ?? .clouds)
  }

  private func background(_ scene: FormReader) -> CompositionLayer {
    guard let node = scene.value("background") else {
      return CompositionLayer(backdrop: .colour(.dark), at: scene.place)
    }
    let kind = node.mapping().require("kind").known(in: Forms.backgrounds.map(\.name), what: "background")
    let reader = FormReader(node, Forms.background(kind), clock, also: ["kind"])
    var layer = CompositionLayer(backdrop: .colour(.dark), at: reader.place)
    layer.kind = CompositionLayer.Kind(kind, reader)
    return layer
  }
}

extension CompositionLayer {
  init(backdrop: BackdropChoice, at place: Place) {
    self.place = place
    from = 0
    position = Position()
    motion = Motion()
    blend = .normal
    overrides = []
    kind = .backdrop(backdrop)
  }
}
