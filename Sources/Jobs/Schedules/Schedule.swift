public import FoundationEssentials
public import Postgres

/// Work that comes back: at every time its cron expression names, one job.
public struct Schedule: Sendable {
  public let name: String
  public let cron: String
  public let timeZone: String
  public let kind: String
  public let payload: JSONB
  public let enabled: Bool
  public let nextRunAt: Date
  public let lastRunAt: Date?
}

/// The payload of a scheduled job.
public protocol Scheduled: Codable, Sendable {
  /// The time the work was due: the newest one, when several were missed. Decides what the work looks at, however
  /// late it runs.
  var at: Date { get set }
}

/// A schedule that came due, and the job that was added for it.
public struct DueRun: Sendable {
  public let schedule: String
  public let dueAt: Date
  public let job: JobQueue.Enqueued
}
