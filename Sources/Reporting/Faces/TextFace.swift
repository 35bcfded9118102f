import Analysis
import Campaigns
import Charts

/// A report for a terminal: nothing wider than its columns, colours only where they are wanted.
public struct TextFace: Sendable {
  let width: Int
  let paint: Paint

  public init(width: Int = 80, isColoured: Bool = false) {
    self.width = max(40, width)
    paint = Paint(isOn: isColoured)
  }

  public func render(_ report: WeeklyReport) -> String {
    var lines = heading(of: report)
    lines += report.headlines.enumerated().flatMap { index, sentence in
      paragraph(sentence, bullet: " \(index + 1)  ")
    }
    lines += [""] + section(report.hasWeek ? "The week" : "The campaign") + week(of: report) + [""]
    lines += paragraph(report.change.sentence)
    for segment in report.segments where segment.rounds.contains(where: \.randomised) {
      lines += [""] + render(segment, goal: report.campaign.goal)
    }
    if report.segments.contains(where: { segment in segment.rounds.contains { !$0.randomised } }) {
      lines += [""] + costs(of: report)
    }
    if !report.decisionsSince.isEmpty {
      lines += [""] + section("Since the week ended")
      lines += report.decisionsSince.flatMap { decision($0, withSegment: true) }
    }
    if let traffic = report.traffic { lines += self.traffic(traffic) }
    if let events = report.events { lines += [""] + section("Events") + accounting(events) }
    lines += [""] + section("How to read this")
    lines += report.method.flatMap { paragraph($0, bullet: " ·  ") }.map(paint.faint)
    return lines.joined(separator: "\n") + "\n"
  }

  private func heading(of report: WeeklyReport) -> [String] {
    let campaign = report.campaign
    let facts = [
      campaign.brand, "week \(report.week), \(report.week.inWords)", "goal: \(campaign.goalInWords)",
    ].compactMap(\.self)
    var lines = TextLayout.wrapped(campaign.name, width: width).map(paint.strong)
    lines += TextLayout.wrapped(facts.joined(separator: " · "), width: width)
    if !report.isComplete {
      lines += TextLayout.wrapped(
        "The week is not over; figures are of what has happened so far.", width: width
      )
      .map(paint.warning)
    }
    return lines + [String(repeating: "═", count: width), ""]
  }

  func section(_ title: String) -> [String] {
    let title = TextLayout.cells(title) + 4 > width ? String(title.prefix(width - 5)) + "…" : title
    let rule = String(repeating: "─", count: max(0, width - TextLayout.cells(title) - 1))
    return ["\(paint.strong(title)) \(paint.faint(rule))"]
  }

  func paragraph(_ text: String, bullet: String = "") -> [String] {
    TextLayout.wrapped(text, width: width, bullet: bullet)
  }

  // MARK: - The week in figures

  private func week(of report: WeeklyReport) -> [String] {
    guard report.hasWeek else {
      return emit(
        TextTable(
          [.left(""), .right("in all")], rows: FigureLine.all(of: report).map { [$0.name, $0.total] }))
    }
    return emit(
      TextTable(
        [.left(""), .right("this week"), .right("week before"), .right("change"), .right("so far")],
        rows: FigureLine.all(of: report).map { [$0.name, $0.week, $0.weekBefore, $0.change, $0.total] }))
  }

  func emit(_ table: TextTable, colours: [(String) -> String] = []) -> [String] {
    let (heading, rows) = table.fitting(width).lines()
    return [paint.faint(heading)]
      + rows.enumerated().map { index, row in
        index < colours.count ? colours[index](row) : row
      }
  }

  private func traffic(_ traffic: PeriodTraffic) -> [String] {
    guard let sentence = traffic.sentence else { return [] }
    let table = TrafficTable(traffic)
    return [""] + section("Filtered traffic") + paragraph(sentence)
      + (table.rows.isEmpty
        ? [] : emit(TextTable([.left("")] + table.headings.dropFirst().map { .right($0) }, rows: table.rows)))
  }

  private func accounting(_ events: EventAccounting) -> [String] {
    let when = events.scope == .week ? "this week" : "so far"
    return paragraph(
      "\(Figure.count(events.received)) events were received \(when) in this workspace: "
        + "\(Figure.count(events.stored)) stored, \(Figure.count(events.duplicate)) duplicates, "
        + "\(Figure.count(events.quarantined)) quarantined, \(Figure.count(events.rejected)) rejected.")
  }

  func decision(_ decision: DecisionLine, withSegment: Bool) -> [String] {
    let subject = [withSegment ? decision.segment : nil, decision.version.map { "version \($0)" }]
      .compactMap(\.self).joined(separator: ", ")
    let head = decision.kind.label + (subject.isEmpty ? "" : " (\(subject))")
    return paragraph("\(CivilDate(decision.decidedAt).short), \(head): \(decision.reason)", bullet: " →  ")
  }
}

/// ANSI colours, or none.
struct Paint: Sendable {
  let isOn: Bool

  func strong(_ text: String) -> String { code("1", text) }
  func faint(_ text: String) -> String { code("2", text) }
  func good(_ text: String) -> String { code("32", text) }
  func bad(_ text: String) -> String { code("31", text) }
  func warning(_ text: String) -> String { code("33", text) }

  private func code(_ code: String, _ text: String) -> String {
    isOn && !text.isEmpty ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
  }
}
