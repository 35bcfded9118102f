import CDrawing

/// Text set to lines at one size. Its box is the union of where ink falls and of the lines' advance widths,
/// so that laying the box inside the safe zone keeps every stroke inside it.
final class TypesetText {
  /// A line's place in the box.
  struct Line {
    /// Where the pen starts, in the box's coordinates.
    var x: Double
    var baseline: Double
    /// Ink relative to the pen's start.
    var ink: Rectangle
    let line: UnsafeMutablePointer<PangoLayoutLine>
  }

  let size: Double
  let width: Double
  let height: Double
  let lines: [Line]
  private let layout: OpaquePointer

  /// Takes over `layout`.
  init(layout: OpaquePointer, size: Double, alignment: Side) {
    self.layout = layout
    self.size = size
    let scale = Double(PANGO_SCALE)
    var found:
      [(
        line: UnsafeMutablePointer<PangoLayoutLine>, ink: Rectangle, advance: Double, baseline: Double
      )] = []
    let iterator = pango_layout_get_iter(layout)
    repeat {
      guard let line = pango_layout_iter_get_line_readonly(iterator) else { continue }
      var (ink, logical) = (PangoRectangle(), PangoRectangle())
      pango_layout_line_get_extents(line, &ink, &logical)
      let baseline = Double(pango_layout_iter_get_baseline(iterator)) / scale
      found.append(
        (
          line, Rectangle(ink, scale), Double(logical.width) / scale, baseline
        ))
    } while pango_layout_iter_next_line(iterator) != 0
    pango_layout_iter_free(iterator)
    // Ink may reach left of the pen (f, j, Arabic tails) and past the advance: the box holds both.
    let left = found.map { min(0, $0.ink.x) }.min() ?? 0
    let boxes = found.map { max($0.advance, $0.ink.x + $0.ink.width) - left }
    width = boxes.max() ?? 0
    let top = found.map { $0.baseline + $0.ink.y }.min() ?? 0
    let bottom = found.map { $0.baseline + $0.ink.y + $0.ink.height }.max() ?? 0
    height = max(0, bottom - top)
    let boxWidth = width
    lines = zip(found, boxes).map { item, lineWidth in
      let free = boxWidth - lineWidth
      let shift =
        switch alignment {
        case .centre: free / 2
        case .left: 0.0
        case .right: free
        }
      return Line(x: shift - left, baseline: item.baseline - top, ink: item.ink, line: item.line)
    }
  }

  deinit { FontRoom.release(layout) }

  /// The text as it was set.
  var string: String { FontRoom.enter { String(cString: pango_layout_get_text(layout)) } }

  /// True for scripts whose letters stand apart and whose lines may be drawn together.
  var isSpaced: Bool { RichText.isSpaced(string) }

  /// Byte offsets at which a line may break.
  func lineBreaks() -> [Int] {
    var count: Int32 = 0
    guard let marks = pango_layout_get_log_attrs_readonly(layout, &count) else { return [] }
    var (offsets, offset) = ([Int](), 0)
    for (index, scalar) in string.unicodeScalars.enumerated() where index < Int(count) {
      if marks[index].is_line_break != 0 { offsets.append(offset) }
      offset += UTF8.width(scalar)
    }
    return offsets
  }

  /// How far the line's start lies from the layout's left edge, as Pango aligns it.
  func lineOffset(_ line: Line) -> Double {
    var x: Int32 = 0
    var whole = PangoRectangle()
    pango_layout_line_get_extents(line.line, nil, &whole)
    // The leading edge of a left-to-right line and the trailing end of a right-to-left one.
    let first = line.line.pointee.start_index
    var ranges: UnsafeMutablePointer<Int32>?
    var count: Int32 = 0
    pango_layout_line_get_x_ranges(line.line, first, first + line.line.pointee.length, &ranges, &count)
    if let ranges, count > 0 {
      x = (0..<Int(count)).map { ranges[$0 * 2] }.min() ?? 0
      g_free(ranges)
    }
    return Double(x) / Double(PANGO_SCALE)
  }

  /// Families the letters come from, each with an example of what it draws, and characters no font has.
  func fontUse() -> (families: [(name: String, example: String)], missing: [String]) {
    FontRoom.enter {
      let text = Array(string.utf8)
      var families: [(name: String, example: String)] = []
      var missing: [String] = []
      for line in lines {
        var list = line.line.pointee.runs
        while let node = list {
          defer { list = node.pointee.next }
          guard let data = node.pointee.data else { continue }
          let run = data.assumingMemoryBound(to: PangoGlyphItem.self)
          guard let item = run.pointee.item, let glyphs = run.pointee.glyphs else { continue }
          let start = Int(item.pointee.offset)
          let stretch = String(
            decoding: text[start..<min(text.count, start + Int(item.pointee.length))], as: UTF8.self)
          for index in 0..<Int(glyphs.pointee.num_glyphs)
          where glyphs.pointee.glyphs[index].glyph & UInt32(PANGO_GLYPH_UNKNOWN_FLAG) != 0 {
            // Joiners and selectors may lack a glyph and need none.
            if glyphs.pointee.glyphs[index].geometry.width > 0 { missing.append(stretch) }
          }
          guard !stretch.allSatisfy(\.isWhitespace), let font = item.pointee.analysis.font,
            let description = pango_font_describe(font)
          else { continue }
          defer { pango_font_description_free(description) }
          let name = pango_font_description_get_family(description).map { String(cString: $0) } ?? ""
          if !families.contains(where: { $0.name == name }) { families.append((name, stretch)) }
        }
      }
      return (families, missing)
    }
  }

  /// One line's ink as a bitmap, and where its top left belongs in the box.
  func rasterised(_ line: Line, colour: Colour) throws(EngineError) -> (bitmap: Bitmap, x: Double, y: Double)
  {
    let pad = 2.0
    let left = (line.x + line.ink.x - pad).rounded(.down)
    let top = (line.baseline + line.ink.y - pad).rounded(.down)
    let right = (line.x + line.ink.x + line.ink.width + pad).rounded(.up)
    let bottom = (line.baseline + line.ink.y + line.ink.height + pad).rounded(.up)
    let bitmap = try Bitmap(width: Int(right - left), height: Int(bottom - top))
    try bitmap.draw { context in
      setSource(context, colour)
      cairo_move_to(context, line.x - left, line.baseline - top)
      FontRoom.enter { pango_cairo_show_layout_line(context, line.line) }
    }
    return (bitmap, left, top)
  }
}
