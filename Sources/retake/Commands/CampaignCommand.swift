import ArgumentParser
import Autopilot
import Campaigns
import Engine
import Foundation

struct CampaignCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "campaign", abstract: "Apply campaigns from files, look at them, start them.",
    subcommands: [Apply.self, List.self, Show.self, Launch.self])

  struct Apply: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Make the database what a folder says: campaign.yaml, its brand, segments.yaml, assets.",
      discussion: "All of it or nothing; applying the same files again changes nothing.")

    @OptionGroup var common: CommonOptions

    @Argument(help: "The campaign's folder, such as examples/perlune.", completion: .directory)
    var folder: String

    func run() async throws {
      try await withRuntime(common) { runtime in
        let report = try await runtime.apply(folder, in: try await runtime.workspace())
        Console.print(
          "Campaign \(report.campaign.key): \(report.campaignChange.rawValue), brand \(report.brandChange.rawValue)"
        )
        for segment in report.segments {
          Console.print("  segment \(segment.key): \(segment.change.rawValue)")
        }
        if report.campaign.status == .draft {
          Console.note(
            "Design and render its first versions with: retake campaign launch \(report.campaign.key)")
        }
      }
    }
  }

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "List a workspace's campaigns.")

    @OptionGroup var common: CommonOptions

    func run() async throws {
      try await withRuntime(common) { runtime in
        let campaigns = try await runtime.campaigns.list(workspace: try await runtime.workspace().id)
        var table = Table(["key", "name", "status", "goal", "from", "until"])
        for campaign in campaigns {
          table.add([
            campaign.key, campaign.name, campaign.status.rawValue, campaign.goal.rawValue,
            campaign.startsOn ?? "", campaign.endsOn ?? "",
          ])
        }
        Console.print(table.isEmpty ? "No campaigns. Apply one with: retake campaign apply DIR" : table.text)
      }
    }
  }

  struct Show: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Show a campaign's segments and versions.")

    @OptionGroup var common: CommonOptions

    @Argument(help: "The campaign's key.")
    var campaign: String

    func run() async throws {
      try await withRuntime(common) { runtime in
        let campaign = try await runtime.campaign(campaign)
        let variants = try await runtime.variants.list(in: campaign.scope)
        let files = Dictionary(grouping: try await runtime.renditions.list(in: campaign.scope), by: \.variant)
        Console.print(
          "\(campaign.name) (\(campaign.key)), \(campaign.status.rawValue), for \(campaign.goal.rawValue), in "
            + campaign.placements.joined(separator: ", "))
        for segment in try await runtime.segments.list(in: campaign.scope) {
          Console.print("\n\(segment.name) (\(segment.key), \(segment.language))")
          var table = Table(["version", "generation", "status", "files", "levels"])
          for variant in variants where variant.segment == segment.id {
            let levels = variant.levels.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
            table.add([
              variant.name, "\(variant.generation)", variant.status.rawValue,
              "\(files[variant.id]?.count ?? 0)", levels.joined(separator: " "),
            ])
          }
          Console.print(table.isEmpty ? "no versions yet" : table.text)
        }
      }
    }
  }

  struct Launch: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Design the first versions of every segment and order their files.",
      discussion: """
        The files are rendered by jobs (retake serve, retake worker, or --wait); when all files of a segment exist, \
        its experiment starts at the next whole hour. Doing it again orders nothing twice.
        """)

    @OptionGroup var common: CommonOptions

    @Argument(help: "The campaign's key.")
    var campaign: String

    @Flag(help: "Render here and return when all files exist.")
    var wait = false

    func run() async throws {
      try await withRuntime(common) { runtime in
        let campaign = try await runtime.campaign(campaign)
        let variants = try await runtime.launcher.order(
          campaign, time: LogicalTime(at: Date(), isReplay: false))
        let files = variants.count * campaign.placements.count
        Console.print("\(variants.count) versions designed, \(files) files ordered.")
        if wait {
          try await runtime.renderOrdered(of: campaign, display: ProgressDisplay())
        } else if files > 0 {
          Console.note("They are rendered by jobs: retake serve or retake worker.")
        }
      }
    }
  }
}

extension Runtime {
  /// Applies a campaign's folder, and its autopilot's schedule with it.
  func apply(
    _ path: String, in workspace: Workspace, at moment: Date = Date(), isReplay: Bool = false
  ) async throws -> CampaignApplier.Report {
    let folder = try CampaignFolder.read(at: path, placements: placements.ids, at: moment)
    var randomness = SystemRandomNumberGenerator()
    let report = try await applier.apply(folder, workspace: workspace.id, at: moment, using: &randomness)
    try await AutopilotSchedule.apply(
      report.campaign, timeZone: settings.autopilot.timeZone,
      time: LogicalTime(at: moment, isReplay: isReplay), on: database)
    return report
  }
}
