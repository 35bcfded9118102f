import CDrawing
import Foundation

/// Draws layers' bitmaps. Sizes in pixels; `density` is how much larger than at rest it draws, for layers
/// that will grow.
struct LayerArt {
  let palette: Palette
  let unit: Double
  var density = 1.0

  /// A bitmap and where its top left lies, seen from the box's, at rest.
  struct Painted {
    var bitmap: Bitmap
    var x: Double
    var y: Double
  }

  func colour(_ reference: ColourReference) -> Colour { palette.colour(reference) }

  /// A bitmap around a box of `width` by `height`, `margin` wider on every side, with `body` drawn where the
  /// box's top left is the origin, over its shadow.
  func paint(
    width: Double, height: Double, margin: Double = 0, shadow: Shadow? = nil,
    _ body: (OpaquePointer) throws(EngineError) -> Void
  ) throws(EngineError) -> Painted {
    let reach = shadow.map { ($0.radius * 0.2 + abs($0.drop)) * unit } ?? 0
    let pad = (margin + reach).rounded(.up)
    let bitmap = try Bitmap(
      width: Int(((width + pad * 2) * density).rounded(.up)),
      height: Int(((height + pad * 2) * density).rounded(.up)))
    try bitmap.draw { (context) throws(EngineError) in
      cairo_scale(context, density, density)
      cairo_translate(context, pad, pad)
      try body(context)
    }
    guard let shadow else { return Painted(bitmap: bitmap, x: -pad, y: -pad) }
    let soft = try SoftShadow(
      of: bitmap, radius: max(0.5, shadow.radius * unit * density), drop: shadow.drop * unit * density,
      colour: colour(shadow.colour), opacity: shadow.opacity)
    let under = Double(soft.margin)
    try soft.bitmap.draw { context in
      cairo_set_source_surface(context, bitmap.surface, under, under)
      cairo_paint(context)
    }
    return Painted(bitmap: soft.bitmap, x: -pad - under / density, y: -pad - under / density)
  }

  func setFill(
    _ fill: Fill, in context: OpaquePointer, width: Double, height: Double, opacity: Double = 1
  ) {
    switch fill {
    case .colour(let reference): setSource(context, colour(reference), alpha: opacity)
    case .gradient(let from, let to, let degrees):
      let angle = degrees * .pi / 180
      let (dx, dy) = (cos(angle), sin(angle))
      let half = (abs(dx) * width + abs(dy) * height) / 2
      let pattern = cairo_pattern_create_linear(
        width / 2 - dx * half, height / 2 - dy * half, width / 2 + dx * half, height / 2 + dy * half)
      for (offset, reference) in [(0.0, from), (1, to)] {
        let colour = colour(reference)
        cairo_pattern_add_color_stop_rgba(
          pattern, offset, Double(colour.red) / 255, Double(colour.green) / 255, Double(colour.blue) / 255,
          Double(colour.alpha) / 255 * opacity)
      }
      cairo_set_source(context, pattern)
      cairo_pattern_destroy(pattern)
    }
  }

  /// Strokes the path inside its edge.
  func stroke(_ border: Border?, in context: OpaquePointer) {
    guard let border else { return cairo_new_path(context) }
    cairo_save(context)
    cairo_clip_preserve(context)
    setSource(context, colour(border.colour))
    cairo_set_line_width(context, border.width * unit * 2)
    cairo_stroke(context)
    cairo_restore(context)
  }

  func figure(_ figure: Figure, width: Double, height: Double) throws(EngineError) -> Painted {
    try paint(width: width, height: height, margin: 1, shadow: figure.shadow) { context in
      if figure.shape == .line {
        let border = figure.border ?? Border(colour: .light, width: 4)
        if let fill = figure.fill {
          setFill(fill, in: context, width: width, height: height)
        } else {
          setSource(context, colour(border.colour))
        }
        cairo_rectangle(context, 0, 0, width, height)
        cairo_fill(context)
        return
      }
      Self.path(
        figure.shape, in: context, width: width, height: height, radius: figure.radius * unit,
        points: figure.points)
      if let fill = figure.fill {
        setFill(fill, in: context, width: width, height: height)
        cairo_fill_preserve(context)
      }
      stroke(figure.border, in: context)
    }
  }

  static func path(
    _ shape: ShapeChoice, in context: OpaquePointer, width: Double, height: Double, radius: Double,
    points: Int
  ) {
    switch shape {
    case .rectangle, .line:
      if radius > 0 {
        addRoundedRectangle(context, x: 0, y: 0, width: width, height: height, radius: radius)
      } else {
        cairo_rectangle(context, 0, 0, width, height)
      }
    case .ellipse: ellipse(context, width, height)
    case .polygon, .star:
      let count = shape == .star ? points * 2 : points
      for index in 0..<count {
        let angle = Double(index) / Double(count) * 2 * .pi - .pi / 2
        let reach = shape == .star && index % 2 == 1 ? 0.45 : 1.0
        let (x, y) = (width / 2 * (1 + cos(angle) * reach), height / 2 * (1 + sin(angle) * reach))
        if index == 0 { cairo_move_to(context, x, y) } else { cairo_line_to(context, x, y) }
      }
      cairo_close_path(context)
    }
  }

  static func ellipse(_ context: OpaquePointer, _ width: Double, _ height: Double) {
    cairo_save(context)
    cairo_translate(context, width / 2, height / 2)
    cairo_scale(context, width / 2, height / 2)
    cairo_new_sub_path(context)
    cairo_arc(context, 0, 0, 1, 0, 2 * .pi)
    cairo_close_path(context)
    cairo_restore(context)
  }

  /// A picture in its box.
  func image(_ bitmap: Bitmap, _ image: ImageBox, width: Double, height: Double) throws(EngineError)
    -> Painted
  {
    try paint(width: width, height: height, shadow: image.shadow) { context in
      cairo_save(context)
      box(context, width, height, image.radius)
      cairo_clip(context)
      cairo_scale(context, 1 / density, 1 / density)
      cairo_set_source_surface(
        context, bitmap.surface, (width * density - Double(bitmap.width)) / 2,
        (height * density - Double(bitmap.height)) / 2)
      cairo_pattern_set_extend(cairo_get_source(context), CAIRO_EXTEND_NONE)
      cairo_paint(context)
      cairo_restore(context)
      if image.border != nil {
        box(context, width, height, image.radius)
        stroke(image.border, in: context)
      }
    }
  }

  func box(_ context: OpaquePointer, _ width: Double, _ height: Double, _ radius: Double) {
    Self.path(
      .rectangle, in: context, width: width, height: height, radius: radius * unit, points: 0)
  }
}
