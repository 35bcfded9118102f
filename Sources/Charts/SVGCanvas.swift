/// Writes one accessible, themed `<svg>` element.
struct SVGCanvas {
  enum Anchor: String {
    case start, middle, end
  }

  static let fontSize = 13.0
  private static let fonts = "Inter, 'Noto Sans', 'Noto Sans CJK SC', system-ui, sans-serif"

  private let id: String
  private let title: String
  private let summary: String
  private var body = ""
  private var fills: Set<Ink> = []
  private var strokes: Set<Ink> = []

  init(id: String, title: String, summary: String) {
    // Ids end up in attributes that refer to each other; anything else than these would break them.
    self.id = String(id.map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") ? $0 : "-" })
    self.title = title
    self.summary = summary
  }

  mutating func rect(
    x: Double, y: Double, width: Double, height: Double, fill: Ink, radius: Double = 0, opacity: Double = 1
  ) {
    guard width > 0, height > 0 else { return }
    let corner = radius > 0 ? " rx=\"\(Self.number(min(radius, width / 2, height / 2)))\"" : ""
    body += "<rect x=\"\(Self.number(x))\" y=\"\(Self.number(y))\" width=\"\(Self.number(width))\""
    body += " height=\"\(Self.number(height))\"\(corner)\(filled(fill))\(Self.faded(opacity))/>\n"
  }

  mutating func line(
    _ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, stroke: Ink, width: Double = 1,
    dashes: String? = nil
  ) {
    body += "<line x1=\"\(Self.number(x1))\" y1=\"\(Self.number(y1))\" x2=\"\(Self.number(x2))\""
    body += " y2=\"\(Self.number(y2))\"\(stroked(stroke, width))"
    body += (dashes.map { " stroke-dasharray=\"\($0)\"" } ?? "") + "/>\n"
  }

  mutating func polyline(_ points: [(x: Double, y: Double)], stroke: Ink, width: Double = 2) {
    guard points.count > 1 else { return }
    body += "<polyline points=\"\(Self.list(points))\" fill=\"none\" stroke-linejoin=\"round\""
    body += " stroke-linecap=\"round\"\(stroked(stroke, width))/>\n"
  }

  mutating func polygon(_ points: [(x: Double, y: Double)], fill: Ink, opacity: Double = 1) {
    guard points.count > 2 else { return }
    body += "<polygon points=\"\(Self.list(points))\"\(filled(fill))\(Self.faded(opacity))/>\n"
  }

  mutating func circle(_ x: Double, _ y: Double, radius: Double, fill: Ink, outline: Ink? = nil) {
    body += "<circle cx=\"\(Self.number(x))\" cy=\"\(Self.number(y))\" r=\"\(Self.number(radius))\""
    body += painted(fill: fill, stroke: outline, width: 1.5) + "/>\n"
  }

  /// - Parameter y: the baseline.
  mutating func text(
    _ text: String, x: Double, y: Double, fill: Ink = .text, size: Double = SVGCanvas.fontSize,
    anchor: Anchor = .start, isBold: Bool = false
  ) {
    guard !text.isEmpty else { return }
    body += "<text x=\"\(Self.number(x))\" y=\"\(Self.number(y))\" font-size=\"\(Self.number(size))\""
    body += anchor == .start ? "" : " text-anchor=\"\(anchor.rawValue)\""
    body += isBold ? " font-weight=\"600\"" : ""
    body += "\(filled(fill))>\(Self.escaped(text))</text>\n"
  }

  func document(width: Double, height: Double) -> String {
    let size = "width=\"\(Self.number(width))\" height=\"\(Self.number(height))\""
    return """
      <svg xmlns="http://www.w3.org/2000/svg" class="retake-chart" id="\(id)" \(size) \
      viewBox="0 0 \(Self.number(width)) \(Self.number(height))" role="img" \
      aria-labelledby="\(id)-title \(id)-desc" font-family="\(Self.fonts)">
      <title id="\(id)-title">\(Self.escaped(title))</title>
      <desc id="\(id)-desc">\(Self.escaped(summary))</desc>
      <style>
      \(style())</style>
      \(body)</svg>

      """
  }

  /// Only the inks in use. A page sets `--chart-text` and so on to override both schemes.
  private func style() -> String {
    let inks = fills.union(strokes).sorted()
    func variables(_ colour: (Ink) -> String) -> String {
      inks.map { "--retake-\($0.name):\(colour($0))" }.joined(separator: ";")
    }
    func rules(_ inks: Set<Ink>, _ property: String) -> String {
      inks.sorted().map {
        ".retake-chart .\(property)-\($0.name){\(property):var(--chart-\($0.name),var(--retake-\($0.name)))}\n"
      }.joined()
    }
    return ".retake-chart{max-width:100%;height:auto;font-variant-numeric:tabular-nums;"
      + "\(variables(\.light))}\n"
      + "@media (prefers-color-scheme:dark){.retake-chart{\(variables(\.dark))}}\n"
      + rules(fills, "fill") + rules(strokes, "stroke")
  }

  private mutating func filled(_ ink: Ink) -> String { painted(fill: ink, stroke: nil, width: 0) }

  private mutating func stroked(_ ink: Ink, _ width: Double) -> String {
    painted(fill: nil, stroke: ink, width: width)
  }

  private mutating func painted(fill: Ink?, stroke: Ink?, width: Double) -> String {
    var classes: [String] = []
    var attributes = ""
    if let fill {
      fills.insert(fill)
      classes.append("fill-\(fill.name)")
      attributes += " fill=\"\(fill.light)\""
    }
    if let stroke {
      strokes.insert(stroke)
      classes.append("stroke-\(stroke.name)")
      attributes += " stroke=\"\(stroke.light)\" stroke-width=\"\(Self.number(width))\""
    }
    return " class=\"\(classes.joined(separator: " "))\"" + attributes
  }

  private static func faded(_ opacity: Double) -> String {
    opacity < 1 ? " fill-opacity=\"\(number(opacity))\"" : ""
  }

  private static func list(_ points: [(x: Double, y: Double)]) -> String {
    points.map { "\(number($0.x)),\(number($0.y))" }.joined(separator: " ")
  }

  /// At most two decimals, no trailing zeros: the same text on every machine.
  static func number(_ value: Double) -> String {
    let hundredths = Int64((value * 100).rounded())
    let whole = abs(hundredths) / 100
    let rest = abs(hundredths) % 100
    let sign = hundredths < 0 ? "-" : ""
    if rest == 0 { return "\(sign)\(whole)" }
    return rest % 10 == 0 ? "\(sign)\(whole).\(rest / 10)" : "\(sign)\(whole).\(rest < 10 ? "0" : "")\(rest)"
  }

  /// XML 1.0: the five entities; control characters, which no entity can carry, become U+FFFD.
  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      case "\t", "\n", "\r": result += " "
      default:
        let isAllowed = scalar.value >= 0x20 && scalar.value != 0xfffe && scalar.value != 0xffff
        result.unicodeScalars.append(isAllowed ? scalar : "\u{fffd}")
      }
    }
    return result
  }
}
