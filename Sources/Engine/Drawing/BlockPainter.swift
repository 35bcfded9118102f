import CDrawing

/// Draws pictures and buttons, with their shadows, into bitmaps of their own.
struct BlockPainter {
  let palette: Palette
  let unit: Double

  /// A bitmap and where its top left stands, seen from the block's.
  struct Painted {
    let bitmap: Bitmap
    let offset: Double
  }

  func image(_ picture: PictureAsset, _ layer: ImageLayer, width: Int, height: Int) throws(EngineError)
    -> Painted
  {
    var bitmap = try picture.rasterised(width: width, height: height)
    guard layer.purpose != .logo else { return Painted(bitmap: bitmap, offset: 0) }
    if layer.purpose == .picture || !picture.hasAlpha {
      bitmap = try rounded(bitmap, radius: 36 * unit)
    }
    let size = Double(max(width, height))
    let shadow = try SoftShadow(
      of: bitmap, radius: size * 0.045, drop: size * 0.028, colour: palette.dark, opacity: 0.42)
    try shadow.bitmap.draw { context in
      cairo_set_source_surface(context, bitmap.surface, Double(shadow.margin), Double(shadow.margin))
      cairo_paint(context)
    }
    return Painted(bitmap: shadow.bitmap, offset: -Double(shadow.margin))
  }

  func button(_ text: TypesetText, _ layer: ButtonLayer, width: Int, height: Int) throws(EngineError)
    -> Painted
  {
    let fill = palette.colour(layer.fill)
    let colour = textColour(of: layer)
    let pill = try Bitmap(width: width, height: height)
    try pill.draw { context in
      setSource(context, fill)
      addRoundedRectangle(
        context, x: 0, y: 0, width: Double(width), height: Double(height),
        radius: min(Double(height) / 2, 60 * unit))
      cairo_fill(context)
    }
    for line in text.lines {
      let drawn = try text.rasterised(line, colour: colour)
      try pill.draw { context in
        cairo_set_source_surface(
          context, drawn.bitmap.surface, ((Double(width) - text.width) / 2 + drawn.x).rounded(),
          ((Double(height) - text.height) / 2 + drawn.y).rounded())
        cairo_paint(context)
      }
    }
    let shadow = try SoftShadow(
      of: pill, radius: 18 * unit, drop: 9 * unit, colour: palette.dark, opacity: 0.34)
    try shadow.bitmap.draw { context in
      cairo_set_source_surface(context, pill.surface, Double(shadow.margin), Double(shadow.margin))
      cairo_paint(context)
    }
    return Painted(bitmap: shadow.bitmap, offset: -Double(shadow.margin))
  }

  /// The better of light and dark, unless the layer's own wish can be read.
  func textColour(of layer: ButtonLayer) -> Colour {
    let fill = palette.colour(layer.fill)
    let wish = layer.colour.map(palette.colour)
    return wish.flatMap { $0.contrast(with: fill) >= 4.5 ? $0 : nil } ?? palette.readable(on: fill)
  }

  private func rounded(_ bitmap: Bitmap, radius: Double) throws(EngineError) -> Bitmap {
    let result = try Bitmap(width: bitmap.width, height: bitmap.height)
    try result.draw { context in
      addRoundedRectangle(
        context, x: 0, y: 0, width: Double(bitmap.width), height: Double(bitmap.height), radius: radius)
      cairo_clip(context)
      cairo_set_source_surface(context, bitmap.surface, 0, 0)
      cairo_paint(context)
    }
    return result
  }
}
