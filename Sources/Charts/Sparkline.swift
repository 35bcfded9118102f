/// The course of one number as small as a word.
public struct Sparkline: Chart, Hashable {
  public var title: String
  public var values: [Double?]
  public var style: NumberStyle
  public var tone: Tone

  public init(title: String, values: [Double?], style: NumberStyle = .percent(), tone: Tone = .neutral) {
    self.title = title
    self.values = values
    self.style = style
    self.tone = tone
  }

  private var known: [(index: Int, value: Double)] {
    values.enumerated().compactMap { index, value in
      value.flatMap { $0.isFinite ? (index, $0) : nil }
    }
  }

  public var summary: String {
    guard let first = known.first, let last = known.last else { return "No data yet." }
    return "From \(style.text(first.value)) to \(style.text(last.value))."
  }

  public func svg(id: String) -> String { svg(id: id, width: 120) }

  public func svg(id: String, width: Double) -> String {
    var canvas = SVGCanvas(id: id, title: title, summary: summary)
    let height = 28.0
    if let low = known.map(\.value).min(), let high = known.map(\.value).max() {
      let step = (width - 10) / Double(max(1, values.count - 1))
      let points = known.map { index, value in
        let share = high > low ? (value - low) / (high - low) : 0.5
        return (index: index, x: 5 + step * Double(index), y: height - 5 - share * (height - 10))
      }
      var run: [(x: Double, y: Double)] = []
      for (position, point) in points.enumerated() {
        if position > 0, points[position - 1].index + 1 != point.index {
          canvas.polyline(run, stroke: Ink(tone), width: 1.5)
          run = []
        }
        run.append((point.x, point.y))
      }
      canvas.polyline(run, stroke: Ink(tone), width: 1.5)
      if let last = points.last { canvas.circle(last.x, last.y, radius: 2.5, fill: Ink(tone)) }
    }
    return canvas.document(width: width, height: height)
  }

  /// One character a value, the last ones when there are more values than cells.
  public func terminal(width: Int) -> String {
    let shown = values.suffix(max(0, width))
    let finite = shown.compactMap { $0 }.filter(\.isFinite)
    guard let low = finite.min(), let high = finite.max() else { return "" }
    return String(
      shown.map { value -> Character in
        guard let value, value.isFinite else { return " " }
        let share = high > low ? (value - low) / (high - low) : 0.5
        return Blocks.lower[min(7, Int(share * 8))]
      })
  }
}
