import Foundation
import Testing

@testable import Jobs

/// Times as `2026-03-29 01:59:59`, read in UTC.
private func utc(_ text: String) throws -> Date {
  let parts = text.split { !$0.isNumber }.compactMap { Int($0) }
  var calendar = Calendar(identifier: .gregorian)
  calendar.timeZone = try #require(TimeZone(identifier: "UTC"))
  let second = parts.count > 5 ? parts[5] : 0
  return try #require(
    calendar.date(
      from: DateComponents(
        year: parts[0], month: parts[1], day: parts[2], hour: parts[3], minute: parts[4], second: second)))
}

private func zone(_ name: String) throws -> TimeZone { try #require(TimeZone(identifier: name)) }

struct CronTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let cron: String
    let zone: String
    let after: String
    /// The next times due, in order, in UTC.
    let due: [String]
    var testDescription: String { "\(cron) after \(after) UTC in \(zone)" }
  }

  static let plain = [
    Case(
      cron: "0 6 * * 1", zone: "UTC", after: "2026-11-02 06:00",
      due: ["2026-11-09 06:00", "2026-11-16 06:00"]),
    Case(cron: "0 6 * * mon", zone: "UTC", after: "2026-11-02 05:59:59", due: ["2026-11-02 06:00"]),
    Case(
      cron: "*/20 9-17/4 * * *", zone: "UTC", after: "2026-01-01 09:30",
      due: ["2026-01-01 09:40", "2026-01-01 13:00", "2026-01-01 13:20", "2026-01-01 13:40"]),
    Case(cron: "15,45 * * * *", zone: "UTC", after: "2026-12-31 23:45", due: ["2027-01-01 00:15"]),
    Case(cron: "0 0 29 2 *", zone: "UTC", after: "2096-03-01 00:00", due: ["2104-02-29 00:00"]),
    Case(
      cron: "0 12 13 * FRI", zone: "UTC", after: "2026-02-10 00:00",
      due: [
        "2026-02-13 12:00", "2026-02-20 12:00", "2026-02-27 12:00", "2026-03-06 12:00", "2026-03-13 12:00",
      ]),
    Case(
      cron: "30 8 * jan,Jul fri-sun", zone: "UTC", after: "2026-01-31 08:30",
      due: ["2026-07-03 08:30", "2026-07-04 08:30", "2026-07-05 08:30", "2026-07-10 08:30"]),
    Case(cron: "0 0 * * 7", zone: "UTC", after: "2026-11-02 00:00", due: ["2026-11-08 00:00"]),
    Case(cron: "0 0 * * */2", zone: "UTC", after: "2026-11-01 00:00", due: ["2026-11-03 00:00"]),
    Case(cron: "@weekly", zone: "UTC", after: "2026-11-02 00:00", due: ["2026-11-08 00:00"]),
    Case(cron: "@monthly", zone: "UTC", after: "2026-11-02 00:00", due: ["2026-12-01 00:00"]),
    Case(cron: "@yearly", zone: "UTC", after: "2026-11-02 00:00", due: ["2027-01-01 00:00"]),
    Case(cron: "@daily", zone: "Asia/Kolkata", after: "2026-11-02 00:00", due: ["2026-11-02 18:30"]),
    Case(
      cron: "5/25 * * * *", zone: "UTC", after: "1969-12-31 23:00",
      due: ["1969-12-31 23:05", "1969-12-31 23:30"]),
  ]

  static let clockChanges = [
    // Berlin, 29 March 2026: 02:00 becomes 03:00 (01:00 UTC). 02:30 does not exist.
    Case(
      cron: "30 2 * * *", zone: "Europe/Berlin", after: "2026-03-28 00:00",
      due: ["2026-03-28 01:30", "2026-03-29 01:00", "2026-03-30 00:30"]),
    Case(
      cron: "*/20 2 * * *", zone: "Europe/Berlin", after: "2026-03-28 12:00",
      due: ["2026-03-29 01:00", "2026-03-30 00:00"]),
    // What is due at 03:00 as well falls together with it.
    Case(
      cron: "0 2,3 * * *", zone: "Europe/Berlin", after: "2026-03-29 00:30",
      due: ["2026-03-29 01:00", "2026-03-30 00:00"]),
    // Berlin, 25 October 2026: 03:00 becomes 02:00 (01:00 UTC). 02:30 comes at 00:30 and 01:30 UTC.
    Case(
      cron: "30 2 * * *", zone: "Europe/Berlin", after: "2026-10-24 12:00",
      due: ["2026-10-25 00:30", "2026-10-26 01:30"]),
    Case(
      cron: "30 2 * * *", zone: "Europe/Berlin", after: "2026-10-25 01:10", due: ["2026-10-26 01:30"]),
    // "Every half hour" goes on by elapsed time through both.
    Case(
      cron: "*/30 * * * *", zone: "Europe/Berlin", after: "2026-10-25 00:00",
      due: ["2026-10-25 00:30", "2026-10-25 01:00", "2026-10-25 01:30", "2026-10-25 02:00"]),
    Case(
      cron: "*/30 * * * *", zone: "Europe/Berlin", after: "2026-03-29 00:30",
      due: ["2026-03-29 01:00", "2026-03-29 01:30"]),
    // New York, 8 March and 1 November 2026.
    Case(
      cron: "15 2 * * sun", zone: "America/New_York", after: "2026-03-02 00:00",
      due: ["2026-03-08 07:00", "2026-03-15 06:15"]),
    Case(
      cron: "15 1 * * sun", zone: "America/New_York", after: "2026-10-30 00:00",
      due: ["2026-11-01 05:15", "2026-11-08 06:15"]),
    // Half an hour only: Lord Howe, 4 October 2026, 02:00 becomes 02:30 (15:30 UTC the day before).
    Case(
      cron: "10 2 * * *", zone: "Australia/Lord_Howe", after: "2026-10-03 00:00", due: ["2026-10-03 15:30"]),
    // A gap at midnight: Santiago, 6 September 2026, 00:00 becomes 01:00 (04:00 UTC).
    Case(
      cron: "0 0 * * *", zone: "America/Santiago", after: "2026-09-05 12:00",
      due: ["2026-09-06 04:00", "2026-09-07 03:00"]),
    // A day that never was: Samoa crossed the date line over 30 December 2011.
    Case(
      cron: "0 9 30 12 *", zone: "Pacific/Apia", after: "2011-12-29 00:00", due: ["2011-12-30 10:00"]),
  ]

  @Test("next gives the times a calendar gives", arguments: plain)
  func next(_ example: Case) throws { try check(example) }

  @Test("a skipped hour runs once after it, a repeated hour runs once", arguments: clockChanges)
  func clockChange(_ example: Case) throws { try check(example) }

  private func check(_ example: Case) throws {
    let cron = try CronExpression(example.cron)
    var moment = try utc(example.after)
    for expected in example.due {
      moment = cron.next(after: moment, in: try zone(example.zone))
      #expect(moment == (try utc(expected)))
    }
  }

  @Test(
    "a wrong expression is refused with the field it is wrong in",
    arguments: [
      ("60 * * * *", "minute"), ("* 24 * * *", "hour"), ("* * 0 * *", "day of month"),
      ("* * * 13 *", "month"), ("* * * * 8", "day of week"), ("* * * foo *", "month"),
      ("*/0 * * * *", "minute"), ("5-1 * * * *", "minute"), ("1,,2 * * * *", "minute"),
      ("* * * * sat-mon", "day of week"), ("0 0 31 2,4 *", "day of month"), ("٣ * * * *", "minute"),
      ("-1 * * * *", "minute"),
    ])
  func wrongField(_ text: String, _ field: String) {
    #expect { _ = try CronExpression(text) } throws: { error in
      let error = error as? CronError
      return error?.field == field && error?.description.contains(field) == true
    }
  }

  @Test("an expression without five fields is refused", arguments: ["", "* * * *", "* * * * * *", "@often"])
  func wrongShape(_ text: String) {
    #expect { _ = try CronExpression(text) } throws: { ($0 as? CronError)?.field == nil }
  }

  @Test("last finds the newest due time, however rare, and none before the earliest")
  func last() throws {
    let weekly = try CronExpression("0 6 * * mon")
    let utcZone = try zone("UTC")
    let wednesday = try utc("2026-11-18 10:00")
    #expect(
      weekly.last(notAfter: wednesday, since: try utc("2026-10-01 00:00"), in: utcZone)
        == (try utc("2026-11-16 06:00")))
    #expect(
      weekly.last(notAfter: try utc("2026-11-16 06:00"), since: try utc("2026-11-16 06:00"), in: utcZone)
        == (try utc("2026-11-16 06:00")))
    #expect(weekly.last(notAfter: wednesday, since: try utc("2026-11-17 00:00"), in: utcZone) == nil)
  }
}
