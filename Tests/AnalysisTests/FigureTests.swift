import Analysis
import Foundation
import Testing

@Suite("Figures as people read them")
struct FigureTests {
  @Test(
    "thousands are separated",
    arguments: [
      (0, "0"), (999, "999"), (1_000, "1,000"), (213_434_828, "213,434,828"), (-1_234, "−1,234"),
    ])
  func counts(number: Int, text: String) { #expect(Figure.count(Int64(number)) == text) }

  @Test(
    "percentages carry three digits",
    arguments: [
      (0.0213, "2.13%"), (0.354, "35.4%"), (0.000179, "0.0179%"), (1.0, "100%"), (0, "0.0%"),
    ])
  func percentages(fraction: Double, text: String) { #expect(Figure.percent(fraction) == text) }

  @Test("an estimate shows no more digits than its interval knows")
  func estimates() {
    #expect(
      Figure.percent(Estimate(value: 0.02134, low: 0.0190, high: 0.0238)) == "2.13% (1.90% to 2.38%)")
    #expect(Figure.lift(Estimate(value: 0.352, low: 0.1181, high: 0.6123)) == "+35% (12% to 61%)")
    #expect(Figure.signedPercent(-0.0001, digits: 1) == "0.0%")
  }

  @Test("confidence has no decimals it does not need, however its alpha was reached")
  func confidence() {
    #expect(
      [0.05, 1 - 0.95, 0.1, 0.001, 0.025].map(Figure.confidence) == ["95%", "95%", "90%", "99.9%", "97.5%"])
  }

  @Test("money keeps the digits that matter")
  func money() {
    #expect(Figure.money(1234.5, currency: "EUR") == "1,234.50 EUR")
    #expect(Figure.money(0.0412, currency: nil) == "0.041")
    #expect(Figure.money(58_705.23, currency: nil) == "58,705.23")
  }

  @Test(
    "days of the calendar come and go",
    arguments: [
      (1970, 1, 1, 0, 4), (2000, 2, 29, 11_016, 2), (2026, 11, 16, 20_773, 1), (1969, 12, 31, -1, 3),
    ])
  func days(year: Int, month: Int, day: Int, number: Int, weekday: Int) {
    let date = CivilDate(year: year, month: month, day: day)
    #expect(date.dayNumber == number)
    #expect(date.weekday == weekday)
    #expect(date.components == (year, month, day))
  }
}
