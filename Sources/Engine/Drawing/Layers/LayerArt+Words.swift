import CDrawing
import Foundation

extension LayerArt {
  /// All of a text with its plate, or (given a piece) that piece alone.
  func text(
    _ set: TypesetText, _ text: TextBlock, colour: Colour, width: Double, height: Double,
    piece: TypesetText.Piece? = nil, withPanel: Bool = true
  ) throws(EngineError) -> Painted {
    let (padX, padY) = ((width - set.width) / 2, (height - set.height) / 2)
    if let piece {
      let pad = 3 + (text.outline?.width ?? 0) * unit
      let (left, top) = ((piece.box.x - pad).rounded(.down), (piece.box.y - pad).rounded(.down))
      let (right, bottom) = ((piece.box.right + pad).rounded(.up), (piece.box.bottom + pad).rounded(.up))
      var painted = try paint(width: right - left, height: bottom - top, shadow: text.shadow) { context in
        cairo_translate(context, -left, -top)
        if piece.isWord {
          cairo_rectangle(
            context, piece.box.x.rounded(), top, piece.box.right.rounded() - piece.box.x.rounded(),
            bottom - top)
          cairo_clip(context)
        }
        outline(set, text, piece: piece, in: context)
        set.show(piece, colour: colour, in: context)
      }
      painted.x += left + padX
      painted.y += top + padY
      return painted
    }
    return try paint(
      width: width, height: height, margin: 3, shadow: withPanel && text.panel != nil ? nil : text.shadow
    ) {
      (context) throws(EngineError) in
      if withPanel, let panel = text.panel { plate(panel, in: context, width: width, height: height) }
      cairo_translate(context, padX, padY)
      for piece in set.pieces(by: .line) {
        outline(set, text, piece: piece, in: context)
        set.show(piece, colour: colour, in: context)
      }
    }
  }

  /// The plate alone, for words that come piece by piece.
  func panel(_ text: TextBlock, width: Double, height: Double) throws(EngineError) -> Painted? {
    guard let panel = text.panel else { return nil }
    return try paint(width: width, height: height, margin: 1) { context in
      plate(panel, in: context, width: width, height: height)
    }
  }

  private func plate(_ panel: TextBlock.Panel, in context: OpaquePointer, width: Double, height: Double) {
    box(context, width, height, panel.radius)
    setFill(panel.fill, in: context, width: width, height: height, opacity: panel.opacity)
    cairo_fill(context)
  }

  private func outline(
    _ set: TypesetText, _ text: TextBlock, piece: TypesetText.Piece, in context: OpaquePointer
  ) {
    guard let border = text.outline else { return }
    set.addPath(piece, in: context)
    setSource(context, colour(border.colour))
    cairo_set_line_join(context, CAIRO_LINE_JOIN_ROUND)
    cairo_set_line_width(context, border.width * unit * 2)
    cairo_stroke(context)
  }

  func button(_ set: TypesetText, _ button: Button, width: Double, height: Double) throws(EngineError)
    -> Painted
  {
    let ink = ink(button.colour, on: button.fill)
    return try paint(width: width, height: height, margin: 1, shadow: button.shadow) { context in
      let radius = button.radius.map { $0 * unit } ?? height / 2
      addRoundedRectangle(context, x: 0, y: 0, width: width, height: height, radius: radius)
      setFill(button.fill, in: context, width: width, height: height)
      cairo_fill_preserve(context)
      stroke(button.border, in: context)
      centre(set, colour: ink, in: context, width: width, height: height)
    }
  }

  func badge(_ set: TypesetText, _ badge: Badge, width: Double, height: Double) throws(EngineError) -> Painted
  {
    let ink = ink(badge.colour, on: badge.fill)
    return try paint(width: width, height: height, margin: 1, shadow: badge.shadow) { context in
      mark(badge.shape, in: context, width, height)
      setFill(badge.fill, in: context, width: width, height: height)
      cairo_fill_preserve(context)
      stroke(badge.border, in: context)
      let shift = badge.shape == .tag ? height * 0.12 : 0
      cairo_translate(context, shift, 0)
      centre(set, colour: ink, in: context, width: width, height: height)
    }
  }

  private func mark(_ shape: BadgeShape, in context: OpaquePointer, _ width: Double, _ height: Double) {
    switch shape {
    case .circle: Self.ellipse(context, width, height)
    case .pill:
      addRoundedRectangle(context, x: 0, y: 0, width: width, height: height, radius: height / 2)
    case .burst:
      let count = 36
      for index in 0..<count {
        let angle = Double(index) / Double(count) * 2 * .pi
        let reach = index % 2 == 0 ? 1.0 : 0.88
        let (x, y) = (width / 2 * (1 + cos(angle) * reach), height / 2 * (1 + sin(angle) * reach))
        if index == 0 { cairo_move_to(context, x, y) } else { cairo_line_to(context, x, y) }
      }
      cairo_close_path(context)
    case .tag:
      let nose = height * 0.42
      cairo_move_to(context, 0, height / 2)
      cairo_line_to(context, nose, 0)
      cairo_line_to(context, width, 0)
      cairo_line_to(context, width, height)
      cairo_line_to(context, nose, height)
      cairo_close_path(context)
      // The hole for the string.
      cairo_new_sub_path(context)
      cairo_arc_negative(context, nose * 0.95, height / 2, height * 0.085, 2 * .pi, 0)
      cairo_close_path(context)
    }
  }

  /// The wish where it can be read on the fill, else light or dark. WCAG 2.2, success criterion 1.4.3.
  func ink(_ wish: ColourReference?, on fill: Fill) -> Colour {
    let ground: Colour =
      switch fill {
      case .colour(let reference): colour(reference)
      case .gradient(let from, let to, _): colour(from).mixed(with: colour(to), 0.5)
      }
    if let wish = wish.map({ colour($0) }), wish.contrast(with: ground) >= 3 { return wish }
    return palette.readable(on: ground)
  }

  func centre(
    _ set: TypesetText, colour: Colour, in context: OpaquePointer, width: Double, height: Double
  ) {
    cairo_save(context)
    cairo_translate(context, (width - set.width) / 2, (height - set.height) / 2)
    for piece in set.pieces(by: .line) { set.show(piece, colour: colour, in: context) }
    cairo_restore(context)
  }
}

extension TypesetText.Piece {
  /// A part of a line that is cut out of it.
  var isWord: Bool { glyphs == nil && isCut }
}
