extension CompositionBuilder {
  /// A storyboard's layers, laid out, coloured and veiled as a storyboard's are.
  mutating func add(
    flow layers: [Layer], _ arrangement: Scene.Arrangement, _ layer: CompositionLayer, _ time: SceneTime,
    under ground: ArraySlice<CompositionLayer>, to cast: inout Cast
  ) throws(EngineError) {
    let board = Storyboard(
      duration: composition.duration, seed: composition.seed, language: composition.language,
      palette: composition.palette, fonts: composition.fonts, scenes: [])
    var builder = try StageBuilder(
      storyboard: board, placement: placement, canvas: canvas, assets: assets)
    let background: Background
    if let photo = ground.last(where: { if case .photo = $0.kind { true } else { false } }),
      case .photo(let asset, let zoom) = photo.kind
    {
      background = .photo(
        PhotoBackground(asset: asset, from: zoom?.from ?? .init(), to: zoom?.to ?? .init()))
    } else {
      var mean = composition.palette.dark
      if let first = ground.first { mean = try self.mean(of: first) }
      background = .colour(.exact(mean))
    }
    let scene = Scene(
      duration: .seconds(time.length), background: background, arrangement: arrangement, layers: layers)
    let built: StageBuilder.BuiltScene
    do {
      built = try builder.build(scene, number: 1, overlap: .zero)
    } catch {
      throw refused(layer.place, error.description)
    }
    // The stage builder's own ground is not shown: the composition has one.
    let offset = bitmaps.count
    bitmaps += builder.bitmaps
    let first = cast.actors.count
    for var sprite in built.sprites {
      sprite.bitmap += offset
      var actor = actor(layer, full, time)
      actor.look = .sprite(sprite)
      cast.actors.append(actor)
    }
    cast.ink += built.ink
    guard cast.actors.count > first else { return }
    cast.noted += built.ink.map { (box: $0, actor: first) }
    cast.told += built.words.map { (words: $0, actor: first) }
  }
}
