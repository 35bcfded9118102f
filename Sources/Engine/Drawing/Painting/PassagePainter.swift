import CDrawing

/// Joins the picture of the scene that goes and of the one that comes.
final class PassagePainter {
  private var before: Bitmap?

  /// Makes `canvas`, which shows the scene that goes, show the passage at `mix`.
  func join(
    _ incoming: Bitmap, over canvas: Bitmap, mix: Double, passage: Passage, bitmaps: [Bitmap]
  ) throws(EngineError) {
    let (width, height) = (Double(canvas.width), Double(canvas.height))
    switch passage {
    case .crossfade:
      try lay(incoming, on: canvas, alpha: mix)
    case .slide(let direction):
      let old = try copy(canvas)
      let (dx, dy) = direction.vector
      try lay(old, on: canvas, x: dx * mix * width, y: dy * mix * height)
      try lay(incoming, on: canvas, x: dx * (mix - 1) * width, y: dy * (mix - 1) * height)
    case .wipe(let direction, let softness):
      reveal(incoming, over: canvas, mix: mix, softness: softness) { x, y in
        switch direction {
        case .right: (Double(x) + 0.5) / width
        case .left: 1 - (Double(x) + 0.5) / width
        case .down: (Double(y) + 0.5) / height
        case .up: 1 - (Double(y) + 0.5) / height
        }
      }
    case .zoom:
      let old = try copy(canvas)
      try lay(old, on: canvas, scale: 1 + 0.9 * mix)
      let alpha = min(1, max(0, (mix - 0.15) / 0.6))
      try lay(incoming, on: canvas, scale: 0.82 + 0.18 * mix, alpha: alpha, isBackFilled: true)
    case .whip(let direction):
      try whip(incoming, over: canvas, mix: mix, direction)
    case .luma(let index, let softness):
      let map = bitmaps[index]
      let stride = map.stride
      _ = map.withPixels { pixels in
        reveal(incoming, over: canvas, mix: mix, softness: softness) { x, y in
          Double((pixels + y * stride + x * 4)[1]) / 255
        }
      }
    }
  }

  /// A slide at which the eye sees only streaks: the mean of several places along the way.
  private func whip(
    _ incoming: Bitmap, over canvas: Bitmap, mix: Double, _ direction: Passage.Direction
  ) throws(EngineError) {
    let old = try copy(canvas)
    let (dx, dy) = direction.vector
    let (width, height) = (Double(canvas.width), Double(canvas.height))
    // Fastest in the middle.
    let reach = 0.22 * 4 * mix * (1 - mix)
    let count = 14
    for sample in 0..<count {
      let way = mix + reach * (Double(sample) / Double(count - 1) - 0.5)
      let strip = try pair(old, incoming, way: min(1, max(0, way)), dx * width, dy * height, like: canvas)
      try lay(strip, on: canvas, alpha: 1 / Double(sample + 1))
    }
    // The places are some way apart; a second, finer smear closes the gaps between their copies.
    let rough = try copy(canvas)
    let gap = reach / Double(count - 1)
    for sample in 1..<8 {
      let shift = gap * (Double(sample) / 8 - 0.5)
      try lay(
        rough, on: canvas, x: dx * shift * width, y: dy * shift * height, alpha: 1 / Double(sample + 1),
        isBackFilled: true)
    }
  }

  private var strip: Bitmap?

  private func pair(
    _ old: Bitmap, _ new: Bitmap, way: Double, _ dx: Double, _ dy: Double, like canvas: Bitmap
  ) throws(EngineError) -> Bitmap {
    let target: Bitmap
    if let strip, strip.width == canvas.width, strip.height == canvas.height {
      target = strip
    } else {
      target = try Bitmap(width: canvas.width, height: canvas.height, hasAlpha: false)
      strip = target
    }
    try lay(old, on: target, x: (dx * way).rounded(), y: (dy * way).rounded())
    try lay(new, on: target, x: (dx * (way - 1)).rounded(), y: (dy * (way - 1)).rounded())
    return target
  }

  private func copy(_ canvas: Bitmap) throws(EngineError) -> Bitmap {
    let target: Bitmap
    if let before, before.width == canvas.width, before.height == canvas.height {
      target = before
    } else {
      target = try Bitmap(width: canvas.width, height: canvas.height, hasAlpha: false)
      before = target
    }
    try lay(canvas, on: target)
    return target
  }

  private func lay(
    _ bitmap: Bitmap, on canvas: Bitmap, x: Double = 0, y: Double = 0, scale: Double = 1, alpha: Double = 1,
    isBackFilled: Bool = false
  ) throws(EngineError) {
    try canvas.draw { context in
      let (middleX, middleY) = (Double(canvas.width) / 2, Double(canvas.height) / 2)
      cairo_translate(context, x + middleX, y + middleY)
      cairo_scale(context, scale, scale)
      cairo_set_source_surface(context, bitmap.surface, -middleX, -middleY)
      let pattern = cairo_get_source(context)
      cairo_pattern_set_filter(pattern, CAIRO_FILTER_BILINEAR)
      if isBackFilled { cairo_pattern_set_extend(pattern, CAIRO_EXTEND_REFLECT) }
      if alpha < 1 { cairo_paint_with_alpha(context, alpha) } else { cairo_paint(context) }
    }
  }

  /// Shows `incoming` where `order` (0…1) is behind the front, over an edge `softness` wide.
  private func reveal(
    _ incoming: Bitmap, over canvas: Bitmap, mix: Double, softness: Double, order: (Int, Int) -> Double
  ) {
    let soft = max(0.002, softness)
    let front = mix * (1 + soft)
    let (stride, fromStride) = (canvas.stride, incoming.stride)
    _ = incoming.withPixels { source in
      canvas.withPixels { pixels in
        for y in 0..<canvas.height {
          var (to, from) = (pixels + y &* stride, source + y &* fromStride)
          for x in 0..<canvas.width {
            let p = min(1, max(0, (front - order(x, y)) / soft))
            let weight = Int32(p * p * (3 - 2 * p) * 256)
            if weight > 0 {
              for channel in 0..<3 {
                let (a, b) = (Int32(to[channel]), Int32(from[channel]))
                to[channel] = UInt8(truncatingIfNeeded: a &+ ((b &- a) &* weight &+ 128) &>> 8)
              }
            }
            to += 4
            from += 4
          }
        }
      }
    }
  }
}

extension Passage.Direction {
  var vector: (x: Double, y: Double) {
    switch self {
    case .left: (-1, 0)
    case .right: (1, 0)
    case .up: (0, -1)
    case .down: (0, 1)
    }
  }
}
