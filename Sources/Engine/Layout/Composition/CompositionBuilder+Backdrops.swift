import CDrawing

extension CompositionBuilder {
  mutating func backdrop(
    _ choice: BackdropChoice, _ layer: CompositionLayer, _ time: SceneTime
  ) throws(EngineError) -> Actor {
    var actor = actor(layer, full, time)
    let seed = layer.place.seed(composition.seed)
    switch choice {
    case .colour(let reference):
      actor.look = .bitmap(try plain(colour(reference)))
    case .gradient(let form, let stops, let angle, let centreX, let centreY, let reach):
      let field = GradientField(
        form: form, stops: stops.map { .init(offset: $0.at, colour: colour($0.colour)) },
        angle: angle(0) * .pi / 180, centreX: centreX, centreY: centreY, reach: reach)
      if form == .linear, !angle.isConstant {
        actor.look = .backdrop(.gradient(field, angle: angle))
      } else {
        actor.look = .bitmap(try still(field))
      }
    case .mesh(let ground, let colours, let speed):
      actor.look = .backdrop(
        .mesh(seed: seed, ground: colour(ground), colours: colours.map { colour($0) }, speed: speed))
    case .noise(let colours, let scale, let speed):
      actor.look = .backdrop(
        .noise(
          NoiseField(seed: seed, colours: colours.map { colour($0) }, scale: scale, depth: 0), speed: speed))
    case .particles(let form, let count, let size, let speed, let colours):
      actor.look = .backdrop(
        .particles(
          ParticleField(
            seed: seed, form: form, count: count, size: size * unit, speed: speed,
            colours: colours.map { colour($0) }, time: 0)))
    case .grade(
      let exposure, let temperature, let contrast, let saturation, let shadows, let highlights, let toning):
      actor.look = .backdrop(
        .grade(
          ColourGrade(
            exposure: exposure, temperature: temperature, contrast: contrast, saturation: saturation,
            shadows: shadows.map { colour($0) }, highlights: highlights.map { colour($0) },
            toning: shadows == nil && highlights == nil ? 0 : toning)))
    case .grain(let strength, let rate):
      actor.look = .backdrop(.grain(GrainField(seed: seed, strength: strength, frame: 0), rate: rate))
    case .vignette(let reference, let strength, let start):
      actor.look = .backdrop(
        .vignette(VignetteField(colour: colour(reference), strength: strength, start: start)))
    case .defocus(let radius):
      actor.look = .backdrop(.blur(radius.scaled(unit)))
    }
    return actor
  }

  private mutating func plain(_ colour: Colour) throws(EngineError) -> Actor.Placed {
    let index: Int
    if let known = plains[colour] {
      index = known
    } else {
      let bitmap = try Bitmap(
        width: placement.width, height: placement.height, hasAlpha: colour.alpha < 255)
      try bitmap.draw { context in
        setSource(context, colour)
        cairo_paint(context)
      }
      index = add(bitmap)
      plains[colour] = index
    }
    return Actor.Placed(bitmap: index, width: canvas.width, height: canvas.height, x: 0, y: 0)
  }

  private mutating func still(_ field: GradientField) throws(EngineError) -> Actor.Placed {
    let bitmap = try Bitmap(
      width: placement.width, height: placement.height, hasAlpha: !field.isOpaque)
    _ = bitmap.withPixels { pixels in
      field.fill(pixels, stride: bitmap.stride, width: bitmap.width, height: bitmap.height)
    }
    return Actor.Placed(bitmap: add(bitmap), width: canvas.width, height: canvas.height, x: 0, y: 0)
  }

  /// A photo that covers the picture.
  mutating func photo(
    _ asset: String, _ zoom: Zoom?, _ layer: CompositionLayer, _ time: SceneTime
  ) throws(EngineError) -> Actor {
    var actor = actor(layer, full, time)
    let photo = try kenBurns(asset, zoom ?? Zoom(from: .init(), to: .init()), box: full, at: layer.place)
    actor.look = .photo(photo, frame: nil)
    return actor
  }

  /// The picture is scaled once to what its closest framing needs; frames then only move and shrink it.
  mutating func kenBurns(
    _ asset: String, _ zoom: Zoom, box: Rectangle, at place: Place
  ) throws(EngineError) -> KenBurns {
    let source = try picture(asset, at: place)
    let cover = max(box.width, box.height * source.aspect)
    let closest = max(zoom.from.zoom, zoom.to.zoom)
    let width = (cover * closest).rounded(.up)
    let height = (width / source.aspect).rounded(.up)
    let drawn = try rasterised(source, asset: asset, width: width, height: height, at: place)
    return KenBurns(
      bitmap: add(try drawn.opaque(over: composition.palette.dark)), bitmapWidth: width, bitmapHeight: height,
      coverScale: max(box.width / width, box.height / height), from: zoom.from, to: zoom.to,
      easing: zoom.easing)
  }

  /// A picture that moves inside its box: its shadow beneath, its border above.
  mutating func add(
    _ picture: PictureAsset, _ image: ImageBox, _ zoom: Zoom, at box: Rectangle,
    _ layer: CompositionLayer, _ time: SceneTime, _ art: LayerArt, to cast: inout Cast
  ) throws(EngineError) {
    let photo = try kenBurns(image.asset, zoom, box: box, at: layer.place)
    if let shadow = image.shadow {
      let figure = Figure(
        shape: .rectangle, fill: .colour(.dark), radius: image.radius, points: 4, shadow: shadow)
      var under = actor(layer, box, time)
      // A little smaller than the picture, so that nothing of it shows at the edge.
      let painted = try art.figure(figure, width: box.width - 2, height: box.height - 2)
      under.look = .bitmap(
        placed(
          painted, in: Rectangle(x: box.x + 1, y: box.y + 1, width: box.width, height: box.height),
          art.density))
      cast.actors.append(under)
    }
    let frame = try art.figure(
      Figure(shape: .rectangle, fill: .colour(.light), radius: image.radius, points: 4), width: box.width,
      height: box.height)
    var actor = actor(layer, box, time)
    actor.look = .photo(photo, frame: placed(frame, in: box, art.density))
    cast.actors.append(actor)
    if let border = image.border {
      let line = try art.figure(
        Figure(shape: .rectangle, border: border, radius: image.radius, points: 4), width: box.width,
        height: box.height)
      var over = self.actor(layer, box, time)
      over.look = .bitmap(placed(line, in: box, art.density))
      cast.actors.append(over)
    }
  }

  /// The colour most of a layer that covers the picture has.
  mutating func mean(of layer: CompositionLayer) throws(EngineError) -> Colour {
    switch layer.kind {
    case .backdrop(.colour(let reference)): return colour(reference)
    case .backdrop(.gradient(_, let stops, _, _, _, _)): return Self.mean(stops.map { colour($0.colour) })
    case .backdrop(.mesh(let ground, let colours, _)):
      return Self.mean([colour(ground)] + colours.map { colour($0) })
    case .backdrop(.noise(let colours, _, _)): return Self.mean(colours.map { colour($0) })
    case .photo(let asset, _):
      let small = try picture(asset, at: layer.place).rasterised(width: 12, height: 12)
      return Ground([small], scale: 1).mean
    case .footage(let footage): return try mean(of: footage, at: layer.place)
    default: return composition.palette.dark
    }
  }

  private static func mean(_ colours: [Colour]) -> Colour {
    func mean(_ part: KeyPath<Colour, UInt8>) -> UInt8 {
      UInt8(colours.reduce(0) { $0 + Int($1[keyPath: part]) } / max(1, colours.count))
    }
    return Colour(red: mean(\.red), green: mean(\.green), blue: mean(\.blue))
  }
}
