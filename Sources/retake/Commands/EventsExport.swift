public import ArgumentParser
import Campaigns
import Foundation
import Ingestion

extension EventsCommand {
  struct Export: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Write a campaign's stored events as lines, in the order of their times.",
      discussion: """
        One unchanging picture of the table in bounded memory. Viewers are pseudonyms; who they are is nowhere stored. \
        Lines of NDJSON can be given to retake events import: where they came from nothing is stored twice; elsewhere \
        viewers get other pseudonyms, the same one for the same viewer.
        """)

    @OptionGroup var common: CommonOptions

    @Option(help: "The campaign's key.")
    var campaign: String

    @Option(help: .moment("Only events from this moment on."))
    var from: Moment?

    @Option(help: .moment("Only events before this moment."))
    var to: Moment?

    @Option(help: "ndjson or csv; by the file's name when not said.")
    var format: EventExport.Format?

    @Option(
      name: [.short, .long],
      help: ArgumentHelp("Write to a file, gzip when it ends in .gz, instead of printing.", valueName: "file")
    )
    var output: String?

    func run() async throws {
      try await withRuntime(common) { runtime in
        let campaign = try await runtime.campaign(campaign)
        let export = EventExport(runtime.database)
        let file = try StreamedFile(output)
        do {
          let (from, until) = (from?.date, to?.date)
          let total = try await export.estimate(in: campaign.scope, from: from, until: until)
          let title = "Exporting \(campaign.key)"
          try await ProgressDisplay().step(title, unit: "events", total: total) { step in
            let count = try await export.run(
              in: campaign.scope, from: from, until: until, as: chosenFormat
            ) { bytes in
              try file.write(bytes)
              step.advance(by: min(2000, bytes.count { $0 == UInt8(ascii: "\n") }))
            }
            try file.finish()
            step.update(
              done: count, total: count, detail: output.map { "\($0), \(grouped(file.byteCount)) bytes" })
          }
        } catch is StreamedFile.ReaderGone {
          return
        } catch {
          file.discard()
          throw error
        }
      }
    }

    private var chosenFormat: EventExport.Format {
      if let format { return format }
      return output?.hasSuffix(".csv") == true || output?.hasSuffix(".csv.gz") == true ? .csv : .ndjson
    }
  }
}

extension EventExport.Format: ExpressibleByArgument {}
