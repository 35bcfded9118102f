import CDrawing

extension CompositionBuilder {
  /// Gives the actors from `first` on their mask; masks that are layers are linked later.
  mutating func apply(
    _ mask: CompositionLayer.Mask, of layer: CompositionLayer, from first: Int, _ layers: [CompositionLayer],
    _ box: Rectangle, to cast: inout Cast
  ) throws(EngineError) {
    let placed: Actor.Placed
    switch mask.source {
    case .layer: return
    case .shape(let shape): placed = try self.mask(shape, box, feather: mask.feather * unit)
    case .asset(let asset): placed = try self.mask(asset, box, mask)
    }
    for index in first..<cast.actors.count {
      if case .photo(_, .some) = cast.actors[index].look {
        throw refused(
          mask.place, "an image that zooms in its box has its box for a mask already; take zoom or mask away")
      }
      cast.actors[index].veil = Actor.Veil(
        source: mask.isStill ? .fixed(placed) : .own(placed), isInverted: mask.isInverted)
    }
  }

  private mutating func mask(
    _ shape: MaskShape, _ box: Rectangle, feather: Double
  ) throws(EngineError) -> Actor.Placed {
    let bitmap = try Bitmap(width: Int(box.width) + 2, height: Int(box.height) + 2)
    let inset = feather
    try bitmap.draw { context in
      cairo_translate(context, 1 + inset, 1 + inset)
      let (width, height) = (max(1, box.width - 2 * inset), max(1, box.height - 2 * inset))
      switch shape {
      case .rectangle: cairo_rectangle(context, 0, 0, width, height)
      case .rounded:
        addRoundedRectangle(
          context, x: 0, y: 0, width: width, height: height, radius: min(width, height) * 0.12)
      case .ellipse: LayerArt.ellipse(context, width, height)
      case .star:
        LayerArt.path(.star, in: context, width: width, height: height, radius: 0, points: 5)
      }
      cairo_set_source_rgba(context, 1, 1, 1, 1)
      cairo_fill(context)
    }
    return try softened(bitmap, box, feather)
  }

  private mutating func mask(
    _ asset: String, _ box: Rectangle, _ mask: CompositionLayer.Mask
  ) throws(EngineError) -> Actor.Placed {
    let picture = try picture(asset, at: mask.place)
    let drawn = try rasterised(picture, asset: asset, width: box.width, height: box.height, at: mask.place)
    let bitmap = try Bitmap(width: drawn.width + 2, height: drawn.height + 2)
    if drawn.hasAlpha {
      try bitmap.draw { context in
        cairo_set_source_surface(context, drawn.surface, 1, 1)
        cairo_paint(context)
      }
    } else {
      let (from, to) = (drawn.stride, bitmap.stride)
      _ = drawn.withPixels { source in
        bitmap.withPixels { pixels in
          for row in 0..<drawn.height {
            for column in 0..<drawn.width {
              let pixel = source + row * from + column * 4
              let light = (Int(pixel[2]) * 54 + Int(pixel[1]) * 183 + Int(pixel[0]) * 19) >> 8
              (pixels + (row + 1) * to + (column + 1) * 4).update(repeating: UInt8(light), count: 4)
            }
          }
        }
      }
    }
    return try softened(bitmap, box, mask.feather * unit)
  }

  private mutating func softened(
    _ bitmap: Bitmap, _ box: Rectangle, _ feather: Double
  ) throws(EngineError) -> Actor.Placed {
    guard feather > 0.5 else {
      return Actor.Placed(
        bitmap: add(bitmap), width: Double(bitmap.width), height: Double(bitmap.height), x: box.x - 1,
        y: box.y - 1)
    }
    let soft = try SoftFocus(of: bitmap, radius: feather / 1.5)
    let margin = Double(soft.margin)
    return Actor.Placed(
      bitmap: add(soft.bitmap), width: Double(soft.bitmap.width), height: Double(soft.bitmap.height),
      x: box.x - 1 - margin, y: box.y - 1 - margin)
  }

  /// Points actors at the layers they name as masks and takes those from the picture.
  mutating func linkMasks(_ layers: [CompositionLayer], _ cast: inout Cast) throws(EngineError) {
    for (index, layer) in layers.enumerated() {
      guard let mask = layer.mask, case .layer(let id) = mask.source else { continue }
      guard let other = layers.firstIndex(where: { $0.id == id }) else { continue }
      guard let single = cast.single[other], case .bitmap = cast.actors[single].look else {
        throw refused(
          mask.place,
          "the layer \"\(id)\" cannot be a mask: only text that comes whole, image, svg, shape, badge, button "
            + "and card can")
      }
      cast.actors[single].isHidden = true
      for actor in cast.members[index] ?? 0..<0 {
        cast.actors[actor].veil = Actor.Veil(source: .actor(single), isInverted: mask.isInverted)
      }
    }
  }
}
