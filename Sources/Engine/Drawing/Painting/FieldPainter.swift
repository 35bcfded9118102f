import CDrawing

/// Paints procedures. Gradients, meshes and clouds are computed at sixteen bits and dithered, so that no
/// bands show.
final class FieldPainter {
  private var vignette: (field: VignetteField, bitmap: Bitmap)?
  private var tile: (seed: UInt64, noise: [Int16])?
  private var scratch: Bitmap?

  func paint(
    _ procedure: Procedure, opacity: Double, blend: BlendMode, on canvas: Bitmap
  ) throws(EngineError) {
    switch procedure {
    case .grade(let grade):
      let curves = GradeCurves(grade, amount: opacity)
      _ = canvas.withPixels { pixels in
        curves.apply(pixels, stride: canvas.stride, width: canvas.width, height: canvas.height)
      }
    case .blur(let radius):
      guard radius * opacity > 0.25 else { return }
      let focus = try SoftFocus(of: canvas, radius: radius * opacity, bleeds: false)
      try lay(focus.bitmap, opacity: 1, blend: .normal, on: canvas)
    case .grain(let grain):
      paint(grain, opacity: opacity, on: canvas)
    case .vignette(let field):
      if vignette?.field != field { vignette = (field, try draw(field, as: canvas)) }
      if let vignette { try lay(vignette.bitmap, opacity: opacity, blend: blend, on: canvas) }
    case .particles(let field):
      try canvas.draw { context in
        cairo_set_operator(context, blend.cairo)
        if blend != .normal || opacity < 1 { cairo_push_group(context) }
        ParticlePainter(field: field, width: Double(canvas.width), height: Double(canvas.height))
          .draw(in: context)
        if blend != .normal || opacity < 1 {
          cairo_pop_group_to_source(context)
          cairo_paint_with_alpha(context, opacity)
        }
      }
    case .gradient, .mesh, .noise:
      guard opacity < 1 || blend != .normal || !procedure.coversPicture else {
        return fill(procedure, canvas)
      }
      let picture = try spare(like: canvas)
      fill(procedure, picture)
      try lay(picture, opacity: opacity, blend: blend, on: canvas)
    }
  }

  private func fill(_ procedure: Procedure, _ bitmap: Bitmap) {
    let (width, height, stride) = (bitmap.width, bitmap.height, bitmap.stride)
    _ = bitmap.withPixels { pixels in
      switch procedure {
      case .gradient(let field): field.fill(pixels, stride: stride, width: width, height: height)
      case .mesh(let field):
        LowField(width: width, height: height, cell: 8) { field.colour(x: $0, y: $1, $2) }
          .fill(pixels, stride: stride, width: width, height: height)
      case .noise(let field):
        LowField(width: width, height: height, cell: 6) { field.colour(x: $0, y: $1, $2) }
          .fill(pixels, stride: stride, width: width, height: height)
      default: break
      }
    }
  }

  private func spare(like canvas: Bitmap) throws(EngineError) -> Bitmap {
    if let scratch, scratch.width == canvas.width, scratch.height == canvas.height { return scratch }
    let made = try Bitmap(width: canvas.width, height: canvas.height)
    scratch = made
    return made
  }

  private func lay(
    _ bitmap: Bitmap, opacity: Double, blend: BlendMode, on canvas: Bitmap
  ) throws(EngineError) {
    try canvas.draw { context in
      cairo_set_operator(context, blend.cairo)
      cairo_set_source_surface(context, bitmap.surface, 0, 0)
      if opacity < 1 { cairo_paint_with_alpha(context, opacity) } else { cairo_paint(context) }
    }
  }

  private func draw(_ field: VignetteField, as canvas: Bitmap) throws(EngineError) -> Bitmap {
    let result = try Bitmap(width: canvas.width, height: canvas.height)
    let (width, height) = (Double(canvas.width), Double(canvas.height))
    try result.draw { context in
      cairo_scale(context, width / 2, height / 2)
      let pattern = cairo_pattern_create_radial(1, 1, 0, 1, 1, 2.0.squareRoot())
      for step in 0...16 {
        let p = Double(step) / 16
        let offset = field.start + (1 - field.start) * p
        let alpha = field.strength * p * p * (3 - 2 * p)
        cairo_pattern_add_color_stop_rgba(
          pattern, offset, Double(field.colour.red) / 255, Double(field.colour.green) / 255,
          Double(field.colour.blue) / 255, alpha)
      }
      cairo_set_source(context, pattern)
      cairo_pattern_destroy(pattern)
      cairo_paint(context)
    }
    return result
  }

  /// Adds noise, strongest in the middle tones as film does.
  private func paint(_ grain: GrainField, opacity: Double, on canvas: Bitmap) {
    let side = 256
    if tile?.seed != grain.seed {
      tile = (
        grain.seed,
        (0..<side * side).map { index in
          // The sum of four even numbers is close to a bell.
          let bits = Chance.bits(grain.seed, index)
          let sum = (0..<4).reduce(0) { $0 + Int(bits >> ($1 * 16) & 0xFFFF) }
          return Int16((sum - 131_070) / 512)
        }
      )
    }
    guard let noise = tile?.noise else { return }
    let shiftX = Int(Chance.bits(grain.seed, grain.frame, 1) & 255)
    let shiftY = Int(Chance.bits(grain.seed, grain.frame, 2) & 255)
    let strength = Int32((grain.strength * opacity * 256).rounded())
    _ = canvas.withPixels { pixels in
      noise.withUnsafeBufferPointer { noise in
        for row in 0..<canvas.height {
          var pixel = pixels + row &* canvas.stride
          let line = ((row &+ shiftY) & 255) &* side
          for column in 0..<canvas.width {
            let value = Int32(noise[line &+ ((column &+ shiftX) & 255)])
            let green = Int32(pixel[1])
            let weight = 96 &+ (green &* (255 &- green)) &>> 7
            let change = (value &* strength &* weight) &>> 16
            for channel in 0..<3 {
              pixel[channel] = UInt8(truncatingIfNeeded: min(255, max(0, Int32(pixel[channel]) &+ change)))
            }
            pixel += 4
          }
        }
      }
    }
  }
}
