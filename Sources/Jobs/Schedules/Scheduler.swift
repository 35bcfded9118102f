public import Foundation
public import Logging
public import Postgres

/// Turns due schedules into jobs. Any number of processes may do so at once: a schedule's row is locked while its
/// job is added and its next time set, in one transaction, so every due time gives one job.
public struct Scheduler: Sendable {
  public let database: Database

  private let logger: Logger

  public init(database: Database, logger: Logger = Logger(label: "retake.schedules")) {
    self.database = database
    self.logger = logger
  }

  /// Adds a job for every schedule due at `at`. Times missed since the last run, while nobody looked, collapse into
  /// one job, for the newest of them. A schedule whose time zone this machine does not know is passed over and logged.
  @discardableResult
  public func runDue(at: Date) async throws -> [DueRun] {
    try await database.transaction { connection in
      let due = try await connection.rows(
        """
        SELECT name, cron, time_zone, kind, max_attempts, next_run_at
        FROM schedule WHERE enabled AND next_run_at <= \(at)
        ORDER BY next_run_at, name
        FOR UPDATE SKIP LOCKED
        """, as: (String.self, String.self, String.self, String.self, Int.self, Date.self))
      var runs: [DueRun] = []
      for (name, cron, timeZone, kind, maxAttempts, nextRunAt) in due {
        guard let zone = TimeZone(identifier: timeZone) else {
          logger.error("schedule \(name) does not run: \(JobError.unknownTimeZone(timeZone))")
          continue
        }
        let expression = try CronExpression(cron)
        let dueAt = expression.last(notAfter: at, since: nextRunAt, in: zone) ?? nextRunAt
        let next = expression.next(after: at, in: zone)
        guard let payload = try await advance(name, to: next, ran: dueAt, on: connection) else { continue }
        let job = try await JobQueue.enqueue(
          kind: kind, payload: payload, maxAttempts: maxAttempts,
          uniqueKey: "\(name)@\(dueAt.formatted(.iso8601))", priority: 0, runAt: dueAt, on: connection)
        runs.append(DueRun(schedule: name, dueAt: dueAt, job: job))
      }
      return runs
    }
  }

  /// Gives what the job is told: the schedule's payload with the time it was due.
  private func advance(
    _ name: String, to next: Date, ran dueAt: Date, on connection: Connection
  ) async throws(PostgresError) -> JSONB? {
    try await connection.query(
      """
      UPDATE schedule SET last_run_at = \(dueAt), next_run_at = \(next)
      WHERE name = \(name)
      RETURNING payload || jsonb_build_object('at', \(dueAt.formatted(.iso8601))::text)
      """
    ).first?.decode(JSONB.self)
  }
}
