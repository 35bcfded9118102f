import Analysis
import Campaigns
import Foundation

/// One row per segment and version of the round in force and of rounds that ended in the week (RFC 4180).
public struct CSVFace: Sendable {
  public static let columns = [
    "week", "campaign", "segment", "segment_name", "language", "round", "version", "generation", "parent",
    "status", "share", "week_impressions", "week_successes", "round_impressions", "round_successes", "rate",
    "rate_low", "rate_high", "comparison", "difference", "difference_low", "difference_high", "lift",
    "lift_low",
    "lift_high", "probability_best", "verdict", "fatigued", "clicks", "conversions", "spend", "currency",
    "cost_per_result", "week_impressions_gross",
  ]

  public init() {}

  public func render(_ reports: [WeeklyReport]) -> String {
    var lines = [Self.columns.joined(separator: ",")]
    for report in reports {
      for segment in report.segments {
        for round in segment.rounds {
          for version in round.versions {
            lines.append(row(report, segment, round, version).map(Self.field).joined(separator: ","))
          }
        }
      }
    }
    return lines.joined(separator: "\r\n") + "\r\n"
  }

  private func row(
    _ report: WeeklyReport, _ segment: SegmentReport, _ round: RoundReport, _ version: VersionReport
  ) -> [String] {
    let trials = version.days.reduce(0) { $0 + $1.impressions }
    let successes = version.days.reduce(0) { $0 + $1.successes }
    let total = version.figures.total
    let identity = [
      report.week.description, report.campaign.key, segment.key, segment.name, segment.language,
      "\(round.round)", version.name, "\(version.generation)", version.parent ?? "", version.status.rawValue,
      number(version.share),
    ]
    let counts = [
      "\(version.figures.week.impressions)", "\(version.figures.week.successes)",
      "\(round.randomised ? trials : total.impressions)", "\(round.randomised ? successes : total.successes)",
    ]
    let estimates =
      numbers(version.rate) + [version.comparison ?? ""] + numbers(version.difference)
      + numbers(version.lift)
    return identity + counts + estimates + [
      number(version.probabilityBest), version.verdict?.rawValue ?? (round.randomised ? "" : "invalid"),
      version.isFatigued ? "true" : "false", "\(total.clicks)", "\(total.conversions)", number(total.spend),
      report.campaign.currency ?? "", number(total.costPerResult),
      "\(version.figures.week.grossImpressions)",
    ]
  }

  private func numbers(_ estimate: Estimate?) -> [String] {
    [number(estimate?.value), number(estimate?.low), number(estimate?.high)]
  }

  /// At most ten significant digits: more are never known, and sums of doubles differ in the sixteenth.
  private func number(_ value: Double?) -> String { value.map { String(format: "%.10g", $0) } ?? "" }

  /// Names come from people; a leading sign would be a formula to a spreadsheet, so it is set off by an apostrophe.
  static func field(_ text: String) -> String {
    var text = text
    if let first = text.first, "=+@\t\r".contains(first) || (first == "-" && Double(text) == nil) {
      text = "'" + text
    }
    guard text.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return text }
    return "\"" + text.replacingOccurrences(of: "\"", with: "\"\"") + "\""
  }
}
