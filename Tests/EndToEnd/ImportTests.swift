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
      #expect(again.status == 0 && again.output.contains("Nothing changed"), "\(again.output)")

      let report = try await Program.run(["report", "weekly", "kag", "--format", "text"] + data)
      try #require(report.status == 0, "\(report.errors)")
      #expect(report.output.contains("not randomised"), "\(report.output)")
      #expect(!report.output.lowercased().contains("winner"))
      let analysis = try await Program.run(["analyze", "kag", "--format", "json"] + data)
      #expect(analysis.status == 0, "\(analysis.errors)")
      #expect(!analysis.output.contains("\"winner\""))
    }
  }
}
