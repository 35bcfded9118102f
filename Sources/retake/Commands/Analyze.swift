import Analysis
import ArgumentParser
import Campaigns
import Foundation
import Ingestion

struct Analyze: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract:
      "Say what is known of a campaign's versions: rates, differences with intervals, health, verdicts.",
    discussion: "Looks and changes nothing. Only whole hours before the moment count.")

  enum Format: String, ExpressibleByArgument, CaseIterable {
    case text, json
  }

  @OptionGroup var common: CommonOptions

  @Argument(help: "The campaign's key.")
  var campaign: String

  @Option(help: "Only this segment.")
  var segment: String?

  @Option(help: .moment("What was known then; now when not said."))
  var at: Moment?

  @Option(help: "text or json.")
  var format: Format = .text

  func run() async throws {
    try await withRuntime(common) { runtime in
      let campaign = try await runtime.campaign(campaign)
      var only: Identifier<Segment>?
      if let segment {
        let known = try await runtime.segments.list(in: campaign.scope)
        guard let match = known.first(where: { $0.key == segment }) else {
          throw CommandFailure(
            "campaign \(campaign.key) has no segment \"\(segment)\". It has: "
              + known.map(\.key).joined(separator: ", ") + ".")
        }
        only = match.id
      }
      try await runtime.folder.foldAll()
      let report = try await runtime.analyst.report(
        campaign: campaign, segment: only,
        metrics: try MetricCatalogue(contentsOf: runtime.installation.metrics).metrics, at: at?.date ?? Date()
      )
      switch format {
      case .text: Console.print(AnalysisText(report).text)
      case .json:
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.dateEncodingStrategy = .iso8601
        Console.print(String(decoding: try encoder.encode(report), as: UTF8.self))
      }
    }
  }
}
