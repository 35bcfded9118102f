import CDrawing

/// Sets text with Pango: shaping, direction, fallback fonts, line breaks. Belongs to one rendering thread.
final class Typesetter {
  private let context: OpaquePointer
  private let fonts: Fonts
  private var known: [Key: TypesetText] = [:]

  private struct Key: Hashable {
    var text: String
    var style: TextStyle
    var weight: TextLayer.Weight?
    var size: Double
    var width: Double
    var alignment: Side
  }

  init(fonts: Fonts, language: String, rightToLeft: Bool) throws(EngineError) {
    self.fonts = fonts
    let made = FontRoom.enter { () -> OpaquePointer? in
      guard let context = FontRoom.makeContext() else { return nil }
      pango_context_set_language(context, pango_language_from_string(Self.fontLanguage(language)))
      pango_context_set_base_dir(context, rightToLeft ? PANGO_DIRECTION_RTL : PANGO_DIRECTION_LTR)
      pango_context_set_round_glyph_positions(context, 0)
      // Hinting would tie shapes to whole pixels and to the machine's settings; text here moves and scales.
      let options = cairo_font_options_create()
      cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY)
      cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE)
      cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF)
      pango_cairo_context_set_font_options(context, options)
      cairo_font_options_destroy(options)
      return context
    }
    guard let made else { throw .libraryFailed(operation: "setting text", reason: "out of memory") }
    context = made
  }

  deinit { FontRoom.release(context) }

  /// `text` at `size` pixels, broken to lines no wider than `width`, all of nearly one length. A word is
  /// never broken: one that is wider than `width` shows in the result's `width`.
  func set(
    _ text: String, style: TextStyle, weight: TextLayer.Weight?, size: Double, width: Double,
    alignment: Side
  ) throws(EngineError) -> TypesetText {
    let key = Key(text: text, style: style, weight: weight, size: size, width: width, alignment: alignment)
    if let set = known[key] { return set }
    let set = try FontRoom.enter { () throws(EngineError) in
      try make(text, style, weight, size, width, alignment)
    }
    known[key] = set
    return set
  }

  /// An empty layout. Call inside the font room.
  func makeLayout() throws(EngineError) -> OpaquePointer {
    guard let layout = pango_layout_new(context) else {
      throw .libraryFailed(operation: "setting text", reason: "out of memory")
    }
    return layout
  }

  private func make(
    _ text: String, _ style: TextStyle, _ weight: TextLayer.Weight?, _ size: Double, _ width: Double,
    _ alignment: Side
  ) throws(EngineError) -> TypesetText {
    let layout = try makeLayout()
    let isSpaced = text.unicodeScalars.allSatisfy {
      $0.value < 0x0590 || (0x1E00...0x27BF).contains($0.value)
    }
    let shown = style.isUppercase && isSpaced ? text.uppercased() : text
    pango_layout_set_text(layout, shown, -1)
    let description = pango_font_description_new()
    defer { pango_font_description_free(description) }
    pango_font_description_set_family(
      description, Self.families(style.usesHeadlineFont ? fonts.headline : fonts.body))
    pango_font_description_set_weight(description, (weight ?? style.weight).pango)
    pango_font_description_set_absolute_size(description, (size * Double(PANGO_SCALE)).rounded())
    pango_layout_set_font_description(layout, description)
    pango_layout_set_wrap(layout, PANGO_WRAP_WORD)
    // Scripts that stack marks keep their natural line height.
    pango_layout_set_line_spacing(layout, Float(isSpaced ? style.lineSpacing : max(1, style.lineSpacing)))
    if isSpaced, style.tracking != 0 {
      let attributes = pango_attr_list_new()
      pango_attr_list_insert(
        attributes,
        pango_attr_letter_spacing_new(Int32((style.tracking * size * Double(PANGO_SCALE)).rounded())))
      pango_layout_set_attributes(layout, attributes)
      pango_attr_list_unref(attributes)
    }
    if style.usesHeadlineFont { breakAtSentences(layout, shown, width: width) }
    balance(layout, width: width)
    return TypesetText(layout: layout, size: size, alignment: alignment)
  }

  /// Begins every sentence of a display text on a line of its own where that takes no more lines than it had.
  private func breakAtSentences(_ layout: OpaquePointer, _ text: String, width: Double) {
    let parted = text.replacing(#/([.!?…]) /#) { "\($0.1)\n" }
    guard parted != text else { return }
    pango_layout_set_width(layout, Int32((width * Double(PANGO_SCALE)).rounded(.down)))
    let count = pango_layout_get_line_count(layout)
    pango_layout_set_text(layout, parted, -1)
    if pango_layout_get_line_count(layout) > count { pango_layout_set_text(layout, text, -1) }
  }

  /// Narrows the layout as far as its lines stay as few as they are at `width`.
  func balance(_ layout: OpaquePointer, width: Double) {
    func lines(_ width: Double) -> Int32 {
      pango_layout_set_width(layout, Int32((width * Double(PANGO_SCALE)).rounded(.down)))
      return pango_layout_get_line_count(layout)
    }
    let count = lines(width)
    guard count > 1, widest(layout) <= width else { return }
    var (tooNarrow, fits) = (width / Double(count) * 0.9, width)
    while fits - tooNarrow > max(3, width / 60) {
      let middle = (fits + tooNarrow) / 2
      // A layout narrower than a word keeps its line count but overflows; that is no balance.
      if lines(middle) == count, widest(layout) <= middle { fits = middle } else { tooNarrow = middle }
    }
    _ = lines(fits)
  }

  private func widest(_ layout: OpaquePointer) -> Double {
    var logical = PangoRectangle()
    pango_layout_get_extents(layout, nil, &logical)
    return Double(logical.width) / Double(PANGO_SCALE)
  }
}

extension TextLayer.Weight {
  var pango: PangoWeight {
    switch self {
    case .regular: PANGO_WEIGHT_NORMAL
    case .medium: PANGO_WEIGHT_MEDIUM
    case .semibold: PANGO_WEIGHT_SEMIBOLD
    case .bold: PANGO_WEIGHT_BOLD
    case .black: PANGO_WEIGHT_HEAVY
    }
  }
}
