import Analysis
import Campaigns
import Engine
import Foundation
import Ingestion
import Simulation

/// Accounts for a demo: gathers what happened from the database and the disk, and holds it to what was promised.
struct DemoLedger {
  private let run: DemoRun
  private let campaign: Campaign
  private let workspace: Workspace
  var report = DemoSummary.ReportFiles(text: "", html: "")
  var dashboardURL = ""

  init(run: DemoRun, campaign: Campaign, workspace: Workspace) {
    self.run = run
    self.campaign = campaign
    self.workspace = workspace
  }

  private var runtime: Runtime { run.runtime }
  private var scope: CampaignScope { campaign.scope }
  /// After everything the replay did.
  private var afterwards: Date { run.end.addingTimeInterval(1) }

  func summary(sent: TrafficReport) async throws -> DemoSummary {
    let segments = try await runtime.segments.list(in: scope)
    let variants = try await runtime.variants.list(in: scope)
    let names = Dictionary(uniqueKeysWithValues: variants.map { ($0.id, $0.name) })
    let keys = Dictionary(uniqueKeysWithValues: segments.map { ($0.id, $0.key) })
    let files = try await runtime.renditions.list(in: scope)
    let renditions = files.map { file in
      DemoSummary.RenditionLine(
        path: path(of: file),
        segment: variants.first { $0.id == file.variant }.flatMap { keys[$0.segment] } ?? "",
        variant: names[file.variant] ?? "", placement: file.placement, width: file.width, height: file.height,
        durationS: Double(file.durationMs) / 1000, bytes: file.sizeBytes, sha256: file.sha256)
    }
    let decisions = try await runtime.decisions.between(
      run.start.addingTimeInterval(-DemoWeek.seconds), and: afterwards, in: scope)
    return DemoSummary(
      campaign: campaign.key, workspace: workspace.name, segments: segments.map(\.key),
      variants: variants.map {
        .init(
          segment: keys[$0.segment] ?? "", name: $0.name, generation: $0.generation,
          status: $0.status.rawValue,
          levels: $0.levels)
      }, renditions: renditions,
      events: .init(
        sent: sent.sent, acknowledged: sent.acknowledged,
        stored: try await StoredTraffic(runtime.database).events(in: scope), duplicates: sent.duplicates,
        quarantined: sent.quarantined, rejected: sent.rejected,
        filtered: try await StoredTraffic(runtime.database).filteredEvents(in: scope)),
      verdicts: try await verdicts(segments, variants),
      decisions: decisions.map {
        .init(
          kind: $0.kind.rawValue, segment: keys[$0.segment] ?? "", variant: $0.variant.flatMap { names[$0] },
          reason: $0.reason, decidedAt: $0.decidedAt)
      },
      regenerated: variants.filter { $0.generation > 1 }.map { variant in
        .init(
          segment: keys[variant.segment] ?? "", parent: variant.parent.flatMap { names[$0] },
          variant: variant.name, generation: variant.generation,
          renditions: files.filter { $0.variant == variant.id }.map(path))
      }, report: report, dashboardUrl: dashboardURL, seconds: [:])
  }

  private func path(of file: Rendition) -> String {
    runtime.renditionsFolder.appending(path: file.fileName).path
  }

  private func verdicts(_ segments: [Segment], _ variants: [Variant]) async throws -> [DemoSummary
    .VerdictLine]
  {
    let names = Dictionary(uniqueKeysWithValues: variants.map { ($0.id, $0.name) })
    let all = try await runtime.verdicts.between(run.start, and: afterwards, in: scope)
    let experiments = try await runtime.experiments.list(in: scope)
    var lines: [DemoSummary.VerdictLine] = []
    for segment in segments {
      let truth = DemoTruth(
        truth: run.truth, segment: segment, goal: campaign.goal,
        variants: variants.filter { $0.segment == segment.id },
        experiments: experiments.filter { $0.segment == segment.id },
        impressions: try await StoredTraffic(runtime.database)
          .impressions(segment: segment.id, in: scope, until: run.end))
      for verdict in Self.newest(all.filter { $0.segment == segment.id }) {
        let evidence = try verdict.decodedEvidence()
        lines.append(
          DemoSummary.VerdictLine(
            segment: segment.key, variant: verdict.variant.flatMap { names[$0] },
            verdict: verdict.kind.rawValue,
            comparison: evidence.comparison.flatMap { names[$0] }, scale: evidence.scale,
            estimate: verdict.estimate, low: verdict.low, high: verdict.high,
            truth: try truth.estimand(of: verdict), asOf: verdict.asOf, sentence: verdict.sentence))
      }
    }
    return lines
  }

  /// Per version the newest claim, standing and fatigue, per segment the newest shift; in order of time.
  private static func newest(_ verdicts: [Verdict]) -> [Verdict] {
    struct Place: Hashable {
      var variant: Identifier<Variant>?
      var sort: String
    }
    var newest: [Place: Verdict] = [:]
    for verdict in verdicts {
      let sort =
        switch verdict.kind {
        case .fatigued, .shifted, .invalid: verdict.kind.rawValue
        case .winner, .loser: "claim"
        case .leading, .trailing, .inconclusive: "standing"
        }
      let place = Place(variant: verdict.variant, sort: sort)
      if newest[place].map({ $0.asOf <= verdict.asOf }) ?? true { newest[place] = verdict }
    }
    return newest.values.sorted { ($0.asOf, "\($0.id)") < ($1.asOf, "\($1.id)") }
  }

  /// - Throws: `CommandFailure` that names everything promised that did not happen.
  func check(_ summary: DemoSummary) async throws {
    var broken: [String] = []
    let events = summary.events
    if events.stored != events.acknowledged {
      broken.append("\(events.acknowledged) events were acknowledged, but \(events.stored) are stored")
    }
    let answered = events.acknowledged + events.duplicates + events.quarantined + events.rejected
    if events.sent != answered {
      broken.append("\(events.sent) events were sent, but \(answered) answered for")
    }
    let invalid = run.truth.traffic
    if (invalid.bots > 0 || invalid.instantClicks > 0) != (events.filtered > 0) {
      broken.append("\(events.filtered) stored events were filtered as invalid traffic")
    }
    let differences = try await RollupAudit(runtime.database).differences(limit: 1)
    if !differences.isEmpty { broken.append("the rollups do not say what the events say") }
    if try await !ViewerAudit(runtime.database).differences(limit: 1).isEmpty {
      broken.append("what is known per viewer is not what the events say")
    }
    let expected = summary.variants.filter { $0.status != "failed" }.count * campaign.placements.count
    if summary.renditions.count < expected || summary.variants.contains(where: { $0.status == "failed" }) {
      broken.append("\(summary.renditions.count) of \(expected) files are there")
    }
    for file in summary.renditions {
      let size = try? FileManager.default.attributesOfItem(atPath: file.path)[.size] as? Int64
      if size != file.bytes { broken.append("\(file.path) is not the file that was rendered") }
      if let placement = runtime.placements[file.placement],
        (placement.width, placement.height) != (file.width, file.height)
      {
        broken.append(
          "\(file.path) is \(file.width)x\(file.height), not \(placement.width)x\(placement.height)")
      }
    }
    if !summary.verdicts.contains(where: { $0.holdsTruth == true }) {
      broken.append("no verdict's interval holds the truth")
    }
    if !summary.regenerated.contains(where: { !$0.renditions.isEmpty }) {
      broken.append("no version was regenerated")
    }
    guard broken.isEmpty else {
      throw CommandFailure("the demo did not do what it promises: " + broken.joined(separator: "; "))
    }
  }
}
