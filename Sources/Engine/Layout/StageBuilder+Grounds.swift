import CDrawing

extension StageBuilder {
  mutating func ground(of scene: Scene) throws(EngineError) -> BuiltScene {
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
  mutating func lights(_ colour: Colour) throws(EngineError) -> [Sprite] {
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
  mutating func kenBurns(_ photo: PhotoBackground) throws(EngineError) -> KenBurns {
    let source = try picture(photo.asset)
    let cover = max(canvas.width, canvas.height * source.aspect)
    let closest = max(photo.from.zoom, photo.to.zoom)
    let width = (cover * closest).rounded(.up)
    let height = (width / source.aspect).rounded(.up)
    let drawn = try source.rasterised(width: Int(width), height: Int(height))
    return KenBurns(
      bitmap: add(try drawn.opaque(over: storyboard.palette.dark)), bitmapWidth: width, bitmapHeight: height,
      coverScale: max(canvas.width / width, canvas.height / height), from: photo.from, to: photo.to)
  }

  mutating func addVeils(of scene: Scene, to built: inout BuiltScene) throws(EngineError) {
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
  func sample(_ built: BuiltScene, length: TimeSpan) throws(EngineError) -> Ground {
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
  func shape(of boxes: [Rectangle]) -> GroundPainter.VeilShape {
    guard let first = boxes.first else { return .init(isVertical: true, dense: -1...2, fade: 0.1) }
    let all = boxes.dropFirst().reduce(first) { $0.union($1) }
    let pad = 40 * canvas.unit
    let isAside = abs(all.centreX - canvas.width / 2) > canvas.width * 0.12
    if canvas.shape == .wide, isAside, all.height > canvas.height * 0.25 {
      let (from, to) = ((all.x - pad) / canvas.width, (all.right + pad) / canvas.width)
      return .init(
        isVertical: false, dense: (from < 1 - to ? -1 : from)...(from < 1 - to ? to : 2), fade: 0.45)
    }
    let (from, to) = ((all.y - pad) / canvas.height, (all.bottom + pad) / canvas.height)
    if to - from > 0.55 { return .init(isVertical: true, dense: -1...2, fade: 0.1) }
    return .init(isVertical: true, dense: (from < 1 - to ? -1 : from)...(from < 1 - to ? to : 2), fade: 0.34)
  }
}
