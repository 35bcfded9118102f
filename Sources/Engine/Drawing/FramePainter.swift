import CDrawing

/// Lays a plain mark's bitmap over what `context` shows, at any scale the context has.
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

/// Makes the frames of a film, as pixels or as what an encoder takes. Belongs to one thread.
final class FramePainter {
  /// The picture as `paint` left it.
  private(set) var canvas: Bitmap
  private let film: Film
  private let workshop: ScenePainter.Workshop
  private let below: ScenePainter
  private let aboveSteady: Int
  private var above: ScenePainter?
  private var joined: (picture: Bitmap, rows: PixelRows)?
  private var planes: PlanarPicture?
  private let passages = PassagePainter()
  private var last: Frame?
  private var lastPlanes: (number: Int, picture: PlanarPicture)?

  /// A painter for some of a film's frames: what all of them have in common is painted once.
  init(_ film: Film, frames: Range<Int>) throws(EngineError) {
    self.film = film
    let shown = film.frames[frames]
    // Clips that other frames show need no memory here.
    let used =
      film.clips.isEmpty ? [] : Set(shown.flatMap { ($0.marks + $0.incoming + $0.over).map(\.bitmap) })
    workshop = try ScenePainter.Workshop(
      width: film.width, height: film.height, rasters: film.rasters,
      clips: film.clips.filter { used.contains($0.key) })
    below = try ScenePainter(workshop, steady: Self.steady(shown.map(Self.marksBelow)))
    aboveSteady = Self.steady(shown.lazy.map(\.incoming).filter { !$0.isEmpty })
    canvas = below.canvas
  }

  convenience init(stage: Stage) throws(EngineError) {
    let film = try Film(stage)
    try self.init(film, frames: 0..<film.frames.count)
  }

  /// Makes `canvas` show frame `number`; false when it did so already.
  func paint(_ number: Int) throws(EngineError) -> Bool {
    let frame = film.frames[number]
    guard frame != last else { return false }
    defer { last = frame }
    _ = try below.show(Self.marksBelow(frame))
    guard !frame.incoming.isEmpty else {
      canvas = below.canvas
      return true
    }
    let (picture, rows) = try join(frame)
    for mark in frame.over {
      try workshop.lay(mark, workshop.laying(mark), on: picture, rows, in: rows.box)
    }
    cairo_surface_mark_dirty(picture.surface)
    canvas = picture
    return true
  }

  /// Frame `number` in I420; to be read before the next call.
  func planes(_ number: Int) throws(EngineError) -> PlanarPicture {
    let frame = film.frames[number]
    if let lastPlanes, film.frames[lastPlanes.number] == frame { return lastPlanes.picture }
    let picture = try convert(frame, number)
    lastPlanes = (number, picture)
    return picture
  }

  private func convert(_ frame: Frame, _ number: Int) throws(EngineError) -> PlanarPicture {
    if frame.incoming.isEmpty {
      _ = try below.show(Self.marksBelow(frame))
      return try below.converted()
    }
    let target: PlanarPicture
    if let planes {
      target = planes
    } else {
      target = try PlanarPicture(width: film.width, height: film.height)
      planes = target
    }
    if frame.passage == .crossfade, frame.over.isEmpty {
      _ = try below.show(frame.marks)
      let upper = try incoming(frame)
      let (old, new) = try (below.converted().rows, upper.converted().rows)
      PlanarMix.planes(old, new, weight: Self.weight(frame.mix), to: try target.writable())
      return target
    }
    _ = try paint(number)
    let rows = try canvas.rows()
    PlanarConversion.convert(rows, in: rows.box, to: try target.writable())
    return target
  }

  /// Both scenes in one picture.
  private func join(_ frame: Frame) throws(EngineError) -> (picture: Bitmap, rows: PixelRows) {
    let upper = try incoming(frame)
    let target: (picture: Bitmap, rows: PixelRows)
    if let joined {
      target = joined
    } else {
      let picture = try Bitmap(width: film.width, height: film.height, hasAlpha: false)
      target = (picture, try picture.rows())
      joined = target
    }
    let (old, new) = try (below.canvas.rows(), upper.canvas.rows())
    if frame.passage == .crossfade {
      for row in 0..<film.height {
        PlanarMix.mix(
          old.at(0, row), new.at(0, row), target.rows.at(0, row), count: film.width * 4,
          weight: Self.weight(frame.mix))
      }
    } else {
      target.rows.copy(old, in: old.box)
      cairo_surface_mark_dirty(target.picture.surface)
      try passages.join(
        upper.canvas, over: target.picture, mix: frame.mix, passage: frame.passage,
        bitmaps: workshop.bitmaps)
      cairo_surface_flush(target.picture.surface)
    }
    return target
  }

  private func incoming(_ frame: Frame) throws(EngineError) -> ScenePainter {
    let painter: ScenePainter
    if let above {
      painter = above
    } else {
      painter = try ScenePainter(workshop, steady: aboveSteady)
      above = painter
    }
    _ = try painter.show(frame.incoming)
    return painter
  }

  /// Parts of 256.
  private static func weight(_ mix: Double) -> Int { Int((min(1, max(0, mix)) * 256).rounded()) }

  /// What lies over scenes and passages alike lies over a scene like any other mark, while there is but one.
  private static func marksBelow(_ frame: Frame) -> [Frame.Mark] {
    frame.incoming.isEmpty && !frame.over.isEmpty ? frame.marks + frame.over : frame.marks
  }

  /// How many marks all of `lists` begin with.
  private static func steady(_ lists: some Sequence<[Frame.Mark]>) -> Int {
    var common: [Frame.Mark]?
    for list in lists {
      guard let known = common else {
        common = list
        continue
      }
      let count = zip(known, list).prefix { $0 == $1 }.count
      if count < known.count { common = Array(known.prefix(count)) }
    }
    return common?.count ?? 0
  }
}
