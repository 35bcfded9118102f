import Testing

@testable import Charts

@Suite struct GoldenChartTests {
  @Test("Each figure's SVG is the one that was looked at", arguments: Samples.all.indices)
  func svg(index: Int) throws {
    let sample = Samples.all[index]
    try expectGolden(sample.chart.svg(id: sample.name, width: sample.width), "\(sample.name).svg")
  }

  @Test("Each figure's lines for a terminal are those that were looked at", arguments: Samples.all.indices)
  func terminal(index: Int) throws {
    let sample = Samples.all[index]
    try expectGolden(sample.chart.terminal(width: Int(sample.width / 7.2)), "\(sample.name).txt")
  }
}
