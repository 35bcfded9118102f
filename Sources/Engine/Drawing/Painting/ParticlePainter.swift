import CDrawing
import Foundation

/// Draws particles where they are at one time: each has its own way, from the seed and its number alone.
struct ParticlePainter {
  let field: ParticleField
  let width: Double
  let height: Double

  func draw(in context: OpaquePointer) {
    for number in 0..<field.count {
      func chance(_ what: Int) -> Double { Chance.unit(field.seed, number, what) }
      // Far ones are small, slow and faint.
      let near = 0.35 + 0.65 * chance(0)
      let colour = field.colours[number % field.colours.count]
      let size = field.size * near
      let room = height + size * 2
      let speed = field.speed * height * (0.5 + 0.5 * near)
      let falls = field.form == .snow || field.form == .confetti
      let way = (chance(1) * room + field.time * speed).truncatingRemainder(dividingBy: room)
      let y = falls ? way - size : height + size - way
      let sway = sin(field.time * (0.5 + chance(2)) + chance(3) * 2 * .pi) * size * (falls ? 2.5 : 1.2)
      let x = chance(4) * width + sway
      let twinkle = 0.65 + 0.35 * sin(field.time * (0.8 + 1.6 * chance(5)) + chance(6) * 2 * .pi)
      switch field.form {
      case .dots: disc(context, x, y, size / 2, colour, near * twinkle)
      case .snow: glow(context, x, y, size / 2, colour, 0.9 * near)
      case .bokeh: bokeh(context, x, y, size / 2, colour, 0.30 * twinkle)
      case .sparks: spark(context, x, y, size, colour, near * twinkle)
      case .confetti:
        confetti(context, x, y, size, colour, spin: field.time * (1.5 + 3 * chance(7)) + chance(8) * 6)
      }
    }
  }

  private func disc(
    _ context: OpaquePointer, _ x: Double, _ y: Double, _ radius: Double, _ colour: Colour, _ alpha: Double
  ) {
    setSource(context, colour, alpha: alpha)
    cairo_arc(context, x, y, radius, 0, 2 * .pi)
    cairo_fill(context)
  }

  /// Soft towards its edge.
  private func glow(
    _ context: OpaquePointer, _ x: Double, _ y: Double, _ radius: Double, _ colour: Colour, _ alpha: Double
  ) {
    radial(context, x, y, radius, colour, [(0, alpha), (0.4, alpha * 0.75), (1, 0)])
  }

  /// A lens's disc of light: even, with a brighter rim.
  private func bokeh(
    _ context: OpaquePointer, _ x: Double, _ y: Double, _ radius: Double, _ colour: Colour, _ alpha: Double
  ) {
    radial(
      context, x, y, radius, colour,
      [(0, alpha * 0.7), (0.8, alpha * 0.8), (0.92, alpha * 1.3), (0.97, alpha), (1, 0)])
  }

  private func radial(
    _ context: OpaquePointer, _ x: Double, _ y: Double, _ radius: Double, _ colour: Colour,
    _ stops: [(Double, Double)]
  ) {
    guard let pattern = cairo_pattern_create_radial(x, y, 0, x, y, radius) else { return }
    for (offset, alpha) in stops {
      cairo_pattern_add_color_stop_rgba(
        pattern, offset, Double(colour.red) / 255, Double(colour.green) / 255, Double(colour.blue) / 255,
        min(1, alpha) * Double(colour.alpha) / 255)
    }
    cairo_set_source(context, pattern)
    cairo_pattern_destroy(pattern)
    cairo_arc(context, x, y, radius, 0, 2 * .pi)
    cairo_fill(context)
  }

  private func spark(
    _ context: OpaquePointer, _ x: Double, _ y: Double, _ length: Double, _ colour: Colour, _ alpha: Double
  ) {
    setSource(context, colour, alpha: alpha)
    cairo_set_line_width(context, max(1, length * 0.12))
    cairo_set_line_cap(context, CAIRO_LINE_CAP_ROUND)
    cairo_move_to(context, x, y - length / 2)
    cairo_line_to(context, x, y + length / 2)
    cairo_stroke(context)
  }

  /// A slip of paper, seen ever more and less from its edge.
  private func confetti(
    _ context: OpaquePointer, _ x: Double, _ y: Double, _ size: Double, _ colour: Colour, spin: Double
  ) {
    let flat = cos(spin * 1.7)
    cairo_save(context)
    cairo_translate(context, x, y)
    cairo_rotate(context, spin * 0.6)
    cairo_scale(context, 1, abs(flat) < 0.08 ? 0.08 : flat)
    // The back of the paper is darker.
    setSource(context, flat < 0 ? colour.mixed(with: .black, 0.22) : colour)
    cairo_rectangle(context, -size / 2, -size * 0.32, size, size * 0.64)
    cairo_fill(context)
    cairo_restore(context)
  }
}
