import Campaigns
import Foundation
import Postgres
import TestKit
import Testing

@testable import Ingestion

@Suite("Importing insights")
struct InsightImporterTests {
  /// The research set lies outside of the repository, beside it.
  static let researchSet = Repository.root.deletingLastPathComponent()
    .appendingPathComponent("shared/data/KAG_conversion_data.csv")
  static let hasResearchSet = FileManager.default.fileExists(atPath: researchSet.path)

  private static let header =
    "Reporting starts,Reporting ends,Ad name,Ad ID,Age,Gender,Impressions,Link clicks,Results,Amount spent (EUR)"
  private static let export = #"""
    \#(header)
    2026-11-02,2026-11-08,"Bottle, blue",1,25-34,female,1000,20,3,12.345678
    2026-11-02,2026-11-08,"Bottle, blue",1,25-34,male,900,10,,9.99
    2026-11-02,2026-11-08,"Bottle ""green""",2,25-34,female,1100,30,4,10
    2026-11-02,2026-11-08,"Bottle, blue",1,65+,unknown,5,0,0,0
    2026-11-02,2026-11-08,,,,,3005,60,7,32.335678
    """#

  private func run(
    _ text: String, _ database: Database, _ workspace: Identifier<Workspace>, campaign: String = "meta",
    at moment: Date = Fixture.now
  ) async throws -> InsightImporter.Summary {
    try await InsightImporter(database: database).run(
      Array(text.utf8), as: .meta, campaign: campaign, workspace: workspace,
      from: .init(fileName: "export.csv", importedBy: "user test"), at: moment)
  }

  @Test(
    "An Ads Manager export becomes segments, versions, an experiment that is not randomised, and exact sums")
  func adsManager() async throws {
    try await withTestDatabase { database in
      let fixture = try await Fixture(database)
      let summary = try await run(Self.export, database, fixture.workspace)
      #expect(summary.rows == 4 && summary.added == 4 && summary.madeCampaign)
      #expect(summary.madeSegments == 3 && summary.madeVariants == 4)
      #expect(summary.impressions == 3005 && summary.clicks == 60 && summary.conversions == 7)
      #expect(summary.spendMicros == 32_335_678 && summary.currency == "EUR")
      let campaign = try await CampaignStore(database).find(key: "meta", workspace: fixture.workspace)
      let segments = try await SegmentStore(database).list(in: campaign.scope)
      #expect(segments.map(\.key) == ["women-25-34", "men-25-34", "all-65-plus"])
      #expect(
        segments[0].rule.all == [
          .init(attribute: "age", test: .between(25, 34)),
          .init(attribute: "gender", test: .among(["female"])),
        ])
      let variants = try await VariantStore(database).list(in: campaign.scope, segment: segments[0].id)
      #expect(Set(variants.map(\.name)) == ["Bottle, blue", "Bottle \"green\""])
      #expect(variants.allSatisfy { $0.origin == .imported && $0.generation == 1 })
      let experiments = try await ExperimentStore(database).list(in: campaign.scope)
      #expect(experiments.count == 3 && experiments.allSatisfy { !$0.randomised && $0.epochs.isEmpty })
      let periods = try await database.query("SELECT DISTINCT period::text FROM insight").decode(String.self)
      #expect(periods == ["[2026-11-02,2026-11-09)"])
    }
  }

  @Test("Importing again changes nothing and says so; a correction changes its row alone")
  func again() async throws {
    try await withTestDatabase { database in
      let fixture = try await Fixture(database)
      _ = try await run(Self.export, database, fixture.workspace)
      let second = try await run(Self.export, database, fixture.workspace)
      #expect(second.changedNothing && second.unchanged == 4)
      let corrected = Self.export.replacingOccurrences(of: "1100,30,4,10", with: "1100,31,4,10.5")
      let third = try await run(corrected, database, fixture.workspace)
      #expect(third.corrected == 1 && third.added == 0 && third.unchanged == 3 && !third.changedNothing)
      let sums = try await database.query(
        "SELECT sum(clicks)::bigint, sum(spend_micros)::bigint FROM insight"
      )
      .decode(Int64.self, Int64.self)
      #expect(sums.first?.0 == 61 && sums.first?.1 == 32_835_678)
      #expect(try await fixture.count("insight") == 4)
    }
  }

  @Test("What a correction replaced stays as history, with both imports")
  func history() async throws {
    try await withTestDatabase { database in
      let fixture = try await Fixture(database)
      _ = try await run(Self.export, database, fixture.workspace)
      let corrections = ["1100,31,4,10.5", "1100,32,5,10.5", "1100,32,5,10.5", "1100,30,4,10"]
      for (day, figures) in corrections.enumerated() {
        let text = Self.export.replacingOccurrences(of: "1100,30,4,10", with: figures)
        _ = try await run(
          text, database, fixture.workspace, at: Fixture.now.addingTimeInterval(Double(day + 1) * 86_400))
      }
      let campaign = try await CampaignStore(database).find(key: "meta", workspace: fixture.workspace)
      let reader = InsightReader(database)
      let revisions = try await reader.history(in: campaign.scope, limit: 10)
      #expect(revisions.map(\.figures.clicks) == [32, 31, 30])
      #expect(revisions.map(\.figures.conversions) == [5, 4, 4])
      #expect(revisions.allSatisfy { $0.key.firstDay == "2026-11-02" && $0.key.lastDay == "2026-11-08" })
      let imports = try await reader.imports(in: campaign.scope, limit: 10)
      #expect(imports.map(\.changed) == [1, 0, 1, 1, 0] && imports.map(\.added) == [0, 0, 0, 0, 4])
      #expect(imports.map(\.unchanged) == [3, 4, 3, 3, 0])
      #expect(revisions.map(\.supersededBy) == [imports[0].id, imports[2].id, imports[3].id])
      #expect(revisions.map(\.figures.importID) == [imports[2].id, imports[3].id, imports[4].id])
      let rows = try await reader.rows(in: campaign.scope, limit: 10)
      #expect(rows.map(\.revisions).sorted() == [0, 0, 0, 3])
      #expect(rows.first { $0.revisions == 3 }?.figures.clicks == 30)
      let second = try await reader.rows(in: campaign.scope, after: rows[1].key, limit: 10)
      #expect(second == Array(rows[2...]))
    }
  }

  @Test("Days that stand under another period already, and another currency, are refused")
  func overlaps() async throws {
    try await withTestDatabase { database in
      let fixture = try await Fixture(database)
      _ = try await run(Self.export, database, fixture.workspace)
      let longer = Self.export.replacingOccurrences(
        of: "2026-11-08,\"Bottle, blue\",1,65", with: "2026-11-09,\"Bottle, blue\",1,65")
      let error = await #expect(throws: InsightImportError.self) {
        try await run(longer, database, fixture.workspace)
      }
      #expect(error?.description.contains("line 5: its days, [2026-11-02,2026-11-10), overlap") == true)
      let dollars = Self.export.replacingOccurrences(of: "EUR", with: "USD")
      let foreign = await #expect(throws: InsightImportError.self) {
        try await run(dollars, database, fixture.workspace)
      }
      #expect(foreign?.description.contains("USD") == true)
      #expect(try await fixture.count("insight_import") == 1)
    }
  }

  @Test(
    "A row that is wrong is named by line and column, and nothing of the file is imported",
    arguments: [
      ("25-34,male,900", "25-34,male,9 00", "line 3, column Impressions"),
      ("10,,9.99", "10,,9,99", "line 3: has 11 columns"),
      ("10,,9.99", "10,,-9.99", "line 3, column Amount spent (EUR)"),
      ("1000,20", "1000,2.5", "line 2, column Link clicks: 2.5 is not a whole number"),
      ("65+", "old", "line 5, column Age"), ("female,1100", "x,1100", "line 4, column Gender"),
      ("\"Bottle \"\"green\"\"\"", "\"Bottle", "line 4: a quote is opened"),
      (
        "2026-11-02,2026-11-08,\"Bottle, blue\",1,25-34,male", "2026-11-31,2026-11-08,A,1,25-34,male",
        "Reporting starts"
      ),
      (
        "\"Bottle \"\"green\"\"\",2", "\"Bottle, blue\",1",
        "line 4: says of the same ad and audience as line 2"
      ),
      (",Impressions", ",Seen", "the file lacks: Impressions"),
    ])
  func wrongRows(good: String, bad: String, message: String) async throws {
    try await withTestDatabase { database in
      let fixture = try await Fixture(database)
      let text = Self.export.replacingOccurrences(of: good, with: bad)
      let error = await #expect(throws: InsightImportError.self) {
        try await run(text, database, fixture.workspace)
      }
      #expect(error?.description.contains(message) == true, "\(String(describing: error))")
      #expect(try await fixture.count("insight") == 0)
      #expect(try await fixture.count("campaign") == 1)
    }
  }

  @Test("A campaign that was designed here takes no insights of a platform's ads")
  func designed() async throws {
    try await withTestDatabase { database in
      let fixture = try await Fixture(database)
      let brand = UUID()
      try await database.execute(
        "INSERT INTO brand (id, workspace_id, key, name, document) VALUES (\(brand), \(fixture.workspace.uuid), 'b', 'B', '{}')"
      )
      _ = try await run(Self.export, database, fixture.workspace, campaign: "model")
      try await database.execute("UPDATE campaign SET brand_id = \(brand) WHERE key = 'model'")
      await #expect(throws: InsightImportError.self) {
        try await run(Self.export, database, fixture.workspace, campaign: "model")
      }
      await #expect(throws: InsightImportError.self) {
        try await run(Self.export, database, fixture.workspace, campaign: "Not a key")
      }
    }
  }

  @Test(
    "The research set of 1,143 ads comes in whole: its totals are exact",
    .enabled(if: hasResearchSet, "shared/data/KAG_conversion_data.csv is not beside the repository"))
  func researchSetTotals() async throws {
    try await withTestDatabase { database in
      let fixture = try await Fixture(database)
      let text = try String(contentsOf: Self.researchSet, encoding: .utf8)
      let summary = try await run(text, database, fixture.workspace, campaign: "kag")
      #expect(summary.rows == 1143 && summary.added == 1143)
      #expect(summary.impressions == 213_434_828 && summary.clicks == 38_165)
      #expect(summary.madeSegments == 8)
      let sums = try await database.query(
        "SELECT sum(impressions)::bigint, sum(clicks)::bigint, sum(spend_micros)::bigint, sum(conversions)::bigint FROM insight"
      ).decode(Int64.self, Int64.self, Int64.self, Int64.self)
      #expect(sums.first?.0 == 213_434_828 && sums.first?.1 == 38_165)
      // 58,705.23 by Python's decimal over the file, and the approved conversions.
      #expect(sums.first?.2 == 58_705_229_966 && sums.first?.3 == 1_079)
      #expect(try await run(text, database, fixture.workspace, campaign: "kag").changedNothing)
    }
  }
}
