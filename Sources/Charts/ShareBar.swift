/// Parts of a whole on one line: how traffic is split between versions.
public struct ShareBar: Chart, Hashable {
  public struct Part: Hashable, Sendable {
    public var label: String
    /// In any unit; drawn as its part of the sum.
    public var share: Double

    public init(label: String, share: Double) {
      self.label = label
      self.share = share
    }
  }

  public var title: String
  public var parts: [Part]

  public init(title: String, parts: [Part]) {
    self.title = title
    self.parts = parts
  }

  /// Shares of the sum; all 0 when the sum is.
  private var shares: [Double] {
    let known = parts.map { $0.share.isFinite ? max(0, $0.share) : 0 }
    let sum = known.reduce(0, +)
    return known.map { sum > 0 ? $0 / sum : 0 }
  }

  private func percent(_ share: Double) -> String { NumberStyle.percent(decimals: 0).text(share) }

  public var summary: String {
    guard !parts.isEmpty else { return "No data yet." }
    return zip(parts, shares).map { "\($0.label): \(percent($1))" }.joined(separator: "; ") + "."
  }

  public func svg(id: String, width: Double) -> String {
    var canvas = SVGCanvas(id: id, title: title, summary: summary)
    guard !parts.isEmpty else {
      canvas.text("No data yet", x: 8, y: 24, fill: .muted)
      return canvas.document(width: width, height: 40)
    }
    let size = SVGCanvas.fontSize
    let room = width - 16
    var x = 8.0
    for (index, share) in shares.enumerated() {
      let length = room * share
      canvas.rect(x: x, y: 6, width: max(0, length - 2), height: 24, fill: .series(index), radius: 3)
      let number = percent(share)
      if TextMeasure.width(number, size: size) + 10 <= length {
        canvas.text(
          number, x: x + (length - 2) / 2, y: 18 + size * 0.35, fill: .surface, anchor: .middle, isBold: true)
      }
      x += length
    }
    var legend = (x: 8.0, y: 52.0)
    for (index, part) in parts.enumerated() {
      let full = "\(part.label) \(percent(shares[index]))"
      let text = TextMeasure.fitting(full, size: size, width: room - 18)
      let length = 18 + TextMeasure.width(text, size: size)
      if legend.x > 8, legend.x + length > width - 8 { legend = (8, legend.y + 22) }
      canvas.rect(x: legend.x, y: legend.y - 10, width: 11, height: 11, fill: .series(index), radius: 2)
      canvas.text(text, x: legend.x + 17, y: legend.y)
      legend.x += length + 18
    }
    return canvas.document(width: width, height: legend.y + 12)
  }

  private static let patterns: [Character] = ["█", "▒", "░", "▓", "▚", "▞", "▤", "▥"]

  public func terminal(width: Int) -> String {
    guard !parts.isEmpty else { return TextMeasure.fitting("\(title): no data yet", cells: width) + "\n" }
    let room = max(1, min(60, width))
    var bar = ""
    var sum = 0.0
    for (index, share) in shares.enumerated() {
      // Rounded sums, not rounded parts: the bar has its full length, whatever the parts.
      let from = Int((sum * Double(room)).rounded())
      sum += share
      let to = Int((sum * Double(room)).rounded())
      bar += String(repeating: Self.patterns[index % Self.patterns.count], count: max(0, to - from))
    }
    var lines = [bar, ""]
    for (index, part) in parts.enumerated() {
      let pattern = Self.patterns[index % Self.patterns.count]
      let number = " " + percent(shares[index])
      let label = TextMeasure.fitting(
        "\(pattern) \(part.label)", cells: max(1, width - TextMeasure.cells(number)))
      let apart = lines[lines.count - 1].isEmpty ? "" : "   "
      let next = lines[lines.count - 1] + apart + label + number
      if TextMeasure.cells(next) <= width || apart.isEmpty {
        lines[lines.count - 1] = next
      } else {
        lines.append(label + number)
      }
    }
    return lines.map { TextMeasure.fitting($0, cells: width) + "\n" }.joined()
  }
}
