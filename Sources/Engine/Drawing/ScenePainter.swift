import CDrawing

/// Keeps one scene's picture up to date: from frame to frame only the parts are painted, and later converted,
/// that differ. Belongs to one thread.
final class ScenePainter {
  /// Alpha is 255 everywhere.
  let canvas: Bitmap
  private let rows: PixelRows
  private let workshop: Workshop
  private var shown: [Frame.Mark]?
  /// The marks that stay as they are for as long as this painter is used, as one picture.
  private var flat: (picture: Bitmap, rows: PixelRows)?
  private let steady: Int
  private var planes: PlanarPicture?
  /// Where `canvas` differs from `planes`.
  private var unconverted: DirtyRegion

  /// What the painters of one thread share.
  final class Workshop {
    let width: Int
    let height: Int
    /// Those that stand for clips hold the frame that was laid last.
    private(set) var rasters: [Raster]
    let scratch: SamplerScratch
    private let views: [Bitmap]
    private var reels: [Int: Reel] = [:]
    /// For what kernels cannot do.
    let marks: MarkPainter

    private struct Reel {
      let source: any FrameSource
      /// What `rasters` holds.
      var moment: Int?
    }

    /// - Parameter clips: those among `rasters` that are filled frame by frame.
    init(
      width: Int, height: Int, rasters: [Raster], clips: [Int: FootageClip] = [:]
    ) throws(EngineError) {
      self.width = width
      self.height = height
      var (rasters, views) = (rasters, [Bitmap]())
      views.reserveCapacity(rasters.count)
      for index in rasters.indices {
        guard let clip = clips[index] else {
          views.append(try Bitmap(viewing: rasters[index]))
          continue
        }
        let bitmap = try clip.blank()
        rasters[index] = try Raster(bitmap)
        views.append(bitmap)
        reels[index] = Reel(source: FootageReel(clip))
      }
      self.rasters = rasters
      scratch = SamplerScratch(columns: width)
      self.views = views
      marks = MarkPainter(bitmaps: views)
    }

    var bitmaps: [Bitmap] { views }
    var canvas: PixelBox { PixelBox(left: 0, top: 0, right: width, bottom: height) }

    func laying(_ mark: Frame.Mark) -> MarkLaying { MarkLaying(mark, rasters: rasters, canvas: canvas) }

    /// Makes the bitmap of a mark that shows a clip hold that mark's frame.
    private func load(_ mark: Frame.Mark) throws(EngineError) {
      guard let moment = mark.moment, var reel = reels[mark.bitmap], reel.moment != moment else { return }
      let bitmap = views[mark.bitmap]
      try reel.source.draw(moment, on: bitmap)
      if bitmap.hasAlpha { rasters[mark.bitmap] = try Raster(bitmap) }
      reel.moment = moment
      reels[mark.bitmap] = reel
    }

    /// Lays `mark` over `picture`, whose pixels are `rows`; cairo's ways take no notice of `box`.
    func lay(
      _ mark: Frame.Mark, _ laying: MarkLaying, on picture: Bitmap, _ rows: PixelRows, in box: PixelBox
    ) throws(EngineError) {
      try load(mark)
      if laying.isByKernel {
        let raster = rasters.indices.contains(mark.bitmap) ? rasters[mark.bitmap] : nil
        laying.lay(raster, on: rows, in: box, scratch)
      } else {
        cairo_surface_mark_dirty(picture.surface)
        try marks.show(mark, on: picture)
        cairo_surface_flush(picture.surface)
        // Cairo does not write the fourth byte of pictures without alpha, kernels do not read it.
      }
    }
  }

  /// - Parameter steady: how many marks, from the bottom up, every frame this painter will see has in common.
  init(_ workshop: Workshop, steady: Int) throws(EngineError) {
    self.workshop = workshop
    self.steady = steady
    canvas = try Bitmap(width: workshop.width, height: workshop.height, hasAlpha: false)
    rows = try canvas.rows()
    unconverted = DirtyRegion(canvas: workshop.canvas)
  }

  /// Makes `canvas` show `marks`; false when it did so already.
  func show(_ marks: [Frame.Mark]) throws(EngineError) -> Bool {
    guard marks != shown else { return false }
    let layings = marks.map(workshop.laying)
    let kept = try keepFlat(marks, layings)
    var dirty = DirtyRegion(canvas: workshop.canvas)
    if let shown, layings.dropFirst(kept).allSatisfy(\.isByKernel),
      shown.dropFirst(kept).allSatisfy({ workshop.laying($0).isByKernel })
    {
      mark(changesFrom: shown, to: marks, layings, in: &dirty)
    } else {
      dirty.addAll()
    }
    for box in dirty.boxes {
      if let flat, kept > 0 {
        rows.copy(flat.rows, in: box)
      } else if layings.first?.isCovering != true {
        rows.fill(box, with: 0xFF00_0000)
      }
      for index in kept..<marks.count where !layings[index].reach.intersection(box).isEmpty {
        try workshop.lay(marks[index], layings[index], on: canvas, rows, in: box)
      }
      unconverted.add(box)
    }
    cairo_surface_mark_dirty(canvas.surface)
    shown = marks
    return true
  }

  /// The picture in I420.
  func converted() throws(EngineError) -> PlanarPicture {
    let picture: PlanarPicture
    if let planes {
      picture = planes
    } else {
      picture = try PlanarPicture(width: workshop.width, height: workshop.height)
      planes = picture
      unconverted.addAll()
    }
    guard !unconverted.isEmpty else { return picture }
    let planar = try picture.writable()
    for box in unconverted.boxes { PlanarConversion.convert(rows, in: box, to: planar) }
    unconverted.clear()
    return picture
  }

  /// How many marks the flat picture stands for.
  private func keepFlat(_ marks: [Frame.Mark], _ layings: [MarkLaying]) throws(EngineError) -> Int {
    // One mark that is copied anyway gains nothing from being copied before.
    guard steady > 0, steady < marks.count || flat != nil, layings.first?.isCovering == true else { return 0 }
    if flat == nil {
      let picture = try Bitmap(width: workshop.width, height: workshop.height, hasAlpha: false)
      let pixels = try picture.rows()
      for index in 0..<steady {
        try workshop.lay(marks[index], layings[index], on: picture, pixels, in: workshop.canvas)
      }
      flat = (picture, pixels)
    }
    return steady
  }

  /// Marks that went, came or changed, where they were and where they are.
  private func mark(
    changesFrom old: [Frame.Mark], to new: [Frame.Mark], _ layings: [MarkLaying], in dirty: inout DirtyRegion
  ) {
    if old.count == new.count {
      for index in new.indices where old[index] != new[index] {
        dirty.add(workshop.laying(old[index]).reach)
        dirty.add(layings[index].reach)
      }
      return
    }
    let head = zip(old, new).prefix { $0 == $1 }.count
    let tail = zip(old.dropFirst(head).reversed(), new.dropFirst(head).reversed()).prefix { $0 == $1 }.count
    for mark in old[head..<(old.count - tail)] { dirty.add(workshop.laying(mark).reach) }
    for index in head..<(new.count - tail) { dirty.add(layings[index].reach) }
  }
}
