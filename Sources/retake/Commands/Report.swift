public import ArgumentParser
import Campaigns
import Foundation
import Ingestion
import Reporting

struct Report: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Reports for people.", subcommands: [Weekly.self], defaultSubcommand: Weekly.self)

  struct Weekly: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "The week: results per audience and version, what was decided, what changed.")

    @OptionGroup var common: CommonOptions

    @Argument(help: "The campaign's key; every campaign of the workspace when not said.")
    var campaign: String?

    @Option(help: "ISO week such as 2026-W47; the last complete one when not said.")
    var week: String?

    @Option(help: "text, markdown, html, json or csv; by the file's name when not said.")
    var format: ReportFormat?

    @Option(
      name: [.short, .long], help: ArgumentHelp("Write to a file instead of printing.", valueName: "file"))
    var output: String?

    func run() async throws {
      try await withRuntime(common) { runtime in
        let now = Date()
        let week = try week.map { try ISOWeek(parsing: $0) } ?? ISOWeek(lastCompleteBefore: now)
        try await runtime.folder.foldAll()
        let reports: [WeeklyReport]
        if let campaign {
          let campaign = try await runtime.campaign(campaign)
          reports = [try await runtime.reporter.report(campaign: campaign, week: week, at: now)]
        } else {
          let workspace = try await runtime.workspace()
          reports = try await runtime.reporter.reports(workspace: workspace.id, week: week, at: now)
          if reports.isEmpty {
            throw CommandFailure(
              "workspace \(workspace.name) has no campaigns. Apply one with: retake campaign apply DIR")
          }
        }
        let isColoured = output == nil && Console.outputIsTerminal
        let renderer = runtime.reportRenderer(
          width: min(120, Console.columns(of: STDOUT_FILENO)), isColoured: isColoured)
        let text = try renderer.render(reports, as: chosenFormat)
        if let output {
          try OutputFile.write(text, to: output)
          Console.note("\(output): report of week \(week)")
        } else {
          Console.print(text)
        }
      }
    }

    private var chosenFormat: ReportFormat {
      if let format { return format }
      let ending = output.map { URL(filePath: $0).pathExtension.lowercased() }
      return ReportFormat.allCases.first { $0.fileExtension == ending } ?? .text
    }
  }
}

extension ReportFormat: ExpressibleByArgument {}
