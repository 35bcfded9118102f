import Analysis
import Foundation
import Reporting
import Testing

@Suite("Weeks of ISO 8601")
struct ISOWeekTests {
  @Test(
    "a week begins on the Monday the standard says",
    arguments: [
      ("2026-W47", "2026-11-16"), ("2026-W01", "2025-12-29"), ("2020-W53", "2020-12-28"),
      ("2021-W01", "2021-01-04"), ("2027-W01", "2027-01-04"), ("2026-W53", "2026-12-28"),
    ])
  func mondays(text: String, monday: String) throws {
    let week = try ISOWeek(parsing: text)
    #expect(week.monday.description == monday)
    #expect(week.description == text)
    #expect(ISOWeek(containing: week.end - 1) == week)
    #expect(ISOWeek(containing: week.end) == week.advanced(byWeeks: 1))
  }

  @Test(
    "what is not a week is refused with a hint",
    arguments: [
      "", "2026", "2026-47", "2026-W", "2026-W00", "2026-W54", "2025-W53", "26-W47", "2026-W4x", "2026-W047",
      "2026-W-1",
    ])
  func refused(text: String) {
    #expect(throws: ReportingError.self) { try ISOWeek(parsing: text) }
  }

  @Test("the hint says what would be right")
  func hints() {
    #expect(throws: ReportingError.invalidWeek("2025-W53", "2025 has weeks 1 to 52")) {
      try ISOWeek(parsing: "2025-W53")
    }
    #expect(
      ReportingError.invalidWeek("x", "write it as year, W and number, like 2026-W47").description
        == "'x' is not a week: write it as year, W and number, like 2026-W47.")
  }

  @Test("the last complete week ends at or before the moment")
  func last() throws {
    let week = try ISOWeek(parsing: "2026-W47")
    #expect(ISOWeek(lastCompleteBefore: week.end) == week)
    #expect(ISOWeek(lastCompleteBefore: week.end - 1) == week.advanced(byWeeks: -1))
  }

  @Test(
    "a week is named by its days",
    arguments: [
      ("2026-W47", "16 to 22 November 2026"), ("2026-W49", "30 November to 6 December 2026"),
      ("2026-W53", "28 December 2026 to 3 January 2027"),
    ])
  func words(text: String, words: String) throws { #expect(try ISOWeek(parsing: text).inWords == words) }
}
