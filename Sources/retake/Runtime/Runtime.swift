import Analysis
import Autopilot
import Campaigns
import Creative
import Engine
import Foundation
import Ingestion
import Jobs
import Logging
import Postgres
import Reporting

/// The composition root: every part of the program, put together from the settings. Made by `withRuntime`.
struct Runtime: Sendable {
  let settings: Settings
  let installation: Installation
  let workspaceName: String
  let database: Database
  /// The same database over connections of its own, which neither wait for others nor for long.
  let ingestionDatabase: Database
  let migrator: Migrator
  let placements: PlacementCatalogue
  /// Looks at every film before it is published.
  let gate: Gate
  let logger: Logger

  var dataFolder: String { settings.dataFolder.path }
  var vault: AssetVault { AssetVault(dataFolder: dataFolder) }

  var workspaces: WorkspaceStore { WorkspaceStore(database) }
  var keys: KeyStore { KeyStore(database) }
  var campaigns: CampaignStore { CampaignStore(database) }
  var segments: SegmentStore { SegmentStore(database) }
  var variants: VariantStore { VariantStore(database) }
  var renditions: RenditionStore { RenditionStore(database) }
  var experiments: ExperimentStore { ExperimentStore(database) }
  var verdicts: VerdictStore { VerdictStore(database) }
  var decisions: DecisionStore { DecisionStore(database) }

  var applier: CampaignApplier { CampaignApplier(database: database, vault: vault) }
  var launcher: GenerationLauncher { GenerationLauncher(database: database) }
  var round: AutopilotRound { AutopilotRound(database: database) }
  var analyst: Analyst { Analyst(database) }
  var reporter: WeeklyReporter { WeeklyReporter(database) }
  var queue: JobQueue { JobQueue(database: database) }
  var schedules: ScheduleStore { ScheduleStore(database: database) }
  var scheduler: Scheduler { Scheduler(database: database, logger: logger(of: "schedules")) }
  var folder: EventFolding { EventFolding(database: database, logger: logger(of: "ingestion")) }

  /// Where a rendition's file lies.
  var renditionsFolder: URL { settings.dataFolder.appending(path: "renditions") }

  /// Where requests are kept while the database is away.
  var spoolFolder: URL { settings.dataFolder.appending(path: "spool") }
  var spoolSettings: SpoolSettings {
    SpoolSettings(
      budgetBytes: settings.ingestion.spoolBytes, reserveBytes: settings.ingestion.diskReserveBytes)
  }

  func reportRenderer(width: Int = 100, isColoured: Bool = false) -> ReportRenderer {
    ReportRenderer(pages: installation.pages, width: width, isColoured: isColoured)
  }

  func logger(of part: String) -> Logger { Logger(label: "retake.\(part)") }

  /// The workspace the command works in, made on first use.
  func workspace(named name: String? = nil) async throws -> Workspace {
    let now = Date()
    var randomness = SystemRandomNumberGenerator()
    return try await workspaces.ensure(
      name: name ?? workspaceName, id: .new(at: now, using: &randomness), at: now)
  }

  /// A campaign of the command's workspace.
  /// - Throws: `CommandFailure` that names the campaigns there are.
  func campaign(_ key: String) async throws -> Campaign {
    let workspace = try await workspace()
    if let campaign = try await campaigns.findIfPresent(key: key, workspace: workspace.id) { return campaign }
    let known = try await campaigns.list(workspace: workspace.id).map(\.key)
    throw CommandFailure(
      "there is no campaign \"\(key)\" in workspace \"\(workspace.name)\". "
        + (known.isEmpty
          ? "It has none; apply one with: retake campaign apply DIR"
          : "It has: \(known.joined(separator: ", ")).")
    )
  }
}
