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
  private let marks: MarkPainter
  private let passages = PassagePainter()

  init(stage: Stage) throws(EngineError) {
    self.stage = stage
    let (width, height) = (stage.timeline.width, stage.timeline.height)
    canvas = try Bitmap(width: width, height: height, hasAlpha: false)
    incoming = try Bitmap(width: width, height: height, hasAlpha: false)
    flat = try Bitmap(width: width, height: height, hasAlpha: false)
    marks = MarkPainter(bitmaps: stage.bitmaps)
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
      try show(flatMarks[...], on: flat)
      try lay(flat, then: frame.marks.dropFirst(steady))
    } else {
      try show(frame.marks[...], on: canvas)
    }
    if !frame.incoming.isEmpty {
      try show(frame.incoming[...], on: incoming)
      try passages.join(
        incoming, over: canvas, mix: frame.mix, passage: frame.passage, bitmaps: stage.bitmaps)
    }
    try show(frame.over[...], on: canvas)
    return true
  }

  private func lay(_ ground: Bitmap, then marks: ArraySlice<Frame.Mark>) throws(EngineError) {
    try canvas.draw { context in
      cairo_set_operator(context, CAIRO_OPERATOR_SOURCE)
      cairo_set_source_surface(context, ground.surface, 0, 0)
      cairo_paint(context)
      cairo_set_operator(context, CAIRO_OPERATOR_OVER)
    }
    try show(marks, on: canvas)
  }

  private func show(_ some: ArraySlice<Frame.Mark>, on bitmap: Bitmap) throws(EngineError) {
    for mark in some {
      if mark.isPlain {
        try bitmap.draw { draw(mark, stage.bitmaps[mark.bitmap], in: $0) }
      } else {
        try marks.show(mark, on: bitmap)
      }
    }
  }
}
