import Analysis
import Campaigns
import Foundation

/// What happened, most important first: what forbids claims, what is shown, what was done, and always the sums.
struct Headlines {
  private let report: WeeklyReport

  init(_ report: WeeklyReport) { self.report = report }

  func sentences() -> [String] {
    let claims = report.isRandomised ? claims : imported
    return Array((claims + made).prefix(WeeklyReport.maximumHeadlines - 1)) + [sums]
  }

  private var claims: [String] {
    let lines = report.segments.flatMap(\.verdicts)
      .filter { [.invalid, .winner, .fatigued, .shifted].contains($0.kind) }
      .sorted { $0.kind.rank < $1.kind.rank }
    if !lines.isEmpty { return lines.map { "\($0.segment): \(Self.short($0.sentence))" } }
    let losers = report.segments.flatMap(\.verdicts).filter { $0.kind == .loser }
    if !losers.isEmpty { return losers.map { "\($0.segment): \(Self.short($0.sentence))" } }
    guard report.figures.total.impressions > 0 else { return ["Nothing has been shown yet."] }
    return ["No version is shown to be better or worse yet; the tests go on."]
  }

  private var imported: [String] {
    guard report.figures.total.impressions > 0 else { return ["Nothing has been shown yet."] }
    var sentences = [HealthCheck.notRandomisedInShort]
    let costs = report.segments
      .compactMap { segment in segment.figures.total.costPerResult.map { (segment.name, $0) } }
      .sorted { $0.1 < $1.1 }
    if costs.count > 1, let low = costs.first, let high = costs.last {
      let currency = report.campaign.currency
      sentences.append(
        "\(Words.capitalised(report.campaign.goal.costName)) went from \(Figure.money(low.1, currency: currency)) "
          + "(\(low.0)) to \(Figure.money(high.1, currency: currency)) (\(high.0)).")
    }
    return sentences
  }

  /// New generations and retirements, within the week or since.
  private var made: [String] {
    let decisions = report.decisions + report.decisionsSince
    let made = decisions.filter { $0.kind == .regenerate }
    let retired = decisions.filter { $0.kind == .retire }
    var parts: [String] = []
    if !retired.isEmpty {
      parts.append("\(retired.count) version\(retired.count == 1 ? " was" : "s were") retired")
    }
    if !made.isEmpty {
      let segments = Set(made.map(\.segment)).sorted()
      parts.append("a new generation was made for \(Words.list(segments))")
    }
    return parts.isEmpty ? [] : [Words.capitalised(parts.joined(separator: ", and ")) + "."]
  }

  private var sums: String {
    let week = report.figures.week
    let isTotal = week.impressions == 0 && report.hasUndatedInsights
    let figures = isTotal ? report.figures.total : week
    let goal = report.campaign.goal
    var sentence = isTotal ? "In all" : report.isComplete ? "Over the week" : "So far this week"
    sentence +=
      ", \(Figure.count(figures.impressions)) impressions brought \(Figure.count(figures.successes)) "
    sentence += goal.successes
    if let rate = figures.rate { sentence += " (\(Figure.percent(rate)))" }
    if let spend = figures.spend, spend > 0 {
      sentence += " for \(Figure.money(spend, currency: report.campaign.currency))"
      if let cost = figures.costPerResult {
        sentence += ", \(Figure.money(cost, currency: report.campaign.currency)) each"
      }
    }
    return sentence + "."
  }

  /// Without the sentence about validity, which the method note carries.
  private static func short(_ sentence: String) -> String {
    guard let end = sentence.range(of: " This holds at ") else { return sentence }
    return String(sentence[..<end.lowerBound])
  }
}

extension HealthCheck {
  static let notRandomisedInShort =
    "These arms were not randomised: the platform chose who saw which version, so no winner is named."
}
