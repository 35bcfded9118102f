import Analysis

/// One line of the table of the week's figures; lines that nothing is known of are left out.
struct FigureLine {
  var name: String
  var week: String
  var weekBefore: String
  var change: String
  var total: String

  static func all(of report: WeeklyReport) -> [FigureLine] {
    let currency = report.campaign.currency
    let goal = report.campaign.goal
    let figures = report.figures
    let money = { (amount: Double?) in amount.map { Figure.money($0, currency: currency) } }
    func line(_ name: String, _ text: (Figures) -> String?, _ value: (Figures) -> Double?) -> FigureLine? {
      guard let total = text(figures.total) else { return nil }
      return FigureLine(
        name: name, week: text(figures.week) ?? "–", weekBefore: text(figures.weekBefore) ?? "–",
        change: change(value(figures.weekBefore), value(figures.week), isKnown: report.isComplete),
        total: total)
    }
    return [
      line("Impressions", { Figure.count($0.impressions) }, { Double($0.impressions) }),
      line(Words.capitalised(goal.successes), { Figure.count($0.successes) }, { Double($0.successes) }),
      line(Words.capitalised(goal.inWords), { $0.rate.map { Figure.percent($0) } }, \.rate),
      line("Spend", { money($0.spend) }, \.spend),
      line("Cost per thousand shown", { money($0.costPerThousand) }, \.costPerThousand),
      line(Words.capitalised(goal.costName), { money($0.costPerResult) }, \.costPerResult),
    ].compactMap(\.self)
  }

  private static func change(_ before: Double?, _ now: Double?, isKnown: Bool) -> String {
    guard isKnown, let before, let now, before > 0 else { return "–" }
    let change = now / before - 1
    return Figure.signedPercent(change, digits: abs(change) < 0.0995 ? 1 : 0)
  }
}

/// What arms that a platform chose cost: dearest first, the sum last.
struct CostTable {
  private let currency: String?
  let segments: [[String]]
  /// Of at most ten versions.
  let versions: [[String]]
  let versionsTitle: String
  /// Each sentence once.
  let checks: [HealthCheck]

  static let versionLimit = 10

  init(_ report: WeeklyReport) {
    currency = report.campaign.currency
    let own = report.segments.filter { $0.rounds.contains { !$0.randomised } }
      .sorted { ($0.figures.total.spendMicros ?? 0) > ($1.figures.total.spendMicros ?? 0) }
    let total = own.map(\.figures.total).reduce(Figures(), +)
    segments = own.map { Self.row($0.name, $0.figures.total) } + [Self.row("All", total)]
    checks = own.flatMap(\.checks).reduce(into: [HealthCheck]()) { list, check in
      if !list.contains(where: { $0.sentence == check.sentence }) { list.append(check) }
    }
    let all = own.flatMap { segment in
      segment.rounds.filter { !$0.randomised }.flatMap(\.versions).map { (segment.name, $0) }
    }
    let largest = all.sorted { left, right in
      let (left, right) = (left.1.figures.total, right.1.figures.total)
      return (left.spendMicros ?? 0, left.impressions) > (right.spendMicros ?? 0, right.impressions)
    }.prefix(Self.versionLimit)
    versions = largest.map { Self.row("\($0.1.name) (\($0.0))", $0.1.figures.total) }
    versionsTitle =
      all.count > largest.count
      ? "The \(largest.count) versions of \(Figure.count(Int64(all.count))) that cost most" : "Versions"
  }

  func headings(_ first: String) -> [String] {
    let unit = currency.map { " (\($0))" } ?? ""
    return [
      first, "impressions", "clicks", "CTR", "conversions", "spend" + unit, "CPM", "CPC", "per conversion",
    ]
  }

  private static func row(_ name: String, _ figures: Figures) -> [String] {
    let money = { (amount: Double?) in amount.map { Figure.money($0, currency: nil) } ?? "–" }
    return [
      name, Figure.count(figures.impressions), Figure.count(figures.clicks),
      figures.clickThrough.map { Figure.percent($0) } ?? "–", Figure.count(figures.conversions),
      money(figures.spend), money(figures.costPerThousand), money(figures.costPerClick),
      money(figures.costPerConversion),
    ]
  }
}
