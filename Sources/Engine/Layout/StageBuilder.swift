import CDrawing

/// Turns scenes into sprites: opens assets, lays out, chooses colours, rasterises.
struct StageBuilder {
  let storyboard: Storyboard
  let placement: Placement
  let canvas: Canvas
  let assets: AssetResolver
  private(set) var bitmaps: [Bitmap] = []
  private var pictures: [String: PictureAsset] = [:]
  private let layout: SceneLayout
  private let painter: BlockPainter
  private let grounds: GroundPainter
  private let rightToLeft: Bool

  struct BuiltScene {
    var ground: Timeline.Scene.Ground
    var sprites: [Sprite]
    var ink: [Rectangle]
  }

  init(storyboard: Storyboard, placement: Placement, canvas: Canvas, assets: AssetResolver) {
    self.storyboard = storyboard
    self.placement = placement
    self.canvas = canvas
    self.assets = assets
    rightToLeft = storyboard.isRightToLeft
    let typesetter = Typesetter(
      fonts: storyboard.fonts, language: storyboard.language, rightToLeft: rightToLeft)
    let measurer = Measurer(typesetter: typesetter, canvas: canvas, rightToLeft: rightToLeft)
    layout = SceneLayout(
      zone: ZoneLayout(measurer: measurer, canvas: canvas), canvas: canvas, rightToLeft: rightToLeft)
    painter = BlockPainter(palette: storyboard.palette, unit: canvas.unit)
    grounds = GroundPainter(width: placement.width, height: placement.height, palette: storyboard.palette)
  }

  mutating func build(_ scene: Scene, number: Int, overlap: TimeSpan) throws(EngineError) -> BuiltScene {
    let placed = try placed(scene, number: number)
    var built = try ground(of: scene)
    try addVeils(of: scene, to: &built)
    let texts = placed.compactMap { placed -> (layer: TextLayer, set: TypesetText, box: Rectangle)? in
      guard case .text(let set, let layer) = placed.block.content else { return nil }
      return (layer, set, placed.box)
    }
    let sample = try sample(built, length: scene.duration + overlap)
    let legibility = Legibility(palette: storyboard.palette)
    let choice = legibility.choose(for: texts, on: sample, unit: canvas.unit)
    if choice.opacity > 0 {
      let veil = try grounds.veil(
        choice.veil, opacity: choice.opacity, shape: shape(of: texts.map(\.box)))
      built.sprites.append(Sprite(bitmap: add(veil), rest: full))
    }
    for placed in placed.sorted(by: { $0.block.index < $1.block.index }) {
      switch placed.block.content {
      case .text(let set, let layer):
        let colour = legibility.colour(
          of: layer, set, box: placed.box, on: sample, choice: choice, unit: canvas.unit)
        // Light words over a photo also get a breath of shadow.
        let isLifted = colour.luminance > 0.5 && scene.background.isPhoto
        try addText(set, layer, at: placed, colour: colour, isLifted: isLifted, to: &built)
      case .button(let set, let layer):
        let drawn = try painter.button(
          set, layer, width: Int(placed.block.width), height: Int(placed.block.height))
        add(drawn, at: placed, entrance: layer.entrance, motion: layer.pulses ? .pulse : .none, to: &built)
        built.ink.append(placed.box)
      case .image(let picture, let layer):
        let drawn = try painter.image(
          picture, layer, width: Int(placed.block.width), height: Int(placed.block.height))
        let motion: Sprite.Motion = layer.floats ? .float(height: 14 * canvas.unit) : .none
        add(drawn, at: placed, entrance: layer.entrance, motion: motion, to: &built)
        if layer.purpose == .logo { built.ink.append(placed.box) }
      }
    }
    return built
  }

  /// Where the scene's layers come to stand.
  mutating func placed(_ scene: Scene, number: Int = 1) throws(EngineError) -> [PlacedBlock] {
    let items = try items(of: scene)
    guard let placed = try layout.place(items, arrangement: scene.arrangement) else {
      throw doesNotFit(items, scene: number)
    }
    return placed
  }

  private var full: Rectangle { Rectangle(x: 0, y: 0, width: canvas.width, height: canvas.height) }

  private mutating func add(_ bitmap: Bitmap) -> Int {
    bitmaps.append(bitmap)
    return bitmaps.count - 1
  }

  private mutating func picture(_ asset: String) throws(EngineError) -> PictureAsset {
    if let known = pictures[asset] { return known }
    let opened = try PictureAsset(asset, from: assets)
    pictures[asset] = opened
    return opened
  }

  private mutating func items(of scene: Scene) throws(EngineError) -> [Item] {
    var items: [Item] = []
    for (index, layer) in scene.layers.enumerated() {
      let anchor: Anchor
      var file: PictureAsset?
      switch layer {
      case .text(let text): anchor = text.anchor
      case .button(let button): anchor = button.anchor
      case .image(let image):
        anchor = image.anchor
        file = try picture(image.asset)
      case .scrim: continue
      }
      items.append(
        Item(
          index: index, layer: layer, row: anchor.row, side: anchor.side(rightToLeft: rightToLeft),
          picture: file))
    }
    return items
  }

  /// Names the longest text: the one whose shortening helps most.
  private func doesNotFit(_ items: [Item], scene: Int) -> EngineError {
    func text(_ item: Item) -> String {
      switch item.layer {
      case .text(let text): text.text
      case .button(let button): button.text
      default: ""
      }
    }
    let longest = items.max { text($0).count < text($1).count }
    return .textDoesNotFit(
      scene: scene, text: longest.map(text) ?? "", placement: placement.id,
      smallest: Int(longest.map { layout.zone.measurer.smallest($0) } ?? 0))
  }
}

// MARK: - Grounds

extension StageBuilder {
  private mutating func ground(of scene: Scene) throws(EngineError) -> BuiltScene {
    switch scene.background {
    case .colour(let plain):
      let bitmap = try grounds.plain(storyboard.palette.colour(plain.colour))
      return BuiltScene(ground: .still(bitmap: add(bitmap)), sprites: [], ink: [])
    case .gradient(let gradient):
      var built = BuiltScene(
        ground: .still(bitmap: add(try grounds.gradient(gradient))), sprites: [], ink: [])
      if let glow = gradient.glow { built.sprites = try lights(storyboard.palette.colour(glow)) }
      return built
    case .photo(let photo):
      return BuiltScene(ground: .moving(try kenBurns(photo)), sprites: [], ink: [])
    }
  }

  /// Two lights in opposite corners, which two being the seed's choice.
  private mutating func lights(_ colour: Colour) throws(EngineError) -> [Sprite] {
    let diameter = Int(1150 * canvas.unit)
    let bitmap = add(try grounds.glow(colour, diameter: diameter, opacity: 0.5))
    let isFlipped = storyboard.seed % 2 == 1
    return [0.0, 1.0].map { corner in
      let x = (corner == 0) == isFlipped ? canvas.width * 0.08 : canvas.width * 0.92
      let y = corner == 0 ? canvas.height * 0.1 : canvas.height * 0.9
      let half = Double(diameter) / 2
      return Sprite(
        bitmap: bitmap,
        rest: Rectangle(x: x - half, y: y - half, width: half * 2, height: half * 2),
        motion: .drift(radius: 90 * canvas.unit, phase: corner * 2.2 + Double(storyboard.seed % 7)))
    }
  }

  /// The photo is scaled once to what its closest framing needs; each frame then only moves and shrinks it.
  private mutating func kenBurns(_ photo: PhotoBackground) throws(EngineError) -> KenBurns {
    let source = try picture(photo.asset)
    let cover = max(canvas.width, canvas.height * source.aspect)
    let closest = max(photo.from.zoom, photo.to.zoom)
    let width = (cover * closest).rounded(.up)
    let height = (width / source.aspect).rounded(.up)
    let drawn = try source.rasterised(width: Int(width), height: Int(height))
    let opaque: Bitmap
    if drawn.hasAlpha {
      opaque = try Bitmap(width: drawn.width, height: drawn.height, hasAlpha: false)
      try opaque.draw { context in
        setSource(context, storyboard.palette.dark)
        cairo_paint(context)
        cairo_set_source_surface(context, drawn.surface, 0, 0)
        cairo_paint(context)
      }
    } else {
      opaque = drawn
    }
    return KenBurns(
      bitmap: add(opaque), bitmapWidth: width, bitmapHeight: height,
      coverScale: max(canvas.width / width, canvas.height / height), from: photo.from, to: photo.to)
  }

  private mutating func addVeils(of scene: Scene, to built: inout BuiltScene) throws(EngineError) {
    for case .scrim(let scrim) in scene.layers {
      let atStart = scrim.edge == (rightToLeft ? .end : .start)
      let shape =
        switch scrim.edge {
        case .full: GroundPainter.VeilShape(isVertical: true, dense: -1...2, fade: 0.1)
        case .top: GroundPainter.VeilShape(isVertical: true, dense: -1...0.18, fade: 0.42)
        case .bottom: GroundPainter.VeilShape(isVertical: true, dense: 0.82...2, fade: 0.42)
        case .start, .end:
          atStart
            ? GroundPainter.VeilShape(isVertical: false, dense: -1...0.3, fade: 0.4)
            : GroundPainter.VeilShape(isVertical: false, dense: 0.7...2, fade: 0.4)
        }
      let bitmap = try grounds.veil(
        storyboard.palette.colour(scrim.colour), opacity: scrim.opacity, shape: shape)
      built.sprites.append(Sprite(bitmap: add(bitmap), rest: full))
    }
  }

  /// Small pictures of what is behind the words when the scene begins and when it ends.
  private func sample(_ built: BuiltScene, length: TimeSpan) throws(EngineError) -> Ground {
    let scale = Double(Ground.columns) / canvas.width
    let frames = max(1, length.frames)
    let timeline = Timeline(
      width: placement.width, height: placement.height,
      scenes: [
        .init(start: 0, end: frames, fade: 0, overlap: 0, ground: built.ground, sprites: built.sprites)
      ])
    var samples: [Bitmap] = []
    for number in [0, frames / 2, frames - 1] {
      let small = try Bitmap(
        width: Ground.columns, height: Int((canvas.height * scale).rounded()), hasAlpha: false)
      try small.draw { context in
        cairo_scale(context, scale, scale)
        for mark in timeline.frame(number).marks { draw(mark, bitmaps[mark.bitmap], in: context) }
      }
      samples.append(small)
    }
    return Ground(samples, scale: scale)
  }

  /// A veil over the words and on to the picture's nearer edge, so that it reads as light, not as a box.
  private func shape(of boxes: [Rectangle]) -> GroundPainter.VeilShape {
    guard let first = boxes.first else { return .init(isVertical: true, dense: -1...2, fade: 0.1) }
    let all = boxes.dropFirst().reduce(first) { $0.union($1) }
    let pad = 40 * canvas.unit
    let isAside = abs(all.centreX - canvas.width / 2) > canvas.width * 0.12
    if canvas.shape == .wide, isAside, all.height > canvas.height * 0.25 {
      let (from, to) = ((all.x - pad) / canvas.width, (all.right + pad) / canvas.width)
      return .init(
        isVertical: false, dense: (from < 1 - to ? -1 : from)...(from < 1 - to ? to : 2), fade: 0.3)
    }
    let (from, to) = ((all.y - pad) / canvas.height, (all.bottom + pad) / canvas.height)
    if to - from > 0.55 { return .init(isVertical: true, dense: -1...2, fade: 0.1) }
    return .init(isVertical: true, dense: (from < 1 - to ? -1 : from)...(from < 1 - to ? to : 2), fade: 0.26)
  }
}

// MARK: - Sprites

extension StageBuilder {
  private mutating func addText(
    _ set: TypesetText, _ layer: TextLayer, at placed: PlacedBlock, colour: Colour, isLifted: Bool,
    to built: inout BuiltScene
  ) throws(EngineError) {
    for (number, line) in set.lines.enumerated() where line.ink.width > 0 {
      var drawn = try set.rasterised(line, colour: colour)
      if isLifted { drawn = try lifted(drawn, size: set.size) }
      var entrance = layer.entrance
      // Lines follow each other.
      if entrance.kind == .rise || entrance.kind == .slide {
        entrance.delay = entrance.delay + .milliseconds(90 * number)
      }
      let rest = Rectangle(
        x: (placed.x + drawn.x).rounded(), y: (placed.y + drawn.y).rounded(),
        width: Double(drawn.bitmap.width), height: Double(drawn.bitmap.height))
      built.sprites.append(
        Sprite(
          bitmap: add(drawn.bitmap), rest: rest, entrance: entrance,
          travel: travel(entrance, placed.box)))
      built.ink.append(
        Rectangle(
          x: placed.x + line.x + line.ink.x, y: placed.y + line.baseline + line.ink.y, width: line.ink.width,
          height: line.ink.height))
    }
  }

  private func lifted(
    _ drawn: (bitmap: Bitmap, x: Double, y: Double), size: Double
  ) throws(EngineError) -> (bitmap: Bitmap, x: Double, y: Double) {
    let shadow = try SoftShadow(
      of: drawn.bitmap, radius: size * 0.16, drop: size * 0.03, colour: storyboard.palette.dark, opacity: 0.4)
    try shadow.bitmap.draw { context in
      cairo_set_source_surface(context, drawn.bitmap.surface, Double(shadow.margin), Double(shadow.margin))
      cairo_paint(context)
    }
    return (shadow.bitmap, drawn.x - Double(shadow.margin), drawn.y - Double(shadow.margin))
  }

  private mutating func add(
    _ drawn: BlockPainter.Painted, at placed: PlacedBlock, entrance: Entrance, motion: Sprite.Motion,
    to built: inout BuiltScene
  ) {
    let rest = Rectangle(
      x: (placed.x + drawn.offset).rounded(), y: (placed.y + drawn.offset).rounded(),
      width: Double(drawn.bitmap.width), height: Double(drawn.bitmap.height))
    built.sprites.append(
      Sprite(
        bitmap: add(drawn.bitmap), rest: rest, entrance: entrance, motion: motion,
        travel: travel(entrance, placed.box)))
  }

  /// How far a layer may come from without leaving the safe zone on its way.
  private func travel(_ entrance: Entrance, _ box: Rectangle) -> Double {
    switch entrance.kind {
    case .rise:
      max(0, min(58 * canvas.unit, canvas.safe.bottom - box.bottom))
    case .slide:
      rightToLeft
        ? max(0, min(90 * canvas.unit, canvas.safe.right - box.right))
        : -max(0, min(90 * canvas.unit, box.x - canvas.safe.x))
    default: 0
    }
  }
}
