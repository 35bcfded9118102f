/// Turns scenes into sprites: opens assets, lays out, chooses colours, rasterises.
struct StageBuilder {
  let storyboard: Storyboard
  let placement: Placement
  let canvas: Canvas
  let assets: AssetResolver
  private(set) var bitmaps: [Bitmap] = []
  private var pictures: [String: PictureAsset] = [:]
  let layout: SceneLayout
  let painter: BlockPainter
  let grounds: GroundPainter
  let rightToLeft: Bool

  struct BuiltScene {
    var ground: Timeline.Scene.Ground
    var sprites: [Sprite]
    var ink: [Rectangle]
    /// What is to be read, with frames counted from the scene's start.
    var words: [SceneWords] = []
  }

  init(
    storyboard: Storyboard, placement: Placement, canvas: Canvas, assets: AssetResolver
  ) throws(EngineError) {
    self.storyboard = storyboard
    self.placement = placement
    self.canvas = canvas
    self.assets = assets
    rightToLeft = storyboard.isRightToLeft
    let typesetter = try Typesetter(
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
        built.words.append(
          SceneWords(set, layer, at: placed, colour: painter.textColour(of: layer)))
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

  var full: Rectangle { Rectangle(x: 0, y: 0, width: canvas.width, height: canvas.height) }

  mutating func add(_ bitmap: Bitmap) -> Int {
    bitmaps.append(bitmap)
    return bitmaps.count - 1
  }

  mutating func picture(_ asset: String) throws(EngineError) -> PictureAsset {
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
