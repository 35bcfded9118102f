import CDrawing

extension StageBuilder {
  mutating func addText(
    _ set: TypesetText, _ layer: TextLayer, at placed: PlacedBlock, colour: Colour, isLifted: Bool,
    to built: inout BuiltScene
  ) throws(EngineError) {
    built.words.append(SceneWords(set, layer, at: placed, colour: colour))
    for (number, line) in set.lines.enumerated() where line.ink.width > 0 {
      var drawn = try set.rasterised(line, colour: colour)
      if isLifted { drawn = try lifted(drawn, size: set.size) }
      let entrance = layer.entrance.following(line: number, of: set.lines.count)
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

  func lifted(
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

  mutating func add(
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
  func travel(_ entrance: Entrance, _ box: Rectangle) -> Double {
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
