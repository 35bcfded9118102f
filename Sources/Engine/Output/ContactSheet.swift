import CDrawing
import Glibc

/// A film at a glance: a grid of its frames on a dark ground, each with its time.
struct ContactSheet {
  private static let width = 1800.0
  private static let margin = 56.0
  private static let gap = 24.0
  private static let headHeight = 92.0
  private static let labelHeight = 44.0
  /// Width by height a sheet should come near to.
  private static let shape = 1.5

  private static let ground = Colour(red: 16, green: 18, blue: 22)
  private static let bright = Colour(red: 242, green: 244, blue: 247)
  private static let quiet = Colour(red: 139, green: 147, blue: 161)
  private static let edge = Colour(red: 255, green: 255, blue: 255, alpha: 26)

  private let film: Film
  private let title: String
  private let subtitle: String
  /// The frames' numbers.
  private let frames: [Int]
  private let columns: Int
  private let cellWidth: Double
  private let cellHeight: Double

  init(film: Film, count: Int, title: String, subtitle: String) {
    self.film = film
    self.title = title
    self.subtitle = subtitle
    let count = min(max(1, count), 60, film.frames.count)
    let last = film.frames.count - 1
    frames = count == 1 ? [0] : (0..<count).map { (last * $0 * 2 + count - 1) / ((count - 1) * 2) }
    let ratio = Double(film.height) / Double(film.width)
    func cell(_ columns: Int) -> Double {
      min((Self.width - 2 * Self.margin + Self.gap) / Double(columns) - Self.gap, Double(film.width)).rounded(
        .down)
    }
    func off(_ columns: Int) -> Double {
      let rows = Double((count + columns - 1) / columns)
      let height = Self.headHeight + 2 * Self.margin + rows * (cell(columns) * ratio + Self.labelHeight)
      // A row that is not full is a hole.
      let holes = Double((columns - count % columns) % columns)
      return abs(log2(Self.width / height / Self.shape)) + holes * 0.15
    }
    columns = (1...count).min { off($0) < off($1) } ?? count
    cellWidth = cell(columns)
    cellHeight = (cellWidth * ratio).rounded()
  }

  func draw(_ flag: CancellationFlag) throws -> Bitmap {
    let rows = (frames.count + columns - 1) / columns
    let stride = cellHeight + Self.labelHeight + Self.gap / 2
    let width = 2 * Self.margin + Double(columns) * (cellWidth + Self.gap) - Self.gap
    let height = 2 * Self.margin + Self.headHeight + Double(rows) * stride - Self.gap
    let sheet = try Bitmap(width: Int(width), height: Int(height), hasAlpha: false)
    try sheet.draw { context in
      setSource(context, Self.ground)
      cairo_paint(context)
    }
    let setter = try Typesetter(fonts: Fonts(), language: "en", rightToLeft: false)
    try drawHead(sheet, setter, width: width)
    let painter = try FramePainter(film, frames: film.frames.indices)
    for (index, number) in frames.enumerated() {
      try flag.check()
      _ = try painter.paint(number)
      let x = Self.margin + Double(index % columns) * (cellWidth + Self.gap)
      let y = Self.margin + Self.headHeight + Double(index / columns) * stride
      try drawFrame(try painter.canvas.resized(width: Int(cellWidth), height: Int(cellHeight)), sheet, x, y)
      try label(sheet, setter, number, x: x, y: y + cellHeight + 14)
    }
    return sheet
  }

  private func drawHead(_ sheet: Bitmap, _ setter: Typesetter, width: Double) throws(EngineError) {
    let seconds = Quantity.text(Double(film.frames.count) / Double(Engine.framesPerSecond))
    let facts =
      "\(subtitle)   \(film.width) × \(film.height)   \(seconds) s   \(film.frames.count) frames"
    let aside = try setter.set(
      facts, style: Self.style, weight: .regular, size: 22, width: width, alignment: .right)
    let room = width - 2 * Self.margin - aside.width - 40
    // The title gives way: smaller first, then on a line of its own would cover the frames, so it is cut.
    let line = try fitted(title, setter, size: 40, width: max(200, room))
    try put(line, sheet, Self.bright, x: Self.margin, baseline: Self.margin + 34)
    if room > 200 {
      try put(aside, sheet, Self.quiet, x: width - Self.margin - aside.width, baseline: Self.margin + 34)
    }
  }

  private func fitted(
    _ text: String, _ setter: Typesetter, size: Double, width: Double
  ) throws(EngineError) -> TypesetText {
    func set(_ text: String) throws(EngineError) -> TypesetText {
      // One line: no width at which it would break.
      try setter.set(text, style: Self.style, weight: .semibold, size: size, width: 100_000, alignment: .left)
    }
    var text = text.split(whereSeparator: \.isNewline).joined(separator: " ")
    var line = try set(text)
    while line.width > width, text.count > 1 {
      text = String(text.dropLast(text.hasSuffix("…") ? 2 : 1)) + "…"
      line = try set(text)
    }
    return line
  }

  private func drawFrame(
    _ picture: Bitmap, _ sheet: Bitmap, _ x: Double, _ y: Double
  ) throws(EngineError) {
    try sheet.draw { context in
      addRoundedRectangle(context, x: x, y: y, width: cellWidth, height: cellHeight, radius: 8)
      cairo_clip(context)
      cairo_set_source_surface(context, picture.surface, x, y)
      cairo_paint(context)
      cairo_reset_clip(context)
      // A hair of light, so that dark frames end somewhere.
      addRoundedRectangle(
        context, x: x + 0.5, y: y + 0.5, width: cellWidth - 1, height: cellHeight - 1, radius: 7.5)
      setSource(context, Self.edge)
      cairo_set_line_width(context, 1)
      cairo_stroke(context)
    }
  }

  /// The frame's time on the left, its number on the right.
  private func label(
    _ sheet: Bitmap, _ setter: Typesetter, _ number: Int, x: Double, y: Double
  ) throws(EngineError) {
    let hundredths = (number * 200 + Engine.framesPerSecond) / (2 * Engine.framesPerSecond)
    let time = "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100) s"
    let left = try setter.set(
      time, style: Self.style, weight: .medium, size: 20, width: cellWidth, alignment: .left)
    try put(left, sheet, Self.bright, x: x, baseline: y + 15)
    let right = try setter.set(
      "\(number)", style: Self.style, weight: .regular, size: 18, width: cellWidth, alignment: .right)
    guard left.width + right.width + 12 < cellWidth else { return }
    try put(right, sheet, Self.quiet, x: x + cellWidth - right.width, baseline: y + 15)
  }

  private func put(
    _ text: TypesetText, _ sheet: Bitmap, _ colour: Colour, x: Double, baseline: Double
  ) throws(EngineError) {
    guard let line = text.lines.first, line.ink.width > 0 else { return }
    let (bitmap, left, top) = try text.rasterised(line, colour: colour)
    try sheet.draw { context in
      cairo_set_source_surface(
        context, bitmap.surface, (x + left).rounded(), (baseline - line.baseline + top).rounded())
      cairo_paint(context)
    }
  }

  private static let style = TextStyle(
    largest: 40, smallest: 18, weight: .medium, lineSpacing: 1, tracking: 0, preferredLines: 1)
}
