import CDrawing

/// A blurred, lowered copy of a picture's outline, as a bitmap larger than it on every side.
struct SoftShadow {
  let bitmap: Bitmap
  /// How far the shadow reaches beyond the picture's left and top.
  let margin: Int

  /// Blurs by going through a very small copy: the outline is shrunk with a good filter, smoothed there and
  /// stretched again, which costs a hundredth of a blur at full size and looks the same.
  init(of picture: Bitmap, radius: Double, drop: Double, colour: Colour, opacity: Double) throws(EngineError)
  {
    let margin = Int((radius * 2).rounded(.up))
    let (width, height) = (picture.width + margin * 2, picture.height + margin * 2)
    let shrink = max(1, radius / 3)
    let (smallWidth, smallHeight) = (Int(Double(width) / shrink) + 1, Int(Double(height) / shrink) + 1)
    let outline = try Bitmap(width: width, height: height)
    try outline.draw { context in
      setSource(context, colour, alpha: opacity)
      if picture.hasAlpha {
        cairo_mask_surface(context, picture.surface, Double(margin), Double(margin) + drop)
      } else {
        cairo_rectangle(
          context, Double(margin), Double(margin) + drop, Double(picture.width), Double(picture.height))
        cairo_fill(context)
      }
    }
    var small = try outline.resized(width: smallWidth, height: smallHeight)
    for _ in 0..<3 { small = try Self.smoothed(small) }
    bitmap = try Bitmap(width: width, height: height)
    try bitmap.draw { context in
      cairo_scale(context, Double(width) / Double(smallWidth), Double(height) / Double(smallHeight))
      cairo_set_source_surface(context, small.surface, 0, 0)
      cairo_pattern_set_filter(cairo_get_source(context), CAIRO_FILTER_BILINEAR)
      cairo_paint(context)
    }
    self.margin = margin
  }

  /// The mean of the nine pixels around each, by laying nine faint copies over each other.
  private static func smoothed(_ source: Bitmap) throws(EngineError) -> Bitmap {
    let result = try Bitmap(width: source.width, height: source.height)
    try result.draw { context in
      cairo_set_operator(context, CAIRO_OPERATOR_ADD)
      for dy in -1...1 {
        for dx in -1...1 {
          cairo_set_source_surface(context, source.surface, Double(dx), Double(dy))
          cairo_paint_with_alpha(context, 1.0 / 9)
        }
      }
    }
    return result
  }
}
