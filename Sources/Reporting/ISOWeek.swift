public import Analysis
public import FoundationEssentials

/// A week of ISO 8601, Monday to Sunday in UTC; week 1 is the one with the year's first Thursday.
/// Written, read and encoded as `2026-W47`.
public struct ISOWeek: Hashable, Sendable, Codable, Comparable, CustomStringConvertible {
  public let monday: CivilDate

  /// The week that holds `moment`.
  public init(containing moment: Date) {
    let day = CivilDate(moment)
    monday = day.advanced(byDays: 1 - day.weekday)
  }

  /// The last week that is over at `moment`.
  public init(lastCompleteBefore moment: Date) {
    self = ISOWeek(containing: moment).advanced(byWeeks: -1)
  }

  public init(year: Int, week: Int) throws(ReportingError) {
    guard (1...9999).contains(year) else {
      throw .invalidWeek("\(year)-W\(week)", "the year must be 1 to 9999")
    }
    let last = Self.weeks(inYear: year)
    guard (1...last).contains(week) else {
      throw .invalidWeek("\(year)-W\(week)", "\(year) has weeks 1 to \(last)")
    }
    monday = Self.firstMonday(ofYear: year).advanced(byDays: 7 * (week - 1))
  }

  /// Reads `2026-W47`.
  public init(parsing text: String) throws(ReportingError) {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 2, parts[0].count == 4, let year = Self.number(parts[0]),
      let letter = parts[1].first, letter == "W" || letter == "w", (2...3).contains(parts[1].count),
      let week = Self.number(parts[1].dropFirst())
    else { throw .invalidWeek(text, "write it as year, W and number, like 2026-W47") }
    try self.init(year: year, week: week)
  }

  public init(from decoder: any Decoder) throws {
    try self.init(parsing: decoder.singleValueContainer().decode(String.self))
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }

  /// Monday, 00:00 UTC.
  public var start: Date { monday.start }
  /// The next Monday, 00:00 UTC.
  public var end: Date { monday.advanced(byDays: 7).start }
  public var sunday: CivilDate { monday.advanced(byDays: 6) }

  public func advanced(byWeeks weeks: Int) -> ISOWeek { ISOWeek(monday: monday.advanced(byDays: 7 * weeks)) }

  public var description: String {
    let year = monday.advanced(byDays: 3).components.year
    let week = (monday.dayNumber - Self.firstMonday(ofYear: year).dayNumber) / 7 + 1
    let digits = String(year)
    return String(repeating: "0", count: max(0, 4 - digits.count)) + digits + (week < 10 ? "-W0" : "-W")
      + "\(week)"
  }

  /// `16 to 22 November 2026`
  public var inWords: String {
    let (from, to) = (monday.components, sunday.components)
    if from.year != to.year { return "\(monday.inWords) to \(sunday.inWords)" }
    if from.month != to.month {
      let start = monday.inWords.split(separator: " ").prefix(2).joined(separator: " ")
      return "\(start) to \(sunday.inWords)"
    }
    return "\(from.day) to \(sunday.inWords)"
  }

  public static func < (left: ISOWeek, right: ISOWeek) -> Bool { left.monday < right.monday }

  private init(monday: CivilDate) { self.monday = monday }

  /// 4 January is always in week 1.
  private static func firstMonday(ofYear year: Int) -> CivilDate {
    let fourth = CivilDate(year: year, month: 1, day: 4)
    return fourth.advanced(byDays: 1 - fourth.weekday)
  }

  private static func weeks(inYear year: Int) -> Int {
    (firstMonday(ofYear: year + 1).dayNumber - firstMonday(ofYear: year).dayNumber) / 7
  }

  private static func number(_ text: Substring) -> Int? {
    text.allSatisfy { $0.isASCII && $0.isNumber } ? Int(text) : nil
  }
}
