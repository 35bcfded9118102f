import Analysis
import Campaigns
import Charts
import Foundation

/// A report as the template wants it: every text ready, every decision made. The template escapes.
struct HTMLView {
  let report: WeeklyReport
  /// Makes ids unique when several reports stand in one page.
  let prefix: String

  var values: [String: Any] {
    let campaign = report.campaign
    return [
      "name": campaign.name, "brand": campaign.brand ?? "", "hasBrand": campaign.brand != nil,
      "colour": Self.colour(campaign.colour), "week": report.week.description, "dates": report.week.inWords,
      "goal": campaign.goalInWords, "isOpen": !report.isComplete,
      "headlines": report.headlines, "sums": report.hasWeek ? "The week" : "The campaign", "figures": figures,
      "change": report.change.sentence,
      "contents": contents, "hasContents": contents.count > 1,
      "segments": report.segments.enumerated().filter { $1.rounds.contains(where: \.randomised) }
        .map { segment($1, number: $0) },
      "costs": costs, "since": report.decisionsSince.map { decision($0, withSegment: true) },
      "hasSince": !report.decisionsSince.isEmpty, "traffic": traffic, "events": events,
      "method": report.method,
      "places": campaign.placements.joined(separator: ", "), "hasPlaces": !campaign.placements.isEmpty,
    ]
  }

  /// Only a colour becomes style; anything else could be more than a colour.
  static func colour(_ text: String?) -> String {
    guard let text, text.wholeMatch(of: #/#[0-9a-fA-F]{6}/#) != nil else { return "#3a62c8" }
    return text
  }

  private var contents: [[String: Any]] {
    report.segments.enumerated().filter { $1.rounds.contains(where: \.randomised) }.map { index, segment in
      ["anchor": "\(prefix)-s\(index)", "name": segment.name]
    }
  }

  private var figures: [[String: Any]] {
    let hasWeek = report.hasWeek
    return FigureLine.all(of: report).map { line in
      [
        "name": line.name, "value": hasWeek ? line.week : line.total,
        "change": hasWeek && line.change != "–"
          ? "\(line.change) on the week before (\(line.weekBefore))" : "",
        "total": hasWeek ? "\(line.total) so far" : "over the whole campaign",
      ]
    }
  }

  // MARK: - Segments

  private func segment(_ segment: SegmentReport, number: Int) -> [String: Any] {
    let facts = [
      "Language: \(segment.language)",
      segment.audience.map { "about \(Figure.count($0)) viewers" },
      "\(Figure.count(segment.figures.week.impressions)) impressions this week",
    ].compactMap(\.self)
    return [
      "anchor": "\(prefix)-s\(number)", "name": segment.name, "facts": facts.joined(separator: " · "),
      "verdicts": segment.verdicts.map(verdict), "change": segment.change.sentence,
      "rounds": segment.rounds.enumerated().map { round($1, id: "\(prefix)-s\(number)-r\($0)") },
      "decisions": segment.decisions.map { decision($0, withSegment: false) },
      "hasDecisions": !segment.decisions.isEmpty,
    ]
  }

  private func verdict(_ line: VerdictLine) -> [String: Any] {
    ["label": line.kind.label, "tone": Self.tone(line.kind), "sentence": line.sentence]
  }

  private func round(_ round: RoundReport, id: String) -> [String: Any] {
    let goal = report.campaign.goal
    return [
      "title": round.title, "successes": Words.capitalised(goal.successes), "interval": round.intervalTitle,
      "versions": round.versions.map { version($0, goal: goal) },
      "charts": charts(of: round, id: id),
      "checks": round.checks.map { check in
        [
          "label": check.kind.label, "sentence": check.sentence, "tone": check.blocking ? "bad" : "warning",
        ]
      },
    ]
  }

  private func version(_ version: VersionReport, goal: Goal) -> [String: Any] {
    [
      "heading": Words.capitalised(goal.successes), "name": version.name,
      "descent": Words.capitalised(version.descent),
      "levels": version.levels.map { ["factor": $0.factor, "level": $0.level] },
      "hasLevels": !version.levels.isEmpty, "label": version.verdictLabel,
      "tone": version.isFatigued ? "warning" : version.verdict.map(Self.tone) ?? "muted",
      "share": version.share.map { Figure.percent($0, digits: 0) } ?? "–",
      "impressions": Figure.count(version.roundImpressions),
      "successes": Figure.count(version.roundSuccesses),
      "rate": version.rateText, "range": version.rateRange, "lift": version.liftText ?? "–",
      "comparison": version.liftText != nil ? version.comparison.map { "against \($0)" } ?? "" : "",
      "best": version.probabilityBest.map(Self.chance) ?? "–",
      "cost": version.figures.total.costPerResult.map { Figure.money($0, currency: report.campaign.currency) }
        ?? "",
      "hasCost": version.figures.total.costPerResult != nil,
    ]
  }

  /// Each twice, wide and narrow; the style shows the one that fits.
  private func charts(of round: RoundReport, id: String) -> [[String: Any]] {
    var charts: [(name: String, note: String, chart: any Chart)] = []
    if let lift = round.liftChart {
      charts.append(("lift", "Lift with its interval, valid at every look and over all pairs at once", lift))
    }
    if let rate = round.rateChart(goal: report.campaign.goalInWords) {
      charts.append(("rate", "\(Words.capitalised(report.campaign.goalInWords)), day by day", rate))
    }
    return charts.map { chart in
      [
        "note": chart.note, "wide": chart.chart.svg(id: "\(id)-\(chart.name)", width: 520),
        "narrow": chart.chart.svg(id: "\(id)-\(chart.name)-narrow", width: 330),
      ]
    }
  }

  /// Never certain: `>99%` and `<1%` at the ends.
  static func chance(_ probability: Double) -> String {
    if probability > 0.99 { return ">99%" }
    return probability < 0.01 ? "<1%" : Figure.percent(probability, digits: 0)
  }

  static func tone(_ kind: Verdict.Kind) -> String {
    switch kind {
    case .winner: "good"
    case .loser, .invalid: "bad"
    case .fatigued, .shifted: "warning"
    case .leading, .trailing: "neutral"
    case .inconclusive: "muted"
    }
  }

  // MARK: - The rest

  private func decision(_ line: DecisionLine, withSegment: Bool) -> [String: Any] {
    let subject = [withSegment ? line.segment : nil, line.version.map { "version \($0)" }].compactMap(\.self)
    return [
      "day": CivilDate(line.decidedAt).short, "label": line.kind.label,
      "subject": subject.joined(separator: ", "), "hasSubject": !subject.isEmpty, "reason": line.reason,
      "by": line.decidedBy,
    ]
  }

  private var costs: [[String: Any]] {
    guard report.segments.contains(where: { $0.rounds.contains { !$0.randomised } }) else { return [] }
    let table = CostTable(report)
    let rows = { (rows: [[String]], isSummed: Bool) -> [[String: Any]] in
      rows.enumerated().map { index, row in
        [
          "name": row[0], "isSum": isSummed && index == rows.count - 1,
          "cells": zip(table.headings(""), row).dropFirst().map {
            ["heading": Words.capitalised($0), "value": $1]
          },
        ]
      }
    }
    var tables: [[String: Any]] = [
      [
        "title": "Costs per segment", "headings": table.headings("Segment").map(Words.capitalised),
        "rows": rows(table.segments, true),
      ]
    ]
    if !table.versions.isEmpty {
      tables.append([
        "title": table.versionsTitle, "headings": table.headings("Version").map(Words.capitalised),
        "rows": rows(table.versions, false),
      ])
    }
    return [
      [
        "tables": tables,
        "checks": table.checks.prefix(5).map { ["label": $0.kind.label, "sentence": $0.sentence] },
      ]
    ]
  }

  private var traffic: [[String: Any]] {
    guard let traffic = report.traffic, let sentence = traffic.sentence else { return [] }
    let table = TrafficTable(traffic)
    return [
      [
        "sentence": sentence, "hasRows": !table.rows.isEmpty,
        "headings": table.headings.dropFirst().map(Words.capitalised),
        "rows": table.rows.map { row in
          [
            "name": row[0],
            "cells": zip(table.headings, row).dropFirst().map {
              ["heading": Words.capitalised($0), "value": $1]
            },
          ] as [String: Any]
        },
      ]
    ]
  }

  private var events: [[String: Any]] {
    guard let events = report.events else { return [] }
    let parts: [(String, Int64)] = [
      ("Received", events.received), ("Stored", events.stored), ("Duplicate", events.duplicate),
      ("Quarantined", events.quarantined), ("Rejected", events.rejected),
    ]
    return [
      [
        "parts": parts.map { ["name": $0.0, "count": Figure.count($0.1)] },
        "note": events.scope == .week
          ? "Arrived this week, over the whole workspace. Every event is in exactly one of the four."
          : "Arrived so far, over the whole workspace. Every event is in exactly one of the four.",
      ]
    ]
  }
}
