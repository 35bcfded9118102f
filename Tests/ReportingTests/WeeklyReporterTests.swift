import Analysis
import Campaigns
import Foundation
import Postgres
import Reporting
import TestKit
import Testing

@Suite("The weekly report is made of what is stored")
struct WeeklyReporterTests {
  private static let monday = SampleCampaign.end + 7 * 3_600

  @Test("a week's report holds figures, verdicts, decisions, costs and counts")
  func whole() async throws {
    try await withTestDatabase { database in
      let sample = try await SampleCampaign.make(in: database)
      let week = try ISOWeek(parsing: "2026-W47")
      let report = try await WeeklyReporter(database)
        .report(campaign: sample.campaign, week: week, at: Self.monday)
      #expect(report.isComplete)
      #expect(report.campaign.brand == "Perlune")
      #expect((1...WeeklyReport.maximumHeadlines).contains(report.headlines.count))
      let stored = try await database.query(
        """
        SELECT sum(impressions)::bigint, sum(clicks)::bigint FROM rollup_hour
        WHERE hour >= \(week.start) AND hour < \(week.end)
        """
      ).decode(Int64.self, Int64.self)[0]
      #expect(report.figures.week.impressions == stored.0)
      #expect(report.figures.week.successes == stored.1)
      let filtered = try await database.query(
        """
        SELECT coalesce(sum(events) FILTER (WHERE kind = 1), 0)::bigint,
          coalesce(sum(events) FILTER (WHERE kind = 8), 0)::bigint
        FROM rollup_filtered_hour WHERE hour >= \(week.start) AND hour < \(week.end)
        """
      ).decode(Int64.self, Int64.self)[0]
      let traffic = try #require(report.traffic)
      #expect(
        traffic.week[.impression].net == stored.0 && traffic.week[.impression].filteredEvents == filtered.0)
      #expect(traffic.week[.click].net == stored.1 && traffic.week[.click].filteredEvents == filtered.1)
      #expect(report.figures.week.grossImpressions == stored.0 + filtered.0)
      #expect(report.figures.total.filteredImpressions == traffic.total[.impression].filteredEvents)
      let spend = try #require(report.figures.week.costPerThousand)
      #expect(abs(spend - 7.5) < 0.01)

      let young = try #require(report.segments.first { $0.key == "young-city-fr" })
      #expect(young.rounds.map(\.round) == [2], "round 1 was over before the week")
      #expect(young.verdicts.first?.kind == .winner)
      #expect(young.verdicts.first?.version == "D")
      let commuters = try #require(report.segments.first { $0.key == "commuters-gb" })
      #expect(commuters.verdicts.contains { $0.kind == .fatigued && $0.version == "C" })
      #expect(commuters.decisions.map(\.kind) == [.reallocate])
      #expect(report.decisionsSince.map(\.kind) == [.promote, .retire, .regenerate])
      let hikers = try #require(report.segments.first { $0.key == "hikers-alps" })
      #expect(hikers.change.isShown)
      #expect(!young.change.isShown)
      #expect(report.events?.scope == .week)
      #expect(report.events?.received == 214_391)
      if let path = ProcessInfo.processInfo.environment["RETAKE_WRITE_SAMPLE"] {
        try JSONFace().render([report]).write(toFile: path, atomically: true, encoding: .utf8)
      }
    }
  }

  @Test("in the middle of a week nothing later is known and nothing is compared")
  func middle() async throws {
    try await withTestDatabase { database in
      let sample = try await SampleCampaign.make(in: database)
      let week = try ISOWeek(parsing: "2026-W46")
      let report = try await WeeklyReporter(database)
        .report(campaign: sample.campaign, week: week, at: week.start + 2 * SampleCampaign.day)
      #expect(!report.isComplete)
      #expect(report.change.impressions == nil)
      #expect(report.decisionsSince.isEmpty)
      let days = report.segments.flatMap(\.rounds).flatMap(\.versions).flatMap(\.days).map(\.day)
      #expect(try #require(days.max()) < week.start + 2 * SampleCampaign.day)
    }
  }

  @Test("a round that ended within the week is told beside the new one")
  func ended() async throws {
    try await withTestDatabase { database in
      let sample = try await SampleCampaign.make(in: database)
      try await database.execute(
        "UPDATE experiment SET ended_at = \(SampleCampaign.start + 15 * SampleCampaign.day) WHERE id = \((SampleCampaign.id(203) as Identifier<Experiment>).uuid)"
      )
      let report = try await WeeklyReporter(database).report(
        campaign: sample.campaign, week: ISOWeek(parsing: "2026-W46"), at: Self.monday)
      let commuters = try #require(report.segments.first { $0.key == "commuters-gb" })
      #expect(commuters.rounds.count == 1)
      #expect(commuters.rounds[0].endedAt == SampleCampaign.start + 15 * SampleCampaign.day)
    }
  }

  @Test("an imported account gets costs per segment, exact sums and no winner")
  func imported() async throws {
    try await withTestDatabase { database in
      let account = try await ImportedAccount.make(in: database)
      let report = try await WeeklyReporter(database).report(
        campaign: account.campaign, week: ISOWeek(parsing: "2026-W47"), at: Self.monday)
      #expect(!report.isRandomised)
      #expect(report.headlines.first?.contains("not randomised") == true)
      #expect(report.segments.flatMap(\.verdicts).allSatisfy { $0.kind == .invalid })
      let stored = try await database.query(
        "SELECT sum(impressions)::bigint, sum(clicks)::bigint FROM insight"
      )
      .decode(Int64.self, Int64.self)[0]
      #expect(report.figures.total.impressions == stored.0)
      #expect(report.figures.total.clicks == stored.1)
      #expect(report.segments.allSatisfy { $0.figures.total.costPerResult != nil })
      #expect(report.hasUndatedInsights)
      if let path = ProcessInfo.processInfo.environment["RETAKE_WRITE_IMPORTED"] {
        try JSONFace().render([report]).write(toFile: path, atomically: true, encoding: .utf8)
      }
    }
  }

  @Test("when no campaign is named every campaign with something to tell is reported")
  func all() async throws {
    try await withTestDatabase { database in
      let sample = try await SampleCampaign.make(in: database)
      _ = try await ImportedAccount.make(in: database)
      let reports = try await WeeklyReporter(database).reports(
        workspace: sample.workspace.id, week: ISOWeek(parsing: "2026-W47"), at: Self.monday)
      #expect(reports.map(\.campaign.key) == ["account-916", "perlune-one-launch"])
    }
  }

  @Test("a week that has not begun is refused")
  func future() async throws {
    try await withTestDatabase { database in
      let sample = try await SampleCampaign.make(in: database)
      let week = try ISOWeek(parsing: "2026-W50")
      await #expect(throws: ReportingError.weekNotBegun(week)) {
        try await WeeklyReporter(database).report(campaign: sample.campaign, week: week, at: Self.monday)
      }
    }
  }
}
