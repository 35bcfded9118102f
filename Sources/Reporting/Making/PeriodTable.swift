import Analysis
import Campaigns
import FoundationEssentials
import Postgres

/// Figures of every version for the week, the week before and all time until the week's end.
struct PeriodTable {
  private var figures: [Identifier<Variant>: PeriodFigures] = [:]

  /// Gross and net of the whole campaign.
  private(set) var traffic: PeriodTraffic?

  init(figures: [Identifier<Variant>: PeriodFigures]) { self.figures = figures }

  init(
    database: any Queryable, campaign: Campaign, variants: [Variant], week: ISOWeek, end: Date
  ) async throws {
    let before = week.advanced(byWeeks: -1)
    let beginning = Date(timeIntervalSince1970: 0)
    let reader = PeriodReader(database)
    let ranges: [(WritableKeyPath<PeriodFigures, Figures>, Date, Date)] = [
      (\.week, week.start, end), (\.weekBefore, before.start, before.end), (\.total, beginning, end),
    ]
    let traffic = TrafficReader(database)
    var accounts: [PartialKeyPath<PeriodFigures>: TrafficAccount] = [:]
    for (path, from, until) in ranges {
      let events = try await reader.events(campaign: campaign, from: from, until: until)
      let insights = try await reader.insights(
        campaign: campaign, from: from, until: until, undated: path == \.total)
      let sums = try await traffic.accounts(scope: campaign.scope, from: from, until: until)
      accounts[path] = sums.values.reduce(TrafficAccount(), +)
      for variant in variants {
        // What a platform counted of an imported version, what we counted of our own; never both.
        let counts =
          variant.origin == .imported ? insights[variant.id]?.counts : events[variant.id]
        figures[variant.id, default: PeriodFigures()][keyPath: path] = Figures(
          impressions: counts?.impressions ?? 0, successes: counts?[campaign.goal.success] ?? 0,
          clicks: counts?.clicks ?? 0, conversions: counts?.conversions ?? 0,
          spendMicros: insights[variant.id]?.spendMicros,
          filteredImpressions: variant.origin == .imported
            ? 0 : sums[variant.id]?[.impression].filteredEvents ?? 0)
      }
    }
    if let total = accounts[\PeriodFigures.total], !total.isEmpty {
      self.traffic = PeriodTraffic(week: accounts[\PeriodFigures.week] ?? TrafficAccount(), total: total)
    }
  }

  subscript(variant: Identifier<Variant>) -> PeriodFigures { figures[variant] ?? PeriodFigures() }

  func sum(of variants: some Sequence<Variant>) -> PeriodFigures {
    variants.reduce(PeriodFigures()) { $0 + self[$1.id] }
  }
}
