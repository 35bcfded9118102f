import CDrawing
import Foundation

/// Draws what fills a scene's picture and the veils over it.
struct GroundPainter {
  let width: Int
  let height: Int
  let palette: Palette

  func plain(_ colour: Colour) throws(EngineError) -> Bitmap {
    let bitmap = try Bitmap(width: width, height: height, hasAlpha: false)
    try bitmap.draw { context in
      setSource(context, colour)
      cairo_paint(context)
    }
    return bitmap
  }

  func gradient(_ gradient: GradientBackground) throws(EngineError) -> Bitmap {
    let bitmap = try Bitmap(width: width, height: height, hasAlpha: false)
    let (from, to) = (palette.colour(gradient.from), palette.colour(gradient.to))
    let angle = gradient.angle * .pi / 180
    let (dx, dy) = (cos(angle), sin(angle))
    // Long enough that the corners get the pure colours.
    let half = (abs(dx) * Double(width) + abs(dy) * Double(height)) / 2
    let (x, y) = (Double(width) / 2, Double(height) / 2)
    try bitmap.draw { context in
      let pattern = cairo_pattern_create_linear(x - dx * half, y - dy * half, x + dx * half, y + dy * half)
      for (offset, colour) in [(0.0, from), (1, to)] {
        cairo_pattern_add_color_stop_rgb(
          pattern, offset, Double(colour.red) / 255, Double(colour.green) / 255, Double(colour.blue) / 255)
      }
      cairo_set_source(context, pattern)
      cairo_pattern_destroy(pattern)
      cairo_paint(context)
    }
    return bitmap
  }

  /// A round light that fades to nothing.
  func glow(_ colour: Colour, diameter: Int, opacity: Double) throws(EngineError) -> Bitmap {
    let bitmap = try Bitmap(width: diameter, height: diameter)
    let radius = Double(diameter) / 2
    try bitmap.draw { context in
      let pattern = cairo_pattern_create_radial(radius, radius, 0, radius, radius, radius)
      for step in 0...8 {
        let p = Double(step) / 8
        let fall = (1 - p) * (1 - p) * (1 + 2 * p)
        cairo_pattern_add_color_stop_rgba(
          pattern, p, Double(colour.red) / 255, Double(colour.green) / 255, Double(colour.blue) / 255,
          fall * opacity)
      }
      cairo_set_source(context, pattern)
      cairo_pattern_destroy(pattern)
      cairo_paint(context)
    }
    return bitmap
  }

  /// Where a veil is dense, as shares of the picture's height or width, and whether it runs down or across.
  struct VeilShape {
    var isVertical: Bool
    /// Full density between these, fading over `fade` beyond each; outside 0…1 means "to the edge".
    var dense: ClosedRange<Double>
    var fade: Double
  }

  func veil(_ colour: Colour, opacity: Double, shape: VeilShape) throws(EngineError) -> Bitmap {
    let bitmap = try Bitmap(width: width, height: height)
    let stops = 12
    try bitmap.draw { context in
      // Stops that all fall on the edges would leave a gradient that paints nothing between them.
      if shape.dense.contains(0), shape.dense.contains(1) {
        setSource(context, colour, alpha: opacity)
        cairo_paint(context)
        return
      }
      let pattern =
        shape.isVertical
        ? cairo_pattern_create_linear(0, 0, 0, Double(height))
        : cairo_pattern_create_linear(0, 0, Double(width), 0)
      func stop(_ offset: Double, _ share: Double) {
        cairo_pattern_add_color_stop_rgba(
          pattern, min(1, max(0, offset)), Double(colour.red) / 255, Double(colour.green) / 255,
          Double(colour.blue) / 255, share * opacity)
      }
      for step in 0...stops {
        let p = Double(step) / Double(stops)
        stop(shape.dense.lowerBound - shape.fade * (1 - p), Easing.inOut(p))
      }
      for step in 0...stops {
        let p = Double(step) / Double(stops)
        stop(shape.dense.upperBound + shape.fade * p, Easing.inOut(1 - p))
      }
      cairo_set_source(context, pattern)
      cairo_pattern_destroy(pattern)
      cairo_paint(context)
    }
    return bitmap
  }
}
