import CDrawing

/// A blurred copy of a picture, larger than it by `margin` on every side, made by way of a small copy: the
/// picture is shrunk, smoothed there and stretched again, which looks the same and costs a fraction.
struct SoftFocus {
  let bitmap: Bitmap
  let margin: Int

  /// - Parameter bleeds: false keeps the size and repeats the edge, for pictures that fill the frame.
  init(of picture: Bitmap, radius: Double, bleeds: Bool = true) throws(EngineError) {
    let shrink = max(1, radius / 2.5)
    // Whole small pixels, so that the copy lies exactly over the picture.
    let margin = bleeds ? Int(((radius * 2 / shrink).rounded(.up) * shrink).rounded(.up)) : 0
    let (width, height) = (picture.width + margin * 2, picture.height + margin * 2)
    let padded: Bitmap
    if bleeds {
      padded = try Bitmap(width: width, height: height)
      try padded.draw { context in
        cairo_set_source_surface(context, picture.surface, Double(margin), Double(margin))
        cairo_paint(context)
      }
    } else {
      padded = picture
    }
    let smallWidth = max(1, Int((Double(width) / shrink).rounded()))
    let smallHeight = max(1, Int((Double(height) / shrink).rounded()))
    var small = try padded.resized(width: smallWidth, height: smallHeight)
    for _ in 0..<3 { small = try Self.smoothed(small, isEdgeRepeated: !bleeds) }
    bitmap = try small.resized(width: width, height: height)
    self.margin = margin
  }

  /// The mean of the nine pixels around each.
  private static func smoothed(_ source: Bitmap, isEdgeRepeated: Bool) throws(EngineError) -> Bitmap {
    let result = try Bitmap(width: source.width, height: source.height, hasAlpha: source.hasAlpha)
    try result.draw { context in
      if !source.hasAlpha {
        cairo_set_source_rgb(context, 0, 0, 0)
        cairo_paint(context)
      }
      cairo_set_operator(context, CAIRO_OPERATOR_ADD)
      for dy in -1...1 {
        for dx in -1...1 {
          cairo_set_source_surface(context, source.surface, Double(dx), Double(dy))
          if isEdgeRepeated { cairo_pattern_set_extend(cairo_get_source(context), CAIRO_EXTEND_PAD) }
          cairo_paint_with_alpha(context, 1.0 / 9)
        }
      }
    }
    return result
  }
}
