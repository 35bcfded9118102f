import Analysis
import ArgumentParser
import Campaigns
import Foundation
import Ingestion

struct Analyze: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Say what is known of a campaign's versions: rates, differences with intervals, verdicts.",
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
      let analyses = try await runtime.analyst.analyse(
        campaign: campaign, segment: only, at: at?.date ?? Date())
      switch format {
      case .text: Console.print(AnalysisText(analyses).text)
      case .json:
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.dateEncodingStrategy = .iso8601
        Console.print(String(decoding: try encoder.encode(analyses), as: UTF8.self))
      }
    }
  }
}

/// Analyses for a terminal.
struct AnalysisText {
  private let analyses: [SegmentAnalysis]

  init(_ analyses: [SegmentAnalysis]) { self.analyses = analyses }

  var text: String {
    guard !analyses.isEmpty else {
      return "Nothing has been shown to anybody yet, so there is nothing to say."
    }
    return analyses.map(section).joined(separator: "\n\n")
  }

  private func section(_ analysis: SegmentAnalysis) -> String {
    var lines = [
      "\(analysis.segment.name) (\(analysis.segment.key)), round \(analysis.experiment.round), "
        + "as of \(Moment.text(analysis.asOf))"
    ]
    lines += analysis.checks.map { ($0.blocking ? "! " : "· ") + $0.sentence }
    let names = Dictionary(analysis.variants.map { ($0.variant.id, $0.variant.name) }) { first, _ in first }
    let success = analysis.experiment.goal.success
    var table = Table([
      "version", "share", "impressions", "\(success.name)s", "rate", "difference", "verdict",
    ])
    for result in analysis.variants {
      let standing = analysis.standing(of: result.variant.id)?.kind.rawValue ?? ""
      table.add([
        result.variant.name, result.share.map { Figure.percent($0, digits: 0) } ?? "",
        grouped(Int(result.counts.impressions)), grouped(Int(result.counts[success])),
        result.rate.map { Figure.percent($0.value) } ?? "",
        result.contrast.map { difference($0, names) } ?? "",
        standing + (analysis.isFatigued(result.variant.id) ? ", fatigued" : ""),
      ])
    }
    lines.append(table.text)
    if let traffic = analysis.traffic.sentence { lines.append("  " + traffic) }
    // What forbids claims stands above already.
    lines += analysis.verdicts.filter { $0.kind != .invalid }.map { "  " + $0.sentence }
    return lines.joined(separator: "\n")
  }

  /// In percentage points, with its interval.
  private func difference(_ contrast: Contrast, _ names: [Identifier<Variant>: String]) -> String {
    let estimate = contrast.difference
    let points = [estimate.value, estimate.low, estimate.high].map { String(format: "%+.2f", $0 * 100) }
    return "\(points[0]) [\(points[1]), \(points[2])] points against \(names[contrast.comparison] ?? "?")"
  }
}
