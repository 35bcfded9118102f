import ArgumentParser
import Autopilot
import Campaigns
import Foundation
import Ingestion

struct AutopilotCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "autopilot", abstract: "Act on verdicts: retire, promote, reallocate, regenerate.",
    subcommands: [Run.self])

  struct Run: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Do one round now, outside of its schedule.",
      discussion:
        "A round of the same moment is done once. New versions are rendered by jobs, or here with --wait.")

    @OptionGroup var common: CommonOptions

    @Option(help: "Only this campaign; every running one of the workspace when not said.")
    var campaign: String?

    @Option(help: .moment("Look at what was known then; now when not said."))
    var at: Moment?

    @Flag(help: "Render what was ordered here and return when all files exist.")
    var wait = false

    func run() async throws {
      try await withRuntime(common) { runtime in
        let campaigns = try await self.campaigns(runtime)
        guard !campaigns.isEmpty else {
          Console.print("No campaign of workspace \(runtime.workspaceName) is running.")
          return
        }
        try await runtime.folder.foldAll()
        for campaign in campaigns {
          let now = Date()
          let report = try await runtime.round.run(
            campaign.id, time: LogicalTime(at: at?.date ?? now, isReplay: at != nil), now: now)
          Console.print(Self.text(of: report, campaign))
          let ordered = report.segments.reduce(0) { $0 + $1.ordered.count }
          if ordered > 0, wait {
            try await runtime.renderOrdered(of: campaign, display: ProgressDisplay())
          } else if ordered > 0 {
            Console.note("\(ordered) new versions are rendered by jobs: retake serve or retake worker.")
          }
        }
      }
    }

    private func campaigns(_ runtime: Runtime) async throws -> [Campaign] {
      if let campaign { return [try await runtime.campaign(campaign)] }
      return try await runtime.campaigns.list(workspace: try await runtime.workspace().id)
        .filter { $0.status == .running }
    }

    private static func text(of report: RoundReport, _ campaign: Campaign) -> String {
      var lines = ["\(campaign.name), round of \(Moment.text(report.at))"]
      if let skipped = report.skipped { lines.append("  nothing done: \(skipped)") }
      for segment in report.segments {
        if let skipped = segment.skipped {
          lines.append("  \(segment.segment.key): nothing done, \(skipped.rawValue)")
        } else if segment.decisions.isEmpty {
          lines.append("  \(segment.segment.key): nothing to decide")
        }
        for decision in segment.decisions {
          lines.append("  \(segment.segment.key): \(decision.kind.rawValue). \(decision.reason)")
        }
      }
      return lines.joined(separator: "\n")
    }
  }
}
