import Analysis
public import Campaigns
public import FoundationEssentials
public import Postgres

/// Makes weekly reports from what is stored.
public struct WeeklyReporter: Sendable {
  private let database: any Queryable

  public init(_ database: any Queryable) { self.database = database }

  /// One report per campaign of a workspace, in order of their keys. Campaigns in which nothing has ever been
  /// shown are left out when another has something to tell.
  public func reports(
    workspace: Identifier<Workspace>, week: ISOWeek, at moment: Date
  ) async throws -> [WeeklyReport] {
    var reports: [WeeklyReport] = []
    for campaign in try await CampaignStore(database).list(workspace: workspace) {
      reports.append(try await report(campaign: campaign, week: week, at: moment))
    }
    let telling = reports.filter { $0.figures.total.impressions > 0 }
    return telling.isEmpty ? reports : telling
  }

  /// - Parameter moment: when the report is made. Figures end with the week or with this, whichever is first;
  ///   decisions after the week are told apart.
  /// - Throws: `ReportingError.weekNotBegun`.
  public func report(campaign: Campaign, week: ISOWeek, at moment: Date) async throws -> WeeklyReport {
    guard moment > week.start else { throw ReportingError.weekNotBegun(week) }
    let end = min(moment, week.end)
    let periods = try await PeriodTable(
      database: database, campaign: campaign, variants: variants(of: campaign), week: week, end: end)
    let decisions = DecisionStore(database)
    var material = ReportMaterial(
      campaign: campaign, brand: try await brand(of: campaign), week: week, asOf: end,
      variants: try await variants(of: campaign), periods: periods,
      decisions: try await decisions.between(week.start, and: end, in: campaign.scope),
      decisionsSince: end < moment
        ? try await decisions.between(end, and: moment.addingTimeInterval(1), in: campaign.scope) : [],
      events: try await accounting(workspace: campaign.workspace, week: week),
      hasUndatedInsights: try await PeriodReader(database).hasUndatedInsights(campaign: campaign))
    for segment in try await SegmentStore(database).list(in: campaign.scope) {
      material.segments.append(
        (
          segment,
          try await Analyst(database).analyseRounds(
            of: segment, campaign: campaign, from: week.start, until: end)
        ))
    }
    return material.report()
  }

  private func variants(of campaign: Campaign) async throws -> [Variant] {
    try await VariantStore(database).list(in: campaign.scope)
  }

  private func brand(of campaign: Campaign) async throws -> Brand? {
    guard let brand = campaign.brand else { return nil }
    return try await BrandStore(database).find(brand, workspace: campaign.workspace)
  }

  /// Of the week's arrivals, or of all where the week's events came in at another time.
  private func accounting(
    workspace: Identifier<Workspace>, week: ISOWeek
  ) async throws -> EventAccounting? {
    let rows = try await database.query(
      """
      SELECT hour >= \(week.start) AND hour < \(week.end), sum(received)::bigint, sum(stored)::bigint,
        sum(duplicate)::bigint, sum(quarantined)::bigint, sum(rejected)::bigint
      FROM ingest_count WHERE workspace_id = \(workspace.uuid) GROUP BY 1
      """
    ).decode(Bool.self, Int64.self, Int64.self, Int64.self, Int64.self, Int64.self)
    let scope: EventAccounting.Scope = rows.contains { $0.0 && $0.1 > 0 } ? .week : .total
    let counted = rows.filter { scope == .total || $0.0 }
    guard !counted.isEmpty else { return nil }
    return EventAccounting(
      scope: scope, received: counted.reduce(0) { $0 + $1.1 }, stored: counted.reduce(0) { $0 + $1.2 },
      duplicate: counted.reduce(0) { $0 + $1.3 }, quarantined: counted.reduce(0) { $0 + $1.4 },
      rejected: counted.reduce(0) { $0 + $1.5 })
  }
}
