import ArgumentParser
import Campaigns
import Foundation

/// A point in time on the command line: RFC 3339, or a day, which stands for its first moment in UTC.
struct Moment: ExpressibleByArgument, Hashable, Sendable {
  let date: Date

  init?(argument: String) {
    let text = Day.isDay(argument) ? argument + "T00:00:00Z" : argument
    let parsed =
      try? Date(text, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: text.contains(".")))
    guard let parsed else { return nil }
    date = parsed
  }

  var defaultValueDescription: String { Self.text(date) }

  static func text(_ date: Date) -> String { date.formatted(.iso8601) }
}

extension ArgumentHelp {
  /// For options that take a ``Moment``.
  static func moment(_ abstract: String) -> ArgumentHelp {
    ArgumentHelp(
      stringLiteral: abstract + " RFC 3339 (2026-11-16T06:00:00Z) or a day (2026-11-16, midnight UTC).")
  }
}
