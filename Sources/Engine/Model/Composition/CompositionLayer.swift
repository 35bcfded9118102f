/// A layer as the document says it: what it is, where it stands and how it moves.
struct CompositionLayer: Sendable, Hashable {
  indirect enum Kind: Sendable, Hashable {
    case backdrop(BackdropChoice)
    case photo(asset: String, zoom: Zoom?)
    case text(TextBlock)
    case image(ImageBox)
    case footage(FootageBox)
    case svg(Drawing)
    case shape(Figure)
    case badge(Badge)
    case button(Button)
    case card(Card)
    case captions(Captions)
    case stack(Stack)
    case flow(arrangement: Scene.Arrangement, layers: [Layer])
  }

  struct Position: Sendable, Hashable {
    var anchor = Anchor.centre
    var zone = ZoneChoice.content
    var x = Measure.units(0)
    var y = Measure.units(0)
    var below: String?
    var gap = 32.0
    var width: Measure?
    var height: Measure?
  }

  /// Lengths in units.
  struct Motion: Sendable, Hashable {
    var tracks = Actor.Tracks()
    var pivot = Anchor.centre
    var enter: Enter?
    var leave: Leave?
  }

  struct Enter: Sendable, Hashable {
    var kind: Arrival.Kind
    var delay = 0.0
    var duration = 0.5
    var easing: Easing?
    var distance: Double?
    var by = Pieces.layer
    var stagger = 0.07
  }

  struct Leave: Sendable, Hashable {
    var kind: Arrival.Kind
    var duration = 0.35
    var easing: Easing?
    var distance = 60.0
  }

  struct Mask: Sendable, Hashable {
    enum Source: Sendable, Hashable {
      case shape(MaskShape)
      case asset(String)
      case layer(String)
    }

    var place: Place
    var source: Source
    var isInverted: Bool
    var feather: Double
    var isStill: Bool
  }

  struct Override: Sendable, Hashable {
    var isHidden = false
    var anchor: Anchor?
    var x: Measure?
    var y: Measure?
    var width: Measure?
    var height: Measure?
    var size: SizeRange?
    var align: TextLayer.Alignment?
  }

  struct ShapedOverride: Sendable, Hashable {
    var shape: ShapeClass
    var change: Override
  }

  var place: Place
  var id: String?
  /// Seconds of the scene.
  var from: Double
  var until: Double?
  var position: Position
  var motion: Motion
  var blend: BlendMode
  var mask: Mask?
  /// At most one for each shape; a list, whose order is the document's, for a dictionary's differs by process.
  var overrides: [ShapedOverride]
  var kind: Kind

  /// This layer as pictures of `shape` have it; nil where it is hidden there.
  func adapted(to shape: ShapeClass) -> CompositionLayer? {
    guard let change = overrides.first(where: { $0.shape == shape })?.change else { return self }
    guard !change.isHidden else { return nil }
    var layer = self
    if let anchor = change.anchor { layer.position.anchor = anchor }
    if let x = change.x { layer.position.x = x }
    if let y = change.y { layer.position.y = y }
    if let width = change.width { layer.position.width = width }
    if let height = change.height { layer.position.height = height }
    switch layer.kind {
    case .text(var text):
      text.size = change.size ?? text.size
      text.align = change.align ?? text.align
      layer.kind = .text(text)
    case .button(var button):
      button.size = change.size ?? button.size
      layer.kind = .button(button)
    case .captions(var captions):
      captions.size = change.size ?? captions.size
      layer.kind = .captions(captions)
    case .badge(var badge):
      badge.size = change.size?.largest ?? badge.size
      layer.kind = .badge(badge)
    case .stack(var stack):
      stack.align = change.align ?? stack.align
      layer.kind = .stack(stack)
    default: break
    }
    return layer
  }

  var assets: [String] {
    var assets: [String] = []
    switch kind {
    case .photo(let asset, _): assets = [asset]
    case .image(let image): assets = [image.asset]
    case .footage(let footage): assets = [footage.asset]
    case .svg(let drawing): assets = drawing.asset.map { [$0] } ?? []
    case .card(let card): assets = [card.asset]
    case .stack(let stack): assets = stack.layers.flatMap(\.assets)
    case .flow(_, let layers):
      for case .image(let image) in layers { assets.append(image.asset) }
    default: break
    }
    if let mask, case .asset(let asset) = mask.source { assets.append(asset) }
    return assets
  }
}
