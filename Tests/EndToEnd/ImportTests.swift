import Foundation
import TestKit
import Testing

/// A real advertising account's export, which is not part of the repository: see ``researchSet``.
@Suite struct ImportTests {
  /// 1,143 Facebook ads by age, gender and interest.
  static let researchSet = Repository.root.deletingLastPathComponent()
    .appending(path: "shared/data/KAG_conversion_data.csv")

  @Test(
    .enabled(
      if: FileManager.default.fileExists(atPath: researchSet.path),
      "../shared/data/KAG_conversion_data.csv is not beside the repository"))
  func aRealExportIsReportedWithItsCostsAndWithoutAWinner() async throws {
    try await withTemporaryFolder { folder in
      let data = ["--data", folder.path]
      let arguments =
        ["import", "insights", Self.researchSet.path, "--from", "meta", "--campaign", "kag"] + data
      let first = try await Program.run(arguments)
      try #require(first.status == 0, "\(first.errors)")
      let digits = first.output.filter { $0.isNumber || $0.isNewline }
      #expect(digits.contains("213434828") && digits.contains("38165"), "\(first.output)")
      let again = try await Program.run(arguments)
      #expect(
        again.status == 0 && again.output.contains("Nothing changed: 0 new, 0 changed, 1,143 the same"),
        "\(again.output)")

      let report = try await Program.run(["report", "weekly", "kag", "--format", "text"] + data)
      try #require(report.status == 0, "\(report.errors)")
      #expect(report.output.contains("not randomised"), "\(report.output)")
      #expect(report.output.contains(#/no\s+winner is named/#))
      #expect(!report.output.contains("is shown to be"))
      let analysis = try await Program.run(["analyze", "kag", "--format", "json"] + data)
      #expect(analysis.status == 0, "\(analysis.errors)")
      #expect(!analysis.output.contains("\"winner\""))
    }
  }

  @Test func everyPlatformsExportComesInByItsOwnCommandAndAWrongOneSaysWhatIsMissing() async throws {
    try await withTemporaryFolder { folder in
      let data = ["--data", folder.path]
      let file = { (name: String) in Repository.file("Tests/EndToEnd/Fixtures/\(name)").path }
      let google = try await Program.run(
        ["import", "google-ads", file("google-ads-report.csv"), "--campaign", "video"] + data)
      try #require(google.status == 0, "\(google.errors)")
      #expect(google.output.contains("4 rows: 4 new, 0 changed, 0 the same"), "\(google.output)")
      #expect(google.errors.contains("2 rows of totals left out"), "\(google.errors)")
      let tiktok = try await Program.run(
        ["import", "insights", "--from", "tiktok", file("tiktok-export.csv"), "--campaign", "short"] + data)
      #expect(tiktok.status == 0, "\(tiktok.errors)")
      let wrong = try await Program.run(
        ["import", "tiktok", file("google-ads-report.csv"), "--campaign", "video"] + data)
      #expect(wrong.status == 1)
      #expect(wrong.errors.contains("the file lacks: Impressions"), "\(wrong.errors)")
      #expect(wrong.errors.contains("Nothing of the file was imported"), "\(wrong.errors)")
      let dollars = try await Program.run(
        ["import", "tiktok", file("tiktok-export.csv"), "--campaign", "video"] + data)
      #expect(dollars.status == 1 && dollars.errors.contains("two currencies"), "\(dollars.errors)")
    }
  }
}
