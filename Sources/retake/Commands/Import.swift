import Analysis
public import ArgumentParser
import Campaigns
import Foundation
import Ingestion

struct Import: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import", abstract: "Bring in figures an ad platform has already added up.",
    subcommands: [Insights.self], defaultSubcommand: Insights.self)

  struct Insights: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Read a platform's export into segments, versions and their figures.",
      discussion: """
        All of the file is taken or none of it. The same file again changes nothing; corrected figures replace the \
        earlier ones. A platform chose who saw what, so reports on such a campaign name no winner.
        """)

    @OptionGroup var common: CommonOptions

    @Argument(help: "The export, CSV.", completion: .file(extensions: ["csv"]))
    var file: String

    @Option(help: "Whose export it is: meta.")
    var from: InsightImporter.Source

    @Option(help: "Key of the campaign the figures belong to; made on first import.")
    var campaign: String

    func run() async throws {
      let bytes: Data
      do {
        bytes = try Data(contentsOf: URL(filePath: file))
      } catch {
        throw CommandFailure(
          FileManager.default.fileExists(atPath: file)
            ? "\(file) cannot be read; check its permissions." : "There is no file \(file).")
      }
      let started = ContinuousClock.now
      try await withRuntime(common) { runtime in
        let workspace = try await runtime.workspace()
        let summary: InsightImporter.Summary
        do {
          summary = try await InsightImporter(database: runtime.database).run(
            Array(bytes), from: from, campaign: campaign, workspace: workspace.id, at: Date())
        } catch let error as InsightImportError {
          throw CommandFailure("\(file): \(error)")
        }
        Console.print(Self.text(summary, campaign: campaign))
        Console.note("Took \(seconds(ContinuousClock.now - started)).")
      }
    }

    private static func text(_ summary: InsightImporter.Summary, campaign: String) -> String {
      let count = { (number: Int) in Figure.count(Int64(number)) }
      let changes =
        summary.changedNothing
        ? "Nothing changed: all \(count(summary.rows)) rows were there already."
        : "\(count(summary.rows)) rows: \(count(summary.added)) new, \(count(summary.corrected)) corrected, "
          + "\(count(summary.unchanged)) as before; \(count(summary.madeSegments)) segments and "
          + "\(count(summary.madeVariants)) versions made."
      let spend = Figure.money(Double(summary.spendMicros) / 1e6, currency: summary.currency)
      return """
        \(changes)
        In the file: \(Figure.count(summary.impressions)) impressions, \(Figure.count(summary.clicks)) clicks, \
        \(Figure.count(summary.conversions)) conversions, \(spend) spent.
        See them with: retake report weekly \(campaign)
        """
    }
  }
}

extension InsightImporter.Source: ExpressibleByArgument {}
