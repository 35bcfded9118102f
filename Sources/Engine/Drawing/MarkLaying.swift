/// How a mark reaches the picture: by one of the kernels, or by cairo.
struct MarkLaying {
  enum Way {
    /// Whole pixels, no scaling.
    case copy(x: Int, y: Int)
    case scale(ScaledSampler, isCovering: Bool)
    case turn(TurnedSampler)
    case gradient(GradientField)
    /// Masks, blend modes, blurs and formulas that read what is beneath.
    case cairo
  }

  let way: Way
  /// The part of the picture it may change.
  let reach: PixelBox
  /// 0…255.
  let opacity: UInt32
  /// True when nothing beneath shows through.
  let isCovering: Bool

  var isByKernel: Bool { if case .cairo = way { false } else { true } }

  init(_ mark: Frame.Mark, rasters: [Raster], canvas: PixelBox) {
    opacity = UInt32((min(1, max(0, mark.opacity)) * 255).rounded())
    if case .gradient(let field) = mark.procedure, field.form == .linear, field.isOpaque, mark.opacity >= 1,
      mark.blend == .normal, mark.mask == nil
    {
      way = .gradient(field)
      (reach, isCovering) = (canvas, true)
      return
    }
    let step = Int((mark.blur / max(mark.scale, 1e-6) * 2).rounded())
    guard mark.procedure == nil, mark.blend == .normal, mark.mask == nil, mark.window == nil, step == 0,
      rasters.indices.contains(mark.bitmap), mark.scale >= Self.smallestScale
    else {
      way = .cairo
      reach = canvas
      isCovering =
        mark.procedure?.coversPicture == true && mark.opacity >= 1 && mark.blend == .normal
        && mark.mask == nil
      return
    }
    let raster = rasters[mark.bitmap]
    let rows = raster.rows
    if mark.turn != 0 {
      let sampler = TurnedSampler(rows, x: mark.x, y: mark.y, scale: mark.scale, turn: mark.turn)
      way = .turn(sampler)
      (reach, isCovering) = (sampler.reach.intersection(canvas), false)
    } else if mark.scale == 1, mark.x == mark.x.rounded(), mark.y == mark.y.rounded() {
      let (x, y) = (Fixed.pixel(mark.x), Fixed.pixel(mark.y))
      way = .copy(x: x, y: y)
      let box = PixelBox(left: x, top: y, right: x + rows.width, bottom: y + rows.height)
      reach = box.intersection(canvas)
      isCovering = raster.isOpaque && opacity == 255 && reach == canvas
    } else {
      let slack = 1e-6 * mark.scale + 1e-9
      let isFull =
        mark.x <= slack && mark.y <= slack
        && mark.x + Double(rows.width) * mark.scale >= Double(canvas.right) - slack - 0.5
        && mark.y + Double(rows.height) * mark.scale >= Double(canvas.bottom) - slack - 0.5
      let fills = raster.isOpaque && isFull
      way = .scale(
        ScaledSampler(
          rows, x: mark.x, y: mark.y, scale: mark.scale, outside: fills ? .edge : .transparent),
        isCovering: fills)
      reach =
        fills
        ? canvas
        : ScaledSampler.reach(
          width: rows.width, height: rows.height, x: mark.x, y: mark.y, scale: mark.scale
        ).intersection(canvas)
      isCovering = fills && opacity == 255
    }
  }

  /// Below this, two pixels in each direction are too few to stand for those between: cairo takes more.
  private static let smallestScale = 0.6

  /// Lays the mark over `target` within `box`; `raster` is the mark's. Not for what cairo has to do.
  func lay(_ raster: Raster?, on target: PixelRows, in box: PixelBox, _ scratch: SamplerScratch) {
    let box = box.intersection(reach)
    guard !box.isEmpty, opacity > 0 else { return }
    switch way {
    case .copy(let x, let y):
      if let raster { copy(raster, x, y, on: target, in: box) }
    case .scale(let sampler, let isCovering):
      sampler.lay(on: target, in: box, opacity: opacity, isCovering: isCovering, scratch)
    case .turn(let sampler): sampler.lay(on: target, in: box, opacity: opacity, scratch)
    case .gradient(let field):
      LinearGradient(field, width: target.width, height: target.height).fill(target, in: box)
    case .cairo: break
    }
  }

  private func copy(_ raster: Raster, _ x: Int, _ y: Int, on target: PixelRows, in box: PixelBox) {
    for row in box.top..<box.bottom {
      guard let coverage = raster.coverage else {
        let (to, from) = (target.at(box.left, row), raster.rows.at(box.left - x, row - y))
        if opacity == 255 {
          to.copyMemory(from: from, byteCount: box.width * 4)
        } else {
          AlphaOver.row(to, from, count: box.width, opacity: opacity)
        }
        continue
      }
      for run in coverage[row - y] {
        let (start, end) = (max(Int(run.start) + x, box.left), min(Int(run.end) + x, box.right))
        guard start < end else { continue }
        let (to, from) = (target.at(start, row), raster.rows.at(start - x, row - y))
        if run.isOpaque, opacity == 255 {
          to.copyMemory(from: from, byteCount: (end - start) * 4)
        } else {
          AlphaOver.row(to, from, count: end - start, opacity: opacity)
        }
      }
    }
  }
}
