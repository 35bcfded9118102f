import Foundation

/// Finds how large a layer gets at a given scale of the layout and in a given room.
struct Measurer {
  let typesetter: Typesetter
  let canvas: Canvas
  let rightToLeft: Bool

  /// From one size of text to the next smaller one.
  static let step = 0.94

  /// nil when the layer's text does not fit into `width` even at its smallest.
  func measure(_ item: Item, scale: Double, width: Double, height: Double) throws(EngineError) -> Block? {
    switch item.layer {
    case .text(let text):
      let side = text.alignment.map { physical($0) } ?? item.side
      let style = adapted(TextStyle.of(text.role))
      guard
        let set = try fit(
          text.text, style, weight: text.weight, scale: scale, width: width, side: side)
      else { return nil }
      return Block(index: item.index, content: .text(set, text), width: set.width, height: set.height)
    case .button(let button):
      let style = TextStyle.button
      let padding = 2.5 * style.largest * scale * canvas.unit
      guard
        let set = try fit(
          button.text, style, weight: nil, scale: scale, width: width - padding, side: .centre)
      else { return nil }
      return Block(
        index: item.index, content: .button(set, button), width: (set.width + set.size * 2.5).rounded(),
        height: (set.height + set.size * (set.lines.count > 1 ? 1.2 : 1.55)).rounded())
    case .image(let image):
      guard let picture = item.picture else { return nil }
      // Pictures give way to words a little faster than the words shrink.
      let longer = image.size * 1080 * canvas.unit * (image.purpose == .logo ? 1 : scale * scale.squareRoot())
      let aspect = picture.aspect
      let size = aspect > 1 ? (longer, longer / aspect) : (longer * aspect, longer)
      let shrink = min(1, width / size.0, height / size.1)
      return Block(
        index: item.index, content: .image(picture, image), width: max(1, (size.0 * shrink).rounded()),
        height: max(1, (size.1 * shrink).rounded()))
    case .scrim:
      return nil
    }
  }

  /// The smallest size `item`'s text may take, in pixels.
  func smallest(_ item: Item) -> Double {
    switch item.layer {
    case .text(let text): TextStyle.of(text.role).smallest * canvas.unit
    default: TextStyle.button.smallest * canvas.unit
    }
  }

  private func physical(_ alignment: TextLayer.Alignment) -> Side {
    switch alignment {
    case .centre: .centre
    case .start: rightToLeft ? .right : .left
    case .end: rightToLeft ? .left : .right
    }
  }

  /// Tall pictures have room for one more line, wide ones for less size.
  private func adapted(_ style: TextStyle) -> TextStyle {
    var style = style
    switch canvas.shape {
    case .tall: if style.preferredLines > 1 { style.preferredLines += 1 }
    case .square: style.largest *= 0.92
    case .wide: if style.usesHeadlineFont { style.largest *= 0.96 }
    }
    style.largest = max(style.largest, style.smallest)
    return style
  }

  /// Words joined by a hyphen stay on one line where that fits.
  private func fit(
    _ text: String, _ style: TextStyle, weight: TextLayer.Weight?, scale: Double, width: Double, side: Side
  ) throws(EngineError) -> TypesetText? {
    let joined = text.replacing("-", with: "-\u{2060}")
    if joined != text,
      let set = try search(joined, style, weight: weight, scale: scale, width: width, side: side)
    {
      return set
    }
    return try search(text, style, weight: weight, scale: scale, width: width, side: side)
  }

  /// Among the sizes at which no word is wider than `width`, the one that looks best: large, in few lines,
  /// and no line much shorter than the others. Sizes are steps of one ladder, so that other scales of the
  /// layout meet text that is already set.
  private func search(
    _ text: String, _ style: TextStyle, weight: TextLayer.Weight?, scale: Double, width: Double, side: Side
  ) throws(EngineError) -> TypesetText? {
    let (smallest, largest) = (style.smallest * canvas.unit, style.largest * canvas.unit)
    let first = Int((log(max(scale, 0.01)) / log(Self.step)).rounded(.up))
    var best: (set: TypesetText, merit: Double)?
    for rung in first..<(first + 40) {
      let size = max(smallest, largest * pow(Self.step, Double(rung)))
      let set = try typesetter.set(
        text, style: style, weight: weight, size: size, width: width, alignment: side)
      if set.width <= width + 0.01 {
        let merit = merit(of: set, style)
        if merit > (best?.merit ?? 0) { best = (set, merit) }
        // Nothing smaller can look better than this.
        if set.lines.count == 1 || rung >= first + 7 { break }
      }
      if size <= smallest { break }
    }
    return best?.set
  }

  private func merit(of set: TypesetText, _ style: TextStyle) -> Double {
    let extra = max(0, set.lines.count - style.preferredLines)
    let widths = set.lines.map(\.ink.width)
    let evenness = (widths.min() ?? 0) / max(1, widths.max() ?? 1)
    return set.size * pow(0.88, Double(extra)) * (0.62 + 0.38 * evenness)
  }
}
