import Analysis
import Campaigns

/// GitHub-flavoured Markdown: for mails, tickets and chat.
public struct MarkdownFace: Sendable {
  public init() {}

  public func render(_ report: WeeklyReport) -> String {
    let campaign = report.campaign
    var blocks = ["# \(escaped(campaign.name)): week \(report.week)"]
    let facts = [campaign.brand, report.week.inWords, "goal: \(campaign.goalInWords)"].compactMap(\.self)
    blocks.append(facts.map(escaped).joined(separator: " · "))
    if !report.isComplete {
      blocks.append("*The week is not over; figures are of what has happened so far.*")
    }
    blocks.append(
      report.headlines.enumerated().map { "\($0 + 1). \(escaped($1))" }.joined(separator: "\n"))
    blocks += [
      report.hasWeek ? "## The week" : "## The campaign", week(report), escaped(report.change.sentence),
    ]
    for segment in report.segments where segment.rounds.contains(where: \.randomised) {
      blocks += render(segment, goal: campaign.goal)
    }
    if report.segments.contains(where: { segment in segment.rounds.contains { !$0.randomised } }) {
      blocks += costs(report)
    }
    if !report.decisionsSince.isEmpty {
      blocks += [
        "## Since the week ended", report.decisionsSince.map { decision($0) }.joined(separator: "\n"),
      ]
    }
    if let traffic = report.traffic { blocks += self.traffic(traffic, hasWeek: report.hasWeek) }
    if let events = report.events { blocks += ["## Events", accounting(events)] }
    blocks += ["## How to read this", report.method.map { "- \(escaped($0))" }.joined(separator: "\n")]
    return blocks.joined(separator: "\n\n") + "\n"
  }

  private func week(_ report: WeeklyReport) -> String {
    let lines = FigureLine.all(of: report)
    guard report.hasWeek else { return table(["", "in all"], right: 1, lines.map { [$0.name, $0.total] }) }
    return table(
      ["", "this week", "week before", "change", "so far"], right: 1,
      lines.map { [$0.name, $0.week, $0.weekBefore, $0.change, $0.total] })
  }

  private func render(_ segment: SegmentReport, goal: Goal) -> [String] {
    var blocks = ["## \(escaped(segment.name)) (\(segment.language))"]
    if !segment.verdicts.isEmpty {
      blocks.append(
        segment.verdicts.map { "- **\($0.kind.label).** \(escaped($0.sentence))" }.joined(separator: "\n"))
    }
    for round in segment.rounds {
      blocks.append("### \(round.title)")
      blocks.append(
        table(
          [
            "version", "verdict", "share", "impressions", goal.successes, "rate", round.intervalTitle, "lift",
            "against",
          ],
          right: 2,
          round.versions.map { version in
            [
              version.name, version.verdictLabel, version.share.map { Figure.percent($0, digits: 0) } ?? "–",
              Figure.count(version.roundImpressions), Figure.count(version.roundSuccesses), version.rateText,
              version.rateRange, version.liftText ?? "–", version.comparison ?? "–",
            ]
          }))
      let shown = round.versions.filter { !$0.levels.isEmpty }
      if !shown.isEmpty {
        blocks.append(
          shown.map { "- **\(escaped($0.name))** (\($0.descent)): \(escaped($0.levelsInWords))" }
            .joined(separator: "\n"))
      }
      if !round.checks.isEmpty {
        blocks.append(
          round.checks.map { "> **\($0.kind.label).** \(escaped($0.sentence))" }.joined(separator: "\n>\n"))
      }
    }
    blocks.append(escaped(segment.change.sentence))
    if !segment.decisions.isEmpty {
      blocks += ["**Decided this week**", segment.decisions.map { decision($0) }.joined(separator: "\n")]
    }
    return blocks
  }

  private func costs(_ report: WeeklyReport) -> [String] {
    let costs = CostTable(report)
    var blocks = ["## Costs per segment", table(costs.headings("segment"), right: 1, costs.segments)]
    if !costs.versions.isEmpty {
      blocks += ["## \(costs.versionsTitle)", table(costs.headings("version"), right: 1, costs.versions)]
    }
    return blocks + costs.checks.map { "> **\($0.kind.label).** \(escaped($0.sentence))" }
  }

  private func decision(_ line: DecisionLine) -> String {
    let subject = [line.segment, line.version.map { "version \($0)" }].compactMap(\.self).joined(
      separator: ", ")
    return
      "- \(CivilDate(line.decidedAt).short), **\(line.kind.label)** (\(escaped(subject))): \(escaped(line.reason))"
  }

  private func traffic(_ traffic: PeriodTraffic, hasWeek: Bool) -> [String] {
    guard let sentence = traffic.sentence else { return [] }
    let table = TrafficTable(traffic)
    return ["## Filtered traffic", escaped(sentence)]
      + (table.rows.isEmpty ? [] : [self.table(table.headings, right: 1, table.rows)])
  }

  private func accounting(_ events: EventAccounting) -> String {
    table(
      ["received", "stored", "duplicate", "quarantined", "rejected"], right: 0,
      [
        [events.received, events.stored, events.duplicate, events.quarantined, events.rejected].map(
          Figure.count)
      ])
      + (events.scope == .week ? "" : "\n\nAll events that ever arrived in this workspace.")
  }

  /// - Parameter right: the first column that is aligned to the right.
  private func table(_ headings: [String], right: Int, _ rows: [[String]]) -> String {
    let rule = headings.indices.map { $0 >= right ? "---:" : "---" }
    return ([headings, rule] + rows.map { $0.map(escaped) })
      .map { "| " + $0.joined(separator: " | ") + " |" }.joined(separator: "\n")
  }

  /// Names and texts come from people; they must not become markup.
  private func escaped(_ text: String) -> String {
    var result = ""
    for character in text {
      if "\\`*_[]<>|#".contains(character) { result.append("\\") }
      result.append(character.isNewline ? " " : character)
    }
    return result
  }
}
