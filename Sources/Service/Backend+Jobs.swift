import Autopilot
import Campaigns
import FoundationEssentials
import Jobs
import Postgres

/// A job in words.
struct JobLine {
  let job: Job
  let work: String
}

extension Backend {
  /// A campaign's jobs, newest first.
  func jobLines(of campaign: Campaign, limit: Int) async throws -> [JobLine] {
    let jobs = try await queue.jobs(of: campaign.id, limit: limit)
    let names = Dictionary(
      uniqueKeysWithValues: try await variants.list(in: campaign.scope).map { ($0.id, ($0.name, $0.segment)) }
    )
    let segments = Dictionary(
      uniqueKeysWithValues: try await segments.list(in: campaign.scope).map { ($0.id, $0.name) })
    return try jobs.map { job in
      switch job.kind {
      case JobKind.render.name:
        let order = try job.payload.decode(RenderOrder.self)
        let (name, segment) = names[order.variant] ?? ("?", Identifier(UUID()))
        return JobLine(
          job: job, work: "Render \(segments[segment] ?? "?") \(name) for \(order.placement)")
      case JobKind.autopilot.name:
        let order = try job.payload.decode(AutopilotOrder.self)
        return JobLine(job: job, work: "Autopilot round of \(PageTime.text(order.at))")
      default:
        return JobLine(job: job, work: job.kind)
      }
    }
  }

  /// When the campaign's next autopilot round is due; nil when none is scheduled.
  func nextRound(of campaign: Campaign) async throws -> Date? {
    let name = AutopilotSchedule.name(of: campaign.id)
    return try await schedules.all().first { $0.name == name && $0.enabled }?.nextRunAt
  }
}
