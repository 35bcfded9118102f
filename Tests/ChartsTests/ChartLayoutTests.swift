import Foundation
import FoundationXML
import Testing

@testable import Charts

/// Reads an SVG's texts with the boxes they will take up.
private final class TextBoxes: NSObject, XMLParserDelegate {
  struct Box {
    var text: String
    var left: Double
    var right: Double
    var top: Double
    var bottom: Double
  }

  var boxes: [Box] = []
  var elements: [String: Int] = [:]
  var root: [String: String] = [:]
  private var open: [String: String]?
  private var text = ""

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
    attributes: [String: String]
  ) {
    elements[name, default: 0] += 1
    if name == "svg" { root = attributes }
    if name == "text" {
      open = attributes
      text = ""
    }
  }

  func parser(_ parser: XMLParser, foundCharacters string: String) { text += string }

  func parser(
    _ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?
  ) {
    guard name == "text", let open else { return }
    self.open = nil
    func number(_ key: String) -> Double { open[key].flatMap { Double($0) } ?? .nan }
    let size = number("font-size")
    let width = TextMeasure.width(text, size: size)
    let left =
      switch open["text-anchor"] {
      case "middle": number("x") - width / 2
      case "end": number("x") - width
      default: number("x")
      }
    boxes.append(
      Box(
        text: text, left: left, right: left + width, top: number("y") - 0.75 * size,
        bottom: number("y") + 0.2 * size))
  }

  static func read(_ svg: String) -> TextBoxes? {
    let reader = TextBoxes()
    let parser = XMLParser(data: Data(svg.utf8))
    parser.delegate = reader
    return parser.parse() ? reader : nil
  }
}

@Suite struct ChartLayoutTests {
  @Test(
    "No text leaves its figure or meets another, whatever the width", arguments: Samples.all.indices,
    [300.0, 360, 480, 720, 1100])
  func texts(index: Int, width: Double) throws {
    let sample = Samples.all[index]
    let read = try #require(TextBoxes.read(sample.chart.svg(id: "x", width: width)))
    let height = try #require(read.root["height"].flatMap { Double($0) })
    for (position, box) in read.boxes.enumerated() {
      #expect(
        box.left >= -0.5 && box.right <= width + 0.5 && box.top >= 0 && box.bottom <= height,
        "\(sample.name): \(box)")
      for other in read.boxes[(position + 1)...] {
        let apart =
          box.right <= other.left + 0.5 || other.right <= box.left + 0.5 || box.bottom <= other.top
          || other.bottom <= box.top
        #expect(apart, "\(sample.name) at \(width): \"\(box.text)\" meets \"\(other.text)\"")
      }
    }
  }

  @Test("Each figure is named and described for who cannot see it", arguments: Samples.all.indices)
  func accessibility(index: Int) throws {
    let sample = Samples.all[index]
    let read = try #require(TextBoxes.read(sample.chart.svg(id: "chart-1")))
    #expect(read.root["role"] == "img")
    #expect(read.root["aria-labelledby"] == "chart-1-title chart-1-desc")
    #expect(read.elements["title"] == 1 && read.elements["desc"] == 1)
    #expect(!sample.chart.summary.isEmpty)
  }

  @Test("No line is wider than the terminal", arguments: Samples.all.indices, [20, 33, 60, 80, 200])
  func terminals(index: Int, width: Int) {
    for line in Samples.all[index].chart.terminal(width: width).split(separator: "\n") {
      #expect(TextMeasure.cells(String(line)) <= width, "\(line)")
    }
  }

  @Test func `markup in a label is text, not markup`() throws {
    let chart = BarChart(title: "<&\"'>\u{0}", bars: [.init(label: "</text><script>", value: 1)])
    let read = try #require(TextBoxes.read(chart.svg(id: "\"><x")))
    #expect(read.elements["script"] == nil)
    #expect(read.boxes.contains { $0.text == "</text><script>" })
  }

  @Test func `figures of nothing and of numbers that are none can be drawn`() {
    let nothing: [any Chart] = [
      IntervalChart(title: "", rows: [.init(label: "a", estimate: .nan, low: .nan, high: .infinity)]),
      IntervalChart(title: "", rows: [.init(label: "a", estimate: 0, low: 0, high: 0)]),
      IntervalChart(title: "", rows: [.init(label: "a", estimate: 1, low: -.infinity, high: .infinity)]),
      LineChart(title: "", labels: [], series: []),
      LineChart(title: "", labels: ["a"], series: [.init(name: "s", values: [.infinity])]),
      LineChart(title: "", labels: ["a"], series: [.init(name: "s", values: [0.5])]),
      LineChart(title: "", labels: ["a", "b"], series: [.init(name: "s", values: [1, 1, 1])]),
      BarChart(title: "", bars: [.init(label: "", value: .nan), .init(label: "x", value: -1)]),
      Sparkline(title: "", values: []), Sparkline(title: "", values: [nil, .nan, 3]),
      ShareBar(title: "", parts: []), ShareBar(title: "", parts: [.init(label: "a", share: 0)]),
    ]
    for chart in nothing {
      let svg = chart.svg(id: "x")
      #expect(!svg.contains("nan") && !svg.contains("inf"))
      #expect(TextBoxes.read(svg) != nil)
      #expect(!chart.terminal(width: 40).contains("nan"))
    }
  }
}
