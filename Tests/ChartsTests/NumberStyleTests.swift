import Testing

@testable import Charts

@Suite struct NumberStyleTests {
  @Test(
    "Numbers are written the same everywhere",
    arguments: [
      (NumberStyle.percent(), 0.1234, "12.3%"), (.percent(decimals: 0), 1, "100%"),
      (.signedPercent(), 0.124, "+12.4%"), (.signedPercent(), -0.081, "−8.1%"),
      (.signedPercent(), 0.0001, "0.0%"), (.signedPercent(), -0.0001, "0.0%"),
      (.decimal(), 1_234_567, "1,234,567"), (.decimal(decimals: 2), -0.005, "−0.01"),
      (.decimal(decimals: 3), 0.0405, "0.041"), (.compact, 1_234_567, "1.2M"), (.compact, 999_960, "1M"),
      (.compact, 12, "12"), (.compact, 0.5, "0.5"), (.compact, 213_434_828, "213M"),
      (.currency(symbol: "€"), 1234.5, "€1,234.50"), (.currency(symbol: "$"), -3, "−$3.00"),
      (.percent(), .nan, "–"), (.decimal(), .infinity, "∞"),
    ])
  func texts(style: NumberStyle, value: Double, text: String) {
    #expect(style.text(value) == text)
  }

  @Test func `an axis has as many decimals as its steps need`() {
    #expect(NumberStyle.percent().resolving(0.05).text(0.05) == "5%")
    #expect(NumberStyle.percent().resolving(0.005).text(0.055) == "5.5%")
    #expect(NumberStyle.decimal().resolving(0.02).text(0.02) == "0.02")
  }

  @Test func `ticks are round, inside and hold zero as zero`() {
    let scale = Scale(-0.13...0.27, to: 0...100, ticks: 5)
    #expect(scale.ticks.contains(0))
    #expect(scale.step == 0.1)
    #expect(scale.place(scale.values.lowerBound) == 0 && scale.place(scale.values.upperBound) == 100)
    #expect(Scale.roundStep(0.0021) == 0.005)
    #expect(Scale.roundStep(130) == 200)
  }

  @Test func `wide characters take two cells and marks none`() {
    #expect(TextMeasure.cells("新しい") == 6)
    #expect(TextMeasure.cells("é") == 1)
    #expect(TextMeasure.cells("e\u{301}") == 1)
    #expect(TextMeasure.padded("新しい商品", to: 6) == "新し… ")
    #expect(TextMeasure.fitting("Version", size: 10, width: 1) == "")
  }
}
