import Analysis
public import Campaigns
import Creative
public import FoundationEssentials
public import Logging
public import Postgres

/// One round of the autopilot over a campaign: look at every segment as of a time, and act on what is shown.
///
/// Each segment is one transaction: its verdicts, its decisions, what they change, and the orders they place stand or
/// fall together. A round of the same time is done once, however often it is run.
public struct AutopilotRound: Sendable {
  private let database: Database
  private let launcher: GenerationLauncher
  private let policy: Policy
  private let identifiers: IdentifierSource
  private let logger: Logger

  public init(
    database: Database, policy: Policy = Policy(), identifiers: IdentifierSource = .live,
    logger: Logger = Logger(label: "retake.autopilot")
  ) {
    self.database = database
    launcher = GenerationLauncher(database: database, identifiers: identifiers)
    self.policy = policy
    self.identifiers = identifiers
    self.logger = logger
  }

  /// - Parameters:
  ///   - time: only what happened in whole hours before `time.at` is looked at.
  ///   - now: what the machine's clock shows; in live use changes of traffic come after it.
  /// - Throws: `CampaignsError`, `AnalysisError`, `CreativeError`, `PostgresError`. Segments done before the failing
  ///   one stay done; running the round again goes on with the others.
  public func run(_ campaignID: Identifier<Campaign>, time: LogicalTime, now: Date) async throws
    -> RoundReport
  {
    let campaign = try await CampaignStore(database).load(campaignID)
    guard campaign.status == .running else {
      return RoundReport(
        campaign: campaign.id, at: time.at, segments: [],
        skipped: "campaign \(campaign.key) is \(campaign.status.rawValue), not running")
    }
    try await heal(campaign, time: time, now: now)
    let analyses = try await Analyst(database).analyse(campaign: campaign, at: time.at)
      .filter(\.experiment.randomised)
    let effects = LevelEffects(analyses.flatMap(Self.observations))
    var report = RoundReport(campaign: campaign.id, at: time.at, segments: [], skipped: nil)
    for analysis in analyses {
      let outcome = try await database.transaction { connection in
        try await SegmentRound(
          campaign: campaign, analysis: analysis, effects: effects, time: time, now: now, policy: policy,
          identifiers: identifiers, connection: connection
        ).run()
      }
      for decision in outcome.decisions {
        logger.info("\(analysis.segment.key): \(decision.kind.rawValue). \(decision.reason)")
      }
      report.segments.append(outcome)
    }
    return report
  }

  /// What was interrupted goes on: lost orders are placed again, generations whose last file came while nobody could
  /// let them in enter now.
  private func heal(_ campaign: Campaign, time: LogicalTime, now: Date) async throws {
    try await database.transaction { connection in
      try await launcher.resume(campaign, time: time, on: connection)
      for segment in try await SegmentStore(connection).list(in: campaign.scope) {
        try await launcher.tryStart(segment, of: campaign, time: time, now: now, on: connection)
      }
    }
  }

  private static func observations(_ analysis: SegmentAnalysis) -> [LevelEffects.Observation] {
    analysis.variants.map { result in
      LevelEffects.Observation(
        segment: analysis.segment.id, levels: result.variant.levels,
        successes: result.counts[analysis.experiment.goal.success], trials: result.counts.impressions)
    }
  }
}
