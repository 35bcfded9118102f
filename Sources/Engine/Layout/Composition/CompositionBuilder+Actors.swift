import CDrawing

extension CompositionBuilder {
  /// What a scene's layers become, and what of it must stay in the safe zone.
  struct Cast {
    var actors: [Actor] = []
    var ink: [Rectangle] = []
    /// Words and the first actor that shows them.
    var told: [(words: SceneWords, actor: Int)] = []
    /// Boxes in the safe zone and the first actor that fills them.
    var noted: [(box: Rectangle, actor: Int)] = []
    /// The actor of a layer that has exactly one, by the layer's index: for masks.
    var single: [Int: Int] = [:]
    /// Every layer's actors, by the layer's index.
    var members: [Int: Range<Int>] = [:]
  }

  /// How long the scene is: its layers' departures end there.
  struct SceneTime {
    /// Seconds until the next scene begins to come in.
    var length: Double
    /// Seconds for which it can be seen at all.
    var visible: Double
  }

  mutating func cast(_ layers: [CompositionLayer], _ time: SceneTime) throws(EngineError) -> Cast {
    let layers = layers.compactMap { $0.adapted(to: shape) }
    let boxed = layers.filter(\.hasBox)
    let boxedIndex = layers.indices.filter { layers[$0].hasBox }
    let placed = try placed(boxed)
    var cast = Cast()
    for (index, layer) in layers.enumerated() {
      let first = cast.actors.count
      switch layer.kind {
      case .backdrop(let choice): cast.actors.append(try backdrop(choice, layer, time))
      case .photo(let asset, let zoom): cast.actors.append(try photo(asset, zoom, layer, time))
      case .footage(let footage) where footage.coversPicture:
        try add(footage, layer, time, to: &cast)
      case .captions(let captions): try add(captions, layer, time, to: &cast)
      case .flow(let arrangement, let inner):
        try add(flow: inner, arrangement, layer, time, under: layers[..<index], to: &cast)
      default:
        if let at = boxedIndex.firstIndex(of: index), let found = placed[at] {
          try add(found.measured, at: found.box, layer, time, to: &cast)
        }
      }
      cast.members[index] = first..<cast.actors.count
      if cast.actors.count == first + 1 { cast.single[index] = first }
      if let mask = layer.mask {
        try apply(mask, of: layer, from: first, layers, placedBox(index, boxedIndex, placed), to: &cast)
      }
    }
    try linkMasks(layers, &cast)
    return cast
  }

  private func placedBox(_ index: Int, _ boxed: [Int], _ placed: [Int: Placed]) -> Rectangle {
    boxed.firstIndex(of: index).flatMap { placed[$0]?.box } ?? full
  }

  /// The actors of one measured layer; `outer` moves with it when it stands in a stack.
  private mutating func add(
    _ measured: Measured, at box: Rectangle, _ layer: CompositionLayer, _ time: SceneTime,
    to cast: inout Cast
  ) throws(EngineError) {
    if case .stack(let children) = measured.content {
      for (child, x, y) in children {
        let inside = Rectangle(
          x: (box.x + x + child.layer.position.x.pixels(of: box.width, unit: unit)).rounded(),
          y: (box.y + y + child.layer.position.y.pixels(of: box.height, unit: unit)).rounded(),
          width: child.width, height: child.height)
        try add(child, at: inside, child.layer.inside(layer), time, to: &cast)
      }
      return
    }
    var art = LayerArt(palette: composition.palette, unit: unit)
    art.density = density(layer)
    var looks: [(painted: LayerArt.Painted, order: Int)] = []
    var words: [SetWords] = []
    switch measured.content {
    case .text(let set, let text):
      return try add(set, text, measured, at: box, layer, time, art, to: &cast)
    case .image(let picture, let image):
      if let zoom = image.zoom {
        return try add(picture, image, zoom, at: box, layer, time, art, to: &cast)
      }
      looks = [(try still(picture, image, box, layer, art), 0)]
    case .footage(_, let footage): return try add(footage, at: box, layer, time, art, to: &cast)
    case .svg(let picture, let drawing):
      let bitmap = try rasterised(
        picture, asset: "", width: box.width * art.density, height: box.height * art.density, at: layer.place)
      let image = ImageBox(asset: "", isWhole: true, radius: 0, shadow: drawing.shadow)
      looks = [(try art.image(bitmap, image, width: box.width, height: box.height), 0)]
    case .shape(let figure):
      looks = [(try art.figure(figure, width: box.width, height: box.height), 0)]
    case .badge(let set, let badge):
      looks = [(try art.badge(set, badge, width: box.width, height: box.height), 0)]
      words = [
        centred(
          set, badge.text, badge.lettering, art.ink(badge.colour, on: badge.fill), in: box,
          shift: badge.shape == .tag ? box.height * 0.12 : 0)
      ]
    case .button(let set, let button):
      looks = [(try art.button(set, button, width: box.width, height: box.height), 0)]
      words = [
        centred(set, button.text, button.lettering, art.ink(button.colour, on: button.fill), in: box)
      ]
    case .card(let plan, let card):
      let picture = try picture(card.asset, at: layer.place)
      let size = Self.fill(plan.picture, picture.aspect, isWhole: !card.isCovering)
      let bitmap = try rasterised(
        picture, asset: card.asset, width: size.width * art.density, height: size.height * art.density,
        at: layer.place)
      looks = [(try art.card(plan, card, picture: bitmap), 0)]
      words = plan.words.map { one in
        SetWords(
          set: one.set, text: one.set.string, weight: one.isQuiet ? .regular : .bold,
          colour: art.colour(of: one, on: card), x: box.x + one.x, y: box.y + one.y)
      }
    case .stack: break
    }
    let first = cast.actors.count
    for look in looks {
      var actor = actor(layer, box, time)
      actor.look = .bitmap(placed(look.painted, in: box, art.density))
      cast.actors.append(actor)
    }
    if measured.isRead { note(box, layer, from: first, to: &cast) }
    for one in words { tell(one, layer, from: first, to: &cast) }
  }

  /// Notes a box that is read or pressed, shown by the actors from `first` on.
  mutating func note(
    _ box: Rectangle, _ layer: CompositionLayer, from first: Int, to cast: inout Cast
  ) {
    cast.ink.append(box)
    if layer.position.zone != .picture { cast.noted.append((box: box, actor: first)) }
    let safe = layer.position.zone == .picture ? full : canvas.safe
    if !safe.contains(box, slack: 1) {
      warn(
        layer.place,
        "reaches outside the \(layer.position.zone == .picture ? "picture" : "safe zone") of \(placement.id)")
    }
  }

  /// Bitmaps are drawn larger where a layer grows, so that it stays sharp.
  func density(_ layer: CompositionLayer) -> Double {
    let largest = layer.motion.tracks.scale.range.upperBound
    return largest > 1.25 ? min(3, largest) : 1
  }

  /// The size at which a picture fills a box, or lies whole inside it with a little air.
  static func fill(_ box: Rectangle, _ aspect: Double, isWhole: Bool) -> (width: Double, height: Double) {
    let isWider = aspect > box.width / max(1, box.height)
    if isWhole {
      let air = 0.88
      return isWider
        ? (box.width * air, box.width * air / aspect) : (box.height * air * aspect, box.height * air)
    }
    return isWider ? (box.height * aspect, box.height) : (box.width, box.width / aspect)
  }

  private mutating func still(
    _ picture: PictureAsset, _ image: ImageBox, _ box: Rectangle, _ layer: CompositionLayer, _ art: LayerArt
  ) throws(EngineError) -> LayerArt.Painted {
    let isWider = picture.aspect > box.width / box.height
    let width = isWider ? box.height * picture.aspect : box.width
    let height = isWider ? box.height : box.width / picture.aspect
    let bitmap = try rasterised(
      picture, asset: image.asset, width: (image.isWhole ? box.width : width) * art.density,
      height: (image.isWhole ? box.height : height) * art.density, at: layer.place)
    return try art.image(bitmap, image, width: box.width, height: box.height)
  }

  mutating func placed(_ painted: LayerArt.Painted, in box: Rectangle, _ density: Double) -> Actor.Placed {
    Actor.Placed(
      bitmap: add(painted.bitmap), width: Double(painted.bitmap.width),
      height: Double(painted.bitmap.height), x: (box.x + painted.x).rounded(),
      y: (box.y + painted.y).rounded(), scale: 1 / density)
  }

  /// Words, whole or in pieces that follow each other.
  private mutating func add(
    _ set: TypesetText, _ text: TextBlock, _ measured: Measured, at box: Rectangle,
    _ layer: CompositionLayer, _ time: SceneTime, _ art: LayerArt, to cast: inout Cast
  ) throws(EngineError) {
    let ground = text.panel.map { composition.palette.readable(on: mean($0.fill)) }
    let ink = text.colour.map { colour($0) } ?? ground ?? readable
    let first = cast.actors.count
    note(box, layer, from: first, to: &cast)
    defer {
      let words = SetWords(
        set: set, text: text.text, weight: text.lettering.weight, scale: text.runs.map(\.scale).min() ?? 1,
        colour: inkColour(text, ink), x: box.x + (box.width - set.width) / 2,
        y: box.y + (box.height - set.height) / 2)
      tell(words, layer, from: first, to: &cast)
    }
    let by = layer.motion.enter?.by ?? .layer
    guard by != .layer else {
      var actor = actor(layer, box, time)
      let painted = try art.text(set, text, colour: ink, width: box.width, height: box.height)
      actor.look = .bitmap(placed(painted, in: box, art.density))
      cast.actors.append(actor)
      return
    }
    if let panel = try art.panel(text, width: box.width, height: box.height) {
      var actor = actor(layer, box, time)
      actor.arrival = actor.arrival.map {
        Arrival(kind: .fade, start: $0.start, duration: $0.duration, easing: .power(3, .end))
      }
      actor.look = .bitmap(placed(panel, in: box, art.density))
      cast.actors.append(actor)
    }
    let turns = !layer.motion.tracks.scale.isConstant || !layer.motion.tracks.rotation.isConstant
    for (number, piece) in set.pieces(by: by).enumerated() {
      let painted = try art.text(
        set, text, colour: ink, width: box.width, height: box.height, piece: piece)
      var actor = actor(layer, box, time, piece: number)
      let place = placed(painted, in: box, art.density)
      actor.look = .bitmap(place)
      if !turns {
        actor.pivotX = place.x + place.width * place.scale / 2
        actor.pivotY = place.y + place.height * place.scale / 2
      }
      cast.actors.append(actor)
    }
  }

  /// An actor of `layer` with everything but its look.
  func actor(
    _ layer: CompositionLayer, _ box: Rectangle, _ time: SceneTime, piece: Int = 0
  ) -> Actor {
    let pivot = point(layer.motion.pivot, of: box)
    var actor = Actor(
      look: .bitmap(.init(bitmap: 0, width: 1, height: 1, x: 0, y: 0)), rest: box, pivotX: pivot.x,
      pivotY: pivot.y)
    actor.unit = unit
    actor.from = layer.from
    actor.until = layer.until ?? .infinity
    actor.blend = layer.blend
    actor.tracks = layer.motion.tracks
    actor.tracks.x = actor.tracks.x.scaled(unit)
    actor.tracks.y = actor.tracks.y.scaled(unit)
    actor.tracks.blur = actor.tracks.blur.scaled(unit)
    if let enter = layer.motion.enter {
      let start = layer.from + enter.delay + enter.stagger * Double(enter.by == .layer ? 0 : piece)
      actor.arrival = Arrival(
        kind: enter.kind, start: start, duration: enter.duration,
        easing: enter.easing ?? Self.easing(enter.kind),
        distance: distance(enter.kind, enter.distance, box), isFromRight: rightToLeft)
    }
    if let leave = layer.motion.leave {
      let end = min(layer.until ?? .infinity, time.length)
      actor.departure = Arrival(
        kind: leave.kind, start: end - leave.duration, duration: leave.duration,
        easing: leave.easing ?? .power(3, .end),
        distance: leave.kind == .slide
          ? (rightToLeft ? 1 : -1) * leave.distance * unit : leave.distance * unit,
        isFromRight: rightToLeft)
    }
    return actor
  }

  static func easing(_ kind: Arrival.Kind) -> Easing {
    switch kind {
    case .pop, .spin: .back(.end)
    case .wipe: .power(3, .both)
    default: .power(3, .end)
    }
  }

  /// How far a layer comes; without a wish never from outside the safe zone.
  private func distance(_ kind: Arrival.Kind, _ wish: Double?, _ box: Rectangle) -> Double {
    func limited(_ standard: Double, _ room: Double) -> Double {
      wish.map { $0 * unit } ?? max(0, min(standard * unit, room))
    }
    return switch kind {
    case .rise: limited(64, canvas.safe.bottom - box.bottom)
    case .drop: limited(64, box.y - canvas.safe.y)
    case .slide:
      rightToLeft
        ? limited(110, canvas.safe.right - box.right) : -limited(110, box.x - canvas.safe.x)
    default: 0
    }
  }
}

extension CompositionLayer {
  /// True for layers that stand in a box of their own.
  var hasBox: Bool {
    switch kind {
    case .backdrop, .photo, .captions, .flow: false
    case .footage(let footage): !footage.coversPicture
    default: true
    }
  }

  /// A child of a stack: shows while the stack does and blends as it does.
  func inside(_ stack: CompositionLayer) -> CompositionLayer {
    var layer = self
    layer.from = max(from, stack.from)
    layer.until = [until, stack.until].compactMap(\.self).min()
    if layer.motion.enter == nil { layer.motion.enter = stack.motion.enter }
    if layer.motion.leave == nil { layer.motion.leave = stack.motion.leave }
    if layer.blend == .normal { layer.blend = stack.blend }
    if layer.motion.tracks.opacity == Track(1) { layer.motion.tracks.opacity = stack.motion.tracks.opacity }
    layer.position.zone = stack.position.zone
    return layer
  }
}

extension Track {
  /// Every value times `factor`.
  func scaled(_ factor: Double) -> Track {
    var track = self
    for index in track.keys.indices { track.keys[index].value *= factor }
    if let wave {
      track.wave = Wave(low: wave.low * factor, high: wave.high * factor, rate: wave.rate, phase: wave.phase)
    }
    return track
  }
}
