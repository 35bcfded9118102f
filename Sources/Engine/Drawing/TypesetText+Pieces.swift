import CDrawing

extension TypesetText {
  /// A part of a line that can be drawn on its own.
  struct Piece {
    /// The line's number.
    var line: Int
    /// In the box, from line top to bottom with room for ink; the piece's ink lies inside.
    var box: Rectangle
    /// Where in the text it begins, in bytes; for reading order.
    var order: Int
    fileprivate(set) var glyphs: Glyphs?
    /// True where the piece is cut out of its line by its box.
    fileprivate(set) var isCut = false

    /// One cluster of a run, by the run's place in its line and its glyphs.
    struct Glyphs {
      var run: Int
      var first: Int
      var count: Int
      /// Where the pen starts, from the line's start.
      var x: Double
      var colour: Colour?
    }
  }

  /// Lines, words (stretches between places a line may break at) or letters (clusters of glyphs), in
  /// reading order. Letters keep the shapes they have in their word.
  func pieces(by kind: Pieces) -> [Piece] {
    FontRoom.enter {
      switch kind {
      case .layer, .line:
        lines.enumerated().filter { $0.element.ink.width > 0 }.map { number, line in
          Piece(line: number, box: inkBox(line), order: number, glyphs: nil)
        }
      case .word: words()
      case .letter: letters()
      }
    }
  }

  private func inkBox(_ line: Line) -> Rectangle {
    Rectangle(
      x: line.x + line.ink.x, y: line.baseline + line.ink.y, width: line.ink.width, height: line.ink.height)
  }

  /// Cut in the middle of the gaps between words, so that overhanging strokes stay with theirs.
  private func words() -> [Piece] {
    let text = Array(string.utf8)
    let breaks = lineBreaks()
    var pieces: [Piece] = []
    for (number, line) in lines.enumerated() {
      let start = Int(line.line.pointee.start_index)
      let end = start + Int(line.line.pointee.length)
      let edges = [start] + breaks.filter { $0 > start && $0 < end } + [end]
      for (from, to) in zip(edges, edges.dropFirst()) {
        var last = to
        while last > from, text[last - 1] == UInt8(ascii: " ") { last -= 1 }
        guard last > from, let span = span(line, from, last) else { continue }
        let ink = inkBox(line)
        let reach = gap(text, line, from, last)
        let left = max(min(ink.x, span.lowerBound), span.lowerBound - reach)
        let right = min(max(ink.right, span.upperBound), span.upperBound + reach)
        guard right > left else { continue }
        pieces.append(
          Piece(
            line: number, box: Rectangle(x: left, y: ink.y, width: right - left, height: ink.height),
            order: from, glyphs: nil, isCut: true))
      }
    }
    return pieces.sorted { $0.order < $1.order }
  }

  /// Half the space beside a word; at the ends of a line and where words touch, nothing but the ink's own.
  private func gap(_ text: [UInt8], _ line: Line, _ from: Int, _ to: Int) -> Double {
    let isSpacedAfter = to < text.count && text[to] == UInt8(ascii: " ")
    let isSpacedBefore = from > 0 && text[from - 1] == UInt8(ascii: " ")
    return isSpacedAfter || isSpacedBefore ? size * 0.1 : 0
  }

  /// Leftmost to rightmost edge of a stretch of bytes, in the box.
  private func span(_ line: Line, _ from: Int, _ to: Int) -> ClosedRange<Double>? {
    var ranges: UnsafeMutablePointer<Int32>?
    var count: Int32 = 0
    pango_layout_line_get_x_ranges(line.line, Int32(from), Int32(to), &ranges, &count)
    guard let ranges, count > 0 else { return nil }
    defer { g_free(ranges) }
    // Ranges count from the layout's left edge; the line's own start is what they are turned back to.
    var whole = PangoRectangle()
    pango_layout_line_get_extents(line.line, nil, &whole)
    var (low, high) = (Int32.max, Int32.min)
    for index in 0..<Int(count) {
      low = min(low, ranges[index * 2])
      high = max(high, ranges[index * 2 + 1])
    }
    let scale = Double(PANGO_SCALE)
    let origin = lineOffset(line)
    return (line.x + Double(low) / scale - origin)...(line.x + Double(high) / scale - origin)
  }

  private func letters() -> [Piece] {
    var pieces: [Piece] = []
    for (number, line) in lines.enumerated() {
      var (x, index) = (0.0, 0)
      var list = line.line.pointee.runs
      while let node = list {
        defer {
          list = node.pointee.next
          index += 1
        }
        guard let data = node.pointee.data else { continue }
        let run = data.assumingMemoryBound(to: PangoGlyphItem.self)
        x += clusters(of: run, index: index, line: line, number: number, at: x, to: &pieces)
      }
    }
    return pieces.sorted { $0.order < $1.order }
  }

  /// Adds the run's clusters and gives its advance.
  private func clusters(
    of run: UnsafeMutablePointer<PangoGlyphItem>, index: Int, line: Line, number: Int, at start: Double,
    to pieces: inout [Piece]
  ) -> Double {
    let scale = Double(PANGO_SCALE)
    guard let glyphs = run.pointee.glyphs, let item = run.pointee.item, let infos = glyphs.pointee.glyphs,
      let logs = glyphs.pointee.log_clusters
    else { return 0 }
    let count = Int(glyphs.pointee.num_glyphs)
    let colour = Self.colour(item)
    var (x, first) = (start, 0)
    while first < count {
      var last = first + 1
      while last < count, logs[last] == logs[first] { last += 1 }
      let advance = (first..<last).reduce(0.0) { $0 + Double(infos[$1].geometry.width) } / scale
      var part = glyphs.pointee
      part.glyphs = infos + first
      part.num_glyphs = Int32(last - first)
      part.log_clusters = logs + first
      var ink = PangoRectangle()
      pango_glyph_string_extents(&part, item.pointee.analysis.font, &ink, nil)
      if ink.width > 0, ink.height > 0 {
        let rise = Double(run.pointee.y_offset) / scale
        pieces.append(
          Piece(
            line: number,
            box: Rectangle(
              x: line.x + x + Double(ink.x) / scale, y: line.baseline + Double(ink.y) / scale - rise,
              width: Double(ink.width) / scale, height: Double(ink.height) / scale),
            order: Int(item.pointee.offset) + Int(logs[first]),
            glyphs: .init(run: index, first: first, count: last - first, x: x, colour: colour)))
      }
      x += advance
      first = last
    }
    return x - start
  }

  private static func colour(_ item: UnsafeMutablePointer<PangoItem>) -> Colour? {
    var colour: Colour?
    var list = item.pointee.analysis.extra_attrs
    while let node = list {
      defer { list = node.pointee.next }
      guard let data = node.pointee.data else { continue }
      let attribute = data.assumingMemoryBound(to: PangoAttribute.self)
      guard let found = pango_attribute_as_color(attribute),
        attribute.pointee.klass.pointee.type == PANGO_ATTR_FOREGROUND
      else { continue }
      let value = found.pointee.color
      colour = Colour(
        red: UInt8(value.red >> 8), green: UInt8(value.green >> 8), blue: UInt8(value.blue >> 8))
    }
    return colour
  }

  /// The piece's outlines, as a path; the box's top left is at the context's origin.
  func addPath(_ piece: Piece, in context: OpaquePointer) {
    let line = lines[piece.line]
    FontRoom.enter {
      cairo_move_to(context, line.x + (piece.glyphs?.x ?? 0), line.baseline)
      guard let part = piece.glyphs else {
        return pango_cairo_layout_line_path(context, line.line)
      }
      withGlyphs(part, of: line) { font, glyphs, rise in
        cairo_move_to(context, line.x + part.x, line.baseline - rise)
        pango_cairo_glyph_string_path(context, font, glyphs)
      }
    }
  }

  private func withGlyphs(
    _ part: Piece.Glyphs, of line: Line,
    _ body: (UnsafeMutablePointer<PangoFont>?, UnsafeMutablePointer<PangoGlyphString>, Double) -> Void
  ) {
    var list = line.line.pointee.runs
    for _ in 0..<part.run { list = list?.pointee.next }
    guard let data = list?.pointee.data else { return }
    let run = data.assumingMemoryBound(to: PangoGlyphItem.self)
    guard let glyphs = run.pointee.glyphs, let item = run.pointee.item else { return }
    var some = glyphs.pointee
    some.glyphs = glyphs.pointee.glyphs + part.first
    some.num_glyphs = Int32(part.count)
    some.log_clusters = glyphs.pointee.log_clusters + part.first
    body(item.pointee.analysis.font, &some, Double(run.pointee.y_offset) / Double(PANGO_SCALE))
  }

  /// Draws one piece; the box's top left is at the context's origin.
  func show(_ piece: Piece, colour: Colour, in context: OpaquePointer) {
    let line = lines[piece.line]
    FontRoom.enter {
      setSource(context, piece.glyphs?.colour ?? colour)
      cairo_move_to(context, line.x + (piece.glyphs?.x ?? 0), line.baseline)
      guard let part = piece.glyphs else {
        return pango_cairo_show_layout_line(context, line.line)
      }
      withGlyphs(part, of: line) { font, glyphs, rise in
        cairo_move_to(context, line.x + part.x, line.baseline - rise)
        pango_cairo_show_glyph_string(context, font, glyphs)
      }
    }
  }
}
