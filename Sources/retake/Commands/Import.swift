import Analysis
public import ArgumentParser
import Campaigns
import Foundation
import Ingestion

struct Import: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import", abstract: "Bring in figures an ad platform has already added up.",
    discussion: """
      All of the file is taken or none of it. The same file again changes nothing; corrected figures replace the \
      earlier ones, which stay as history. A platform chose who saw what, so reports on such a campaign name no winner.
      """,
    subcommands: [Insights.self, Meta.self, GoogleAds.self, TikTok.self, Table.self],
    defaultSubcommand: Insights.self)

  struct Insights: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Read an export into segments, versions and their figures; --from says whose it is.")

    @OptionGroup var options: ImportOptions

    @Option(help: "Whose export it is: meta, google-ads, tiktok, or csv with --mapping.")
    var from: InsightOrigin

    @Option(help: .mapping, completion: .file(extensions: ["yaml", "yml"]))
    var mapping: String?

    func validate() throws {
      if from == .csv, mapping == nil { throw ValidationError("--from csv needs --mapping FILE.yaml.") }
      if from != .csv, mapping != nil { throw ValidationError("--mapping belongs to --from csv.") }
    }

    func run() async throws {
      if let mapping { return try await options.run(as: try InsightMapping(path: mapping)) }
      try await options.run(as: from.platform?.mapping ?? .meta)
    }
  }

  struct Meta: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Read an export of Meta Ads Manager.")
    @OptionGroup var options: ImportOptions
    func run() async throws { try await options.run(as: .meta) }
  }

  struct GoogleAds: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "google-ads", abstract: "Read an export of Google Ads, .csv or Excel .csv.")
    @OptionGroup var options: ImportOptions
    func run() async throws { try await options.run(as: .googleAds) }
  }

  struct TikTok: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "tiktok", abstract: "Read an export of TikTok Ads Manager, saved as CSV.")
    @OptionGroup var options: ImportOptions
    func run() async throws { try await options.run(as: .tikTok) }
  }

  struct Table: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "csv", abstract: "Read any other table; a mapping file says what its columns are.")
    @OptionGroup var options: ImportOptions

    @Option(help: .mapping, completion: .file(extensions: ["yaml", "yml"]))
    var mapping: String

    func run() async throws { try await options.run(as: try InsightMapping(path: mapping)) }
  }
}

/// Whose export a file is, on the command line.
enum InsightOrigin: String, ExpressibleByArgument, CaseIterable {
  case meta, tiktok, csv
  case googleAds = "google-ads"

  /// nil for a table that needs a mapping.
  var platform: InsightImporter.Platform? { InsightImporter.Platform(rawValue: rawValue) }
}

extension DayOrder: ExpressibleByArgument {}

extension ArgumentHelp {
  fileprivate static var mapping: ArgumentHelp {
    ArgumentHelp(
      "What the columns are: see examples/insights/mapping.yaml, which explains every key.", valueName: "file"
    )
  }
}

/// What every import of figures takes, and how it is done.
struct ImportOptions: ParsableArguments {
  @OptionGroup var common: CommonOptions

  @Argument(help: "The export, CSV.", completion: .file(extensions: ["csv", "tsv"]))
  var file: String

  @Option(help: "Key of the campaign the figures belong to; made on first import.")
  var campaign: String

  @Option(help: "Order of the parts of days where the file leaves it open: ymd, dmy or mdy.")
  var dates: DayOrder?

  @Flag(help: "Numbers are written 1.234,56.")
  var decimalComma = false

  @Option(help: ArgumentHelp("A further column that tells rows apart; may be repeated.", valueName: "column"))
  var breakdown: [String] = []

  func run(as mapping: InsightMapping) async throws {
    var mapping = mapping
    if let dates { mapping.dayOrder = dates }
    if decimalComma { mapping.numbers = .decimalComma }
    mapping.addedBreakdowns += breakdown
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
          Array(bytes), as: mapping, campaign: campaign, workspace: workspace.id,
          from: .init(fileName: URL(filePath: file).lastPathComponent, importedBy: "user \(NSUserName())"),
          at: Date())
      } catch let error as InsightImportError {
        throw CommandFailure("\(file): \(error)\nNothing of the file was imported.")
      }
      Console.print(text(summary))
      for note in summary.notes { Console.note(note) }
      Console.note("Took \(seconds(ContinuousClock.now - started)).")
    }
  }

  private func text(_ summary: InsightImporter.Summary) -> String {
    let rows =
      "\(grouped(summary.added)) new, \(grouped(summary.corrected)) changed, \(grouped(summary.unchanged)) the same"
    let changes =
      summary.changedNothing
      ? "Nothing changed: \(rows)."
      : "\(counted(summary.rows, "rows")): \(rows); \(counted(summary.madeSegments, "segments")) and "
        + "\(counted(summary.madeVariants, "versions")) made."
    let spend = Figure.money(Double(summary.spendMicros) / 1e6, currency: summary.currency)
    let conversions =
      summary.milliconversions.isMultiple(of: 1000)
      ? Figure.count(summary.milliconversions / 1000) : String(format: "%.2f", summary.conversions)
    return """
      \(changes)
      In the file: \(Figure.count(summary.impressions)) impressions, \(Figure.count(summary.clicks)) clicks, \
      \(conversions) conversions, \(spend) spent.
      See them with: retake report weekly \(campaign)
      """
  }
}
