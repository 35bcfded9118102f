import CDrawing

extension Typesetter {
  /// `rich` at `size` pixels, broken to lines no wider than `width`, all of nearly one length. Words are not
  /// broken: one that is wider than `width` shows in the result's `width`.
  func set(
    _ rich: RichText, size: Double, width: Double, alignment: Side
  ) throws(EngineError) -> TypesetText {
    try FontRoom.enter { () throws(EngineError) in
      let layout = try makeLayout()
      let isSpaced = rich.isSpaced
      let attributes = pango_attr_list_new()
      defer { pango_attr_list_unref(attributes) }
      var text = ""
      for run in rich.runs {
        let start = text.utf8.count
        text += run.text
        let range = (UInt32(start), UInt32(text.utf8.count))
        for attribute in Self.attributes(of: run, size: size) {
          guard let attribute else { continue }
          attribute.pointee.start_index = range.0
          attribute.pointee.end_index = range.1
          pango_attr_list_insert(attributes, attribute)
        }
      }
      if isSpaced, rich.tracking != 0 {
        pango_attr_list_insert(
          attributes, pango_attr_letter_spacing_new(Int32((rich.tracking * size * Self.scale).rounded())))
      }
      for word in RichText.unbreakable(in: text) {
        guard let attribute = pango_attr_allow_breaks_new(0) else { continue }
        attribute.pointee.start_index = UInt32(word.lowerBound)
        attribute.pointee.end_index = UInt32(word.upperBound)
        pango_attr_list_insert(attributes, attribute)
      }
      pango_layout_set_text(layout, text, -1)
      pango_layout_set_attributes(layout, attributes)
      pango_layout_set_wrap(layout, PANGO_WRAP_WORD)
      // Scripts that stack marks keep their natural line height.
      pango_layout_set_line_spacing(layout, Float(isSpaced ? rich.lineHeight : max(1, rich.lineHeight)))
      balance(layout, width: width)
      return TypesetText(layout: layout, size: size, alignment: alignment)
    }
  }

  /// The family and, for what it lacks, those of one hand that cover the world's scripts: without them
  /// fontconfig takes whatever it finds first.
  static func families(_ family: String) -> String {
    ([family] + [
      "Noto Sans", "Noto Sans Arabic", "Noto Sans Hebrew", "Noto Sans Armenian", "Noto Sans Georgian",
    ]).joined(separator: ",")
  }

  /// fontconfig knows the Chinese scripts by country.
  static func fontLanguage(_ language: String) -> String {
    let parts = language.lowercased().split(separator: "-")
    guard parts.first == "zh" else { return language }
    return parts.contains("hant") || parts.contains("tw") || parts.contains("hk") ? "zh-tw" : "zh-cn"
  }

  private static let scale = Double(PANGO_SCALE)

  private static func attributes(
    of run: RichText.Run, size: Double
  ) -> [UnsafeMutablePointer<PangoAttribute>?] {
    let description = pango_font_description_new()
    defer { pango_font_description_free(description) }
    pango_font_description_set_family(description, Self.families(run.family))
    pango_font_description_set_weight(description, run.weight.pango)
    pango_font_description_set_style(description, run.isItalic ? PANGO_STYLE_ITALIC : PANGO_STYLE_NORMAL)
    pango_font_description_set_absolute_size(description, (size * run.scale * scale).rounded())
    var all: [UnsafeMutablePointer<PangoAttribute>?] = [pango_attr_font_desc_new(description)]
    if let colour = run.colour {
      func word(_ value: UInt8) -> UInt16 { UInt16(value) * 257 }
      all.append(pango_attr_foreground_new(word(colour.red), word(colour.green), word(colour.blue)))
      if colour.alpha < 255 { all.append(pango_attr_foreground_alpha_new(max(1, word(colour.alpha)))) }
    }
    if run.isUnderlined { all.append(pango_attr_underline_new(PANGO_UNDERLINE_SINGLE)) }
    if run.isStruck { all.append(pango_attr_strikethrough_new(1)) }
    return all
  }
}
