public import Campaigns
import Jobs
public import Postgres

/// The schedule of a campaign's rounds: one row, named after the campaign.
public enum AutopilotSchedule {
  public static func name(of campaign: Identifier<Campaign>) -> String { "autopilot/\(campaign)" }

  /// Brings the schedule in line with the campaign's policy. Call it wherever a campaign is applied.
  /// - Parameters:
  ///   - timeZone: the configured one, such as `Europe/Berlin`; the policy's cron expression is read in it.
  ///   - time: the next round is the first one due after it; a replay's rounds are replays.
  /// - Throws: `CronError`, `JobError.unknownTimeZone`, `PostgresError`.
  public static func apply(
    _ campaign: Campaign, timeZone: String, time: LogicalTime, on connection: some Queryable
  ) async throws {
    try await ScheduleStore.upsert(
      name: name(of: campaign.id), cron: campaign.document.policy.schedule, timeZone: timeZone,
      kind: .autopilot, payload: AutopilotOrder(campaign: campaign.id, time: time), at: time.at,
      on: connection)
  }
}
