public import FoundationEssentials

/// Calendar days as `YYYY-MM-DD`: they sort as text and mean the same in every time zone.
public enum Day {
  /// Whether the text is a day that exists, such as `2028-02-29`.
  public static func isDay(_ text: String) -> Bool {
    guard text.wholeMatch(of: #/\d{4}-\d{2}-\d{2}/#) != nil else { return false }
    let parts = text.split(separator: "-").compactMap { Int($0) }
    let wanted = DateComponents(year: parts[0], month: parts[1], day: parts[2])
    guard let date = utc.date(from: wanted) else { return false }
    let found = utc.dateComponents([.year, .month, .day], from: date)
    return (found.year, found.month, found.day) == (wanted.year, wanted.month, wanted.day)
  }

  /// The day of a moment in UTC.
  public static func containing(_ moment: Date) -> String {
    moment.formatted(.iso8601.year().month().day())
  }

  private static let utc: Calendar = {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = .gmt
    return calendar
  }()
}
