import CDrawing

/// Lays any mark over a picture: the way for everything a plain copy cannot do. Keeps what it makes from
/// bitmaps (soft copies, tiles of noise), so one painter should see all frames of a rendering.
final class MarkPainter {
  let bitmaps: [Bitmap]
  private let fields = FieldPainter()
  private var soft: [SoftKey: SoftFocus] = [:]

  private struct SoftKey: Hashable {
    var bitmap: Int
    var moment: Int?
    var step: Int
  }

  init(bitmaps: [Bitmap]) {
    self.bitmaps = bitmaps
  }

  func show(_ mark: Frame.Mark, on canvas: Bitmap) throws(EngineError) {
    if let procedure = mark.procedure, let mask = mark.mask {
      return try show(procedure, mark, through: mask, on: canvas)
    }
    if let procedure = mark.procedure {
      return try fields.paint(procedure, opacity: mark.opacity, blend: mark.blend, on: canvas)
    }
    let sharp = bitmaps[mark.bitmap]
    var (bitmap, margin) = (sharp, 0.0)
    let step = Int((mark.blur / mark.scale * 2).rounded())
    if step > 0 {
      let focus = try focus(mark.bitmap, moment: mark.moment, step: step)
      (bitmap, margin) = (focus.bitmap, Double(focus.margin))
    }
    try canvas.draw { context in
      place(context, x: mark.x, y: mark.y, scale: mark.scale, turn: mark.turn, sharp)
      if let window = mark.window {
        cairo_rectangle(context, window.x, window.y, window.width, window.height)
        cairo_clip(context)
      }
      cairo_set_source_surface(context, bitmap.surface, -margin, -margin)
      let pattern = cairo_get_source(context)
      cairo_pattern_set_filter(pattern, mark.scale < 0.6 ? CAIRO_FILTER_GOOD : CAIRO_FILTER_BILINEAR)
      let isCovering = !bitmap.hasAlpha && mark.turn == 0 && mark.window == nil
      if isCovering { cairo_pattern_set_extend(pattern, CAIRO_EXTEND_PAD) }
      if let mask = mark.mask {
        show(mark, through: mask, in: context)
      } else {
        cairo_set_operator(context, mark.blend.cairo)
        // Pads are for the edges of pictures that fill the frame; others end where they end.
        if isCovering {
          cairo_rectangle(context, 0, 0, Double(sharp.width), Double(sharp.height))
          cairo_clip(context)
        }
        if mark.opacity < 1 { cairo_paint_with_alpha(context, mark.opacity) } else { cairo_paint(context) }
      }
    }
  }

  /// What the procedure makes of the whole picture, shown where the mask is.
  private func show(
    _ procedure: Procedure, _ mark: Frame.Mark, through mask: Frame.Mask, on canvas: Bitmap
  ) throws(EngineError) {
    let copy = try Bitmap(width: canvas.width, height: canvas.height, hasAlpha: false)
    try copy.draw { context in
      cairo_set_source_surface(context, canvas.surface, 0, 0)
      cairo_paint(context)
    }
    try fields.paint(procedure, opacity: mark.opacity, blend: mark.blend, on: copy)
    try canvas.draw { context in
      var whole = mark
      (whole.blend, whole.opacity) = (.normal, 1)
      cairo_set_source_surface(context, copy.surface, 0, 0)
      show(whole, through: mask, in: context)
    }
  }

  private func place(
    _ context: OpaquePointer, x: Double, y: Double, scale: Double, turn: Double, _ bitmap: Bitmap
  ) {
    cairo_translate(context, x, y)
    cairo_scale(context, scale, scale)
    if turn != 0 {
      let (middleX, middleY) = (Double(bitmap.width) / 2, Double(bitmap.height) / 2)
      cairo_translate(context, middleX, middleY)
      cairo_rotate(context, turn)
      cairo_translate(context, -middleX, -middleY)
    }
  }

  /// The source is set already; the mask has a place of its own.
  private func show(_ mark: Frame.Mark, through mask: Frame.Mask, in context: OpaquePointer) {
    let bitmap = bitmaps[mask.bitmap]
    cairo_push_group(context)
    cairo_set_source(context, cairo_get_source(context))
    cairo_paint_with_alpha(context, mark.opacity)
    cairo_identity_matrix(context)
    cairo_reset_clip(context)
    place(context, x: mask.x, y: mask.y, scale: mask.scale, turn: mask.turn, bitmap)
    cairo_set_operator(context, mask.isInverted ? CAIRO_OPERATOR_DEST_OUT : CAIRO_OPERATOR_DEST_IN)
    cairo_set_source_surface(context, bitmap.surface, 0, 0)
    cairo_pattern_set_filter(cairo_get_source(context), CAIRO_FILTER_BILINEAR)
    cairo_paint(context)
    cairo_pop_group_to_source(context)
    cairo_set_operator(context, mark.blend.cairo)
    cairo_paint(context)
  }

  private func focus(_ bitmap: Int, moment: Int?, step: Int) throws(EngineError) -> SoftFocus {
    let key = SoftKey(bitmap: bitmap, moment: moment, step: step)
    if let known = soft[key] { return known }
    // A blur that changes every frame is not worth keeping for long.
    if soft.count >= 24 { soft.removeAll() }
    let made = try SoftFocus(of: bitmaps[bitmap], radius: Double(step) / 2)
    soft[key] = made
    return made
  }
}

extension BlendMode {
  var cairo: cairo_operator_t {
    switch self {
    case .normal: CAIRO_OPERATOR_OVER
    case .multiply: CAIRO_OPERATOR_MULTIPLY
    case .screen: CAIRO_OPERATOR_SCREEN
    case .overlay: CAIRO_OPERATOR_OVERLAY
    case .darken: CAIRO_OPERATOR_DARKEN
    case .lighten: CAIRO_OPERATOR_LIGHTEN
    case .difference: CAIRO_OPERATOR_DIFFERENCE
    case .exclusion: CAIRO_OPERATOR_EXCLUSION
    case .colourDodge: CAIRO_OPERATOR_COLOR_DODGE
    case .colourBurn: CAIRO_OPERATOR_COLOR_BURN
    case .hardLight: CAIRO_OPERATOR_HARD_LIGHT
    case .softLight: CAIRO_OPERATOR_SOFT_LIGHT
    case .add: CAIRO_OPERATOR_ADD
    }
  }
}
