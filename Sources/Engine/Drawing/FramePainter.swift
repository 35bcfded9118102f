import CDrawing

/// Lays `mark`'s bitmap over what `context` shows.
func draw(_ mark: Frame.Mark, _ bitmap: Bitmap, in context: OpaquePointer) {
  cairo_save(context)
  cairo_translate(context, mark.x, mark.y)
  if mark.scale != 1 { cairo_scale(context, mark.scale, mark.scale) }
  cairo_set_source_surface(context, bitmap.surface, 0, 0)
  let pattern = cairo_get_source(context)
  cairo_pattern_set_filter(pattern, CAIRO_FILTER_BILINEAR)
  if !bitmap.hasAlpha {
    cairo_pattern_set_extend(pattern, CAIRO_EXTEND_PAD)
    cairo_set_operator(context, CAIRO_OPERATOR_SOURCE)
  }
  if mark.opacity < 1 { cairo_paint_with_alpha(context, mark.opacity) } else { cairo_paint(context) }
  cairo_restore(context)
}

/// Composes frames into one picture, drawing again only what changed: an equal frame costs nothing, and the
/// marks that stay the same from the bottom up are kept as one flat picture.
final class FramePainter {
  /// The picture as it stands.
  let canvas: Bitmap
  private let stage: Stage
  private let incoming: Bitmap
  private let flat: Bitmap
  private var flatMarks: [Frame.Mark] = []
  private var last: Frame?

  init(stage: Stage) throws(EngineError) {
    self.stage = stage
    let (width, height) = (stage.timeline.width, stage.timeline.height)
    canvas = try Bitmap(width: width, height: height, hasAlpha: false)
    incoming = try Bitmap(width: width, height: height, hasAlpha: false)
    flat = try Bitmap(width: width, height: height, hasAlpha: false)
  }

  /// Makes `canvas` show frame `number`; false when it did so already.
  func paint(_ number: Int) throws(EngineError) -> Bool {
    let frame = stage.timeline.frame(number)
    guard frame != last else { return false }
    defer { last = frame }
    let steady = zip(frame.marks, last?.marks ?? []).prefix { $0 == $1 }.count
    if !flatMarks.isEmpty, frame.marks.starts(with: flatMarks), steady <= flatMarks.count {
      try lay(flat, then: frame.marks.dropFirst(flatMarks.count))
    } else if steady > 1 {
      flatMarks = Array(frame.marks.prefix(steady))
      try flat.draw { context in
        for mark in flatMarks { show(mark, in: context) }
      }
      try lay(flat, then: frame.marks.dropFirst(steady))
    } else {
      try canvas.draw { context in
        for mark in frame.marks { show(mark, in: context) }
      }
    }
    if !frame.incoming.isEmpty { try blend(frame) }
    return true
  }

  private func lay(_ ground: Bitmap, then marks: ArraySlice<Frame.Mark>) throws(EngineError) {
    try canvas.draw { context in
      cairo_set_operator(context, CAIRO_OPERATOR_SOURCE)
      cairo_set_source_surface(context, ground.surface, 0, 0)
      cairo_paint(context)
      cairo_set_operator(context, CAIRO_OPERATOR_OVER)
      for mark in marks { show(mark, in: context) }
    }
  }

  private func blend(_ frame: Frame) throws(EngineError) {
    try incoming.draw { context in
      for mark in frame.incoming { show(mark, in: context) }
    }
    try canvas.draw { context in
      cairo_set_source_surface(context, incoming.surface, 0, 0)
      cairo_paint_with_alpha(context, frame.mix)
    }
  }

  private func show(_ mark: Frame.Mark, in context: OpaquePointer) {
    draw(mark, stage.bitmaps[mark.bitmap], in: context)
  }
}
