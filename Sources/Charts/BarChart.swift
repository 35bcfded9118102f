/// Horizontal bars with their names before and their numbers behind them.
public struct BarChart: Chart, Hashable {
  public struct Bar: Hashable, Sendable {
    public var label: String
    /// Not negative; nil where it is not known.
    public var value: Double?
    public var tone: Tone

    public init(label: String, value: Double?, tone: Tone = .neutral) {
      self.label = label
      self.value = value
      self.tone = tone
    }

    var length: Double? { value.flatMap { $0.isFinite ? max(0, $0) : nil } }
  }

  public var title: String
  public var bars: [Bar]
  public var style: NumberStyle
  /// What a full bar means; nil: the longest bar. Give 1 for probabilities.
  public var maximum: Double?

  public init(title: String, bars: [Bar], style: NumberStyle = .decimal(), maximum: Double? = nil) {
    self.title = title
    self.bars = bars
    self.style = style
    self.maximum = maximum
  }

  public var summary: String {
    guard !bars.isEmpty else { return "No data yet." }
    return bars.map { "\($0.label): \(number($0))" }.joined(separator: "; ") + "."
  }

  private func number(_ bar: Bar) -> String { bar.value.map(style.text) ?? "–" }

  private var full: Double {
    let longest = bars.compactMap(\.length).max() ?? 0
    let full = max(maximum ?? 0, longest)
    return full > 0 ? full : 1
  }

  public func svg(id: String, width: Double) -> String {
    var canvas = SVGCanvas(id: id, title: title, summary: summary)
    let size = SVGCanvas.fontSize
    let rowHeight = 28.0
    let labels = min(bars.map { TextMeasure.width($0.label, size: size) }.max() ?? 0, width * 0.35)
    let numbers = bars.map { TextMeasure.width(number($0), size: size) }.max() ?? 0
    let left = labels + 20
    let room = max(20, width - left - numbers - 18)
    if bars.isEmpty { canvas.text("No data yet", x: 8, y: 24, fill: .muted) }
    for (index, bar) in bars.enumerated() {
      let top = 6 + Double(index) * rowHeight
      let baseline = top + rowHeight / 2 + size * 0.35
      canvas.text(TextMeasure.fitting(bar.label, size: size, width: labels), x: 8, y: baseline)
      let length = room * (bar.length ?? 0) / full
      // The track shows what a full bar would be; without a given maximum it would mean nothing.
      if maximum != nil {
        canvas.rect(x: left, y: top + 6, width: room, height: rowHeight - 12, fill: .grid, radius: 3)
      }
      canvas.rect(x: left, y: top + 6, width: length, height: rowHeight - 12, fill: Ink(bar.tone), radius: 3)
      canvas.text(number(bar), x: left + (maximum == nil ? length : room) + 8, y: baseline)
    }
    return canvas.document(width: width, height: 12 + Double(max(1, bars.count)) * rowHeight)
  }

  public func terminal(width: Int) -> String {
    guard !bars.isEmpty else { return TextMeasure.fitting("\(title): no data yet", cells: width) + "\n" }
    let labels = min(bars.map { TextMeasure.cells($0.label) }.max() ?? 0, max(6, width * 35 / 100))
    let numbers = bars.map { TextMeasure.cells(number($0)) }.max() ?? 0
    let room = max(4, min(60, width - labels - numbers - 2))
    return bars.map { bar in
      let eighths = Int((Double(room * 8) * (bar.length ?? 0) / full).rounded())
      let line =
        TextMeasure.padded(bar.label, to: labels) + " " + Blocks.horizontal(eighths: eighths) + " "
        + number(bar)
      return TextMeasure.fitting(line, cells: width) + "\n"
    }.joined()
  }
}

/// Unicode block elements, an eighth at a time.
enum Blocks {
  private static let left: [Character] = ["▏", "▎", "▍", "▌", "▋", "▊", "▉"]
  static let lower: [Character] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]

  static func horizontal(eighths: Int) -> String {
    String(repeating: "█", count: eighths / 8) + (eighths % 8 > 0 ? String(left[eighths % 8 - 1]) : "")
  }
}
