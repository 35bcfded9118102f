import Foundation

/// When something is due, in the five-field notation of cron(5): minute, hour, day of month, month, day of week.
///
/// Fields hold `*`, values, ranges (`mon-fri`), steps (`*/15`, `8-18/2`) and comma-separated lists of these;
/// months and weekdays may be named (`jan`, `mon`, any case); Sunday is 0 or 7. `@hourly`, `@daily` (`@midnight`),
/// `@weekly`, `@monthly` and `@yearly` (`@annually`) stand for the usual expressions. When day of month and day of
/// week are both restricted, a day that meets either is due, as in cron(5).
///
/// Times are wall-clock times of a time zone. Where its clock is moved
/// - forwards, what was due in the skipped hour is due **once**, at the first moment after it;
/// - backwards, what is due in the repeated hour is due **once**, the first time round.
///
/// Expressions whose hour field is `*` mean "so often", not "at this time": they go on through the change by
/// elapsed time, without a gap and without a repetition.
public struct CronExpression: Hashable, Sendable, CustomStringConvertible {
  public let description: String
  let minutes: [Int]
  let hours: [Int]
  let daysOfMonth: Set<Int>
  let months: Set<Int>
  /// 0 is Sunday.
  let daysOfWeek: Set<Int>
  let everyDayOfMonth: Bool
  let everyDayOfWeek: Bool
  let everyHour: Bool

  public init(_ text: String) throws(CronError) {
    let trimmed = text.trimmingCharacters(in: .whitespaces)
    let expanded = try Self.expand(trimmed)
    let fields = expanded.split(whereSeparator: \.isWhitespace)
    guard fields.count == 5 else {
      throw CronError(
        expression: trimmed, field: nil,
        problem:
          "it has \(fields.count) fields, not 5 (minute, hour, day of month, month, day of week)")
    }
    description = trimmed
    minutes = try CronField.minute.values(of: fields[0], in: trimmed).sorted()
    hours = try CronField.hour.values(of: fields[1], in: trimmed).sorted()
    daysOfMonth = try CronField.dayOfMonth.values(of: fields[2], in: trimmed)
    months = try CronField.month.values(of: fields[3], in: trimmed)
    daysOfWeek = Set(try CronField.dayOfWeek.values(of: fields[4], in: trimmed).map { $0 % 7 })
    everyHour = hours.count == 24
    everyDayOfMonth = fields[2].hasPrefix("*")
    everyDayOfWeek = fields[4].hasPrefix("*")
    guard isPossible else {
      throw CronError(
        expression: trimmed, field: CronField.dayOfMonth.name,
        problem: "no month of 'month' has such a day, so it would never be due")
    }
  }

  private static func expand(_ text: String) throws(CronError) -> String {
    guard text.hasPrefix("@") else { return text }
    guard let expression = nicknames[text.lowercased()] else {
      throw CronError(
        expression: text, field: nil,
        problem: "it is none of \(nicknames.keys.sorted().joined(separator: ", "))")
    }
    return expression
  }

  private static let nicknames = [
    "@hourly": "0 * * * *", "@daily": "0 0 * * *", "@midnight": "0 0 * * *", "@weekly": "0 0 * * 0",
    "@monthly": "0 0 1 * *", "@yearly": "0 0 1 1 *", "@annually": "0 0 1 1 *",
  ]

  /// Whether any day ever meets the expression: `0 0 31 2 *` never does.
  private var isPossible: Bool {
    guard everyDayOfWeek else { return true }
    return months.contains { month in
      daysOfMonth.contains { $0 <= CivilDay.longestLength(ofMonth: month) }
    }
  }

  func isDue(on day: CivilDay) -> Bool {
    guard months.contains(day.month) else { return false }
    let onDay = daysOfMonth.contains(day.day)
    let onWeekday = daysOfWeek.contains(day.weekday)
    // `*` always matches, so "and" reads the restricted one alone; two restrictions join by "or".
    return everyDayOfMonth || everyDayOfWeek ? onDay && onWeekday : onDay || onWeekday
  }
}
