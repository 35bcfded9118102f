import Analysis
import Campaigns
import Charts

extension TextFace {
  func render(_ segment: SegmentReport, goal: Goal) -> [String] {
    var lines = section("\(segment.name) (\(segment.language))")
    lines += verdicts(of: segment)
    for round in segment.rounds { lines += [""] + render(round, goal: goal) }
    lines += [""] + paragraph(segment.change.sentence)
    if !segment.decisions.isEmpty {
      lines += ["", paint.strong("Decided this week")]
      lines += segment.decisions.flatMap { decision($0, withSegment: false) }
    }
    return lines
  }

  private func verdicts(of segment: SegmentReport) -> [String] {
    segment.verdicts.flatMap { line -> [String] in
      let (mark, colour) = Self.mark(line.kind, paint)
      return paragraph(line.sentence, bullet: " \(mark)  ").map(colour)
    }
  }

  private static func mark(_ kind: Verdict.Kind, _ paint: Paint) -> (String, (String) -> String) {
    switch kind {
    case .winner: ("▲", paint.good)
    case .loser: ("▼", paint.bad)
    case .fatigued: ("▽", paint.warning)
    case .shifted: ("◆", paint.warning)
    case .invalid: ("✕", paint.bad)
    case .leading: ("△", { $0 })
    case .trailing: ("▿", { $0 })
    case .inconclusive: ("·", paint.faint)
    }
  }

  private func render(_ round: RoundReport, goal: Goal) -> [String] {
    var lines = [paint.strong(round.title)]
    let versions = round.versions
    let table = TextTable(
      [
        .left("version"), .left("verdict"), .right("share"), .right("impressions"),
        .right(goal.successes), .right("rate"), .left(round.intervalTitle),
        .left("day by day"),
      ],
      rows: versions.map { version in
        [
          version.name, version.verdictLabel, version.share.map { Figure.percent($0, digits: 0) } ?? "–",
          Figure.count(version.roundImpressions), Figure.count(version.roundSuccesses), version.rateText,
          version.rateRange,
          Sparkline(title: version.name, values: version.days.map(\.rate)).terminal(width: 28),
        ]
      })
    lines += emit(table, colours: versions.map { colour(of: $0) })
    if let chart = round.liftChart {
      lines += ["", paint.faint("lift, with its interval over all looks and pairs")]
      lines += chart.terminal(width: width).split(separator: "\n").map(String.init)
    }
    lines.append("")
    for version in versions where !version.levels.isEmpty {
      lines += paragraph("\(version.descent). \(version.levelsInWords)", bullet: " \(version.name)  ")
        .map(paint.faint)
    }
    for check in round.checks {
      lines += paragraph("\(check.kind.label): \(check.sentence)", bullet: " !  ")
        .map(check.blocking ? paint.bad : paint.warning)
    }
    return lines
  }

  private func colour(of version: VersionReport) -> (String) -> String {
    switch version.tone {
    case .good: paint.good
    case .bad: paint.bad
    case .muted: paint.faint
    case .neutral: { $0 }
    }
  }

  // MARK: - Costs of arms a platform chose

  func costs(of report: WeeklyReport) -> [String] {
    let costs = CostTable(report)
    var lines = section("Costs per segment")
    lines += table(costs, costs.segments, first: "segment", isSummed: true)
    if !costs.versions.isEmpty {
      lines +=
        [""] + section(costs.versionsTitle) + table(costs, costs.versions, first: "version", isSummed: false)
    }
    for check in costs.checks.prefix(5) {
      lines += [""] + paragraph("\(check.kind.label): \(check.sentence)", bullet: " !  ").map(paint.warning)
    }
    return lines
  }

  private func table(_ costs: CostTable, _ rows: [[String]], first: String, isSummed: Bool) -> [String] {
    let headings = costs.headings(first)
    let columns = headings.enumerated().map { $0 == 0 ? TextTable.Column.left($1) : .right($1) }
    // Names give way to numbers.
    let numbers = TextTable(Array(columns.dropFirst()), rows: rows.map { Array($0.dropFirst()) })
    let room = max(12, width - numbers.width - 2)
    let cut = rows.map { [Self.shortened($0[0], to: room)] + $0.dropFirst() }
    var colours = [(String) -> String](repeating: { $0 }, count: rows.count)
    if isSummed, !rows.isEmpty { colours[rows.count - 1] = paint.strong }
    return emit(TextTable(columns, rows: cut), colours: colours)
  }

  private static func shortened(_ text: String, to limit: Int) -> String {
    guard TextLayout.cells(text) > limit else { return text }
    var text = text
    while TextLayout.cells(text) > limit - 1 { text.removeLast() }
    return text.trimmingEnd + "…"
  }
}
