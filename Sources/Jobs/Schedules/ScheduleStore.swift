public import Foundation
public import Postgres

/// The `schedule` table.
public struct ScheduleStore: Sendable {
  public let database: Database

  public init(database: Database) { self.database = database }

  /// Adds the schedule, or brings the one of this name up to date. When it is next due is set anew, from `at`, only
  /// where expression or time zone changed: applying the same campaign twice moves nothing.
  /// - Throws: `CronError`, `JobError.unknownTimeZone`, `PostgresError`.
  public static func upsert<Payload: Scheduled>(
    name: String, cron: String, timeZone: String, kind: JobKind<Payload>, payload: Payload, at: Date,
    on connection: some Queryable
  ) async throws {
    let expression = try CronExpression(cron)
    guard let zone = TimeZone(identifier: timeZone) else { throw JobError.unknownTimeZone(timeZone) }
    let next = expression.next(after: at, in: zone)
    try await connection.execute(
      """
      INSERT INTO schedule (name, cron, time_zone, kind, max_attempts, payload, next_run_at)
      VALUES (\(name), \(cron), \(timeZone), \(kind.name), \(Int32(kind.maxAttempts)),
        \(try JSONB(encoding: payload)), \(next))
      ON CONFLICT (name) DO UPDATE SET
        next_run_at = CASE
          WHEN schedule.cron = excluded.cron AND schedule.time_zone = excluded.time_zone
          THEN schedule.next_run_at ELSE excluded.next_run_at END,
        cron = excluded.cron, time_zone = excluded.time_zone, kind = excluded.kind,
        max_attempts = excluded.max_attempts, payload = excluded.payload
      """)
  }

  /// False when there is no schedule of this name.
  @discardableResult
  public func setEnabled(_ enabled: Bool, name: String) async throws(PostgresError) -> Bool {
    try await database.execute("UPDATE schedule SET enabled = \(enabled) WHERE name = \(name)") == 1
  }

  @discardableResult
  public func remove(name: String) async throws(PostgresError) -> Bool {
    try await database.execute("DELETE FROM schedule WHERE name = \(name)") == 1
  }

  public func all() async throws(PostgresError) -> [Schedule] {
    let rows = try await database.rows(
      """
      SELECT name, cron, time_zone, kind, payload, enabled, next_run_at, last_run_at
      FROM schedule ORDER BY name
      """,
      as: (String.self, String.self, String.self, String.self, JSONB.self, Bool.self, Date.self, Date?.self))
    return rows.map { name, cron, timeZone, kind, payload, enabled, nextRunAt, lastRunAt in
      Schedule(
        name: name, cron: cron, timeZone: timeZone, kind: kind, payload: payload, enabled: enabled,
        nextRunAt: nextRunAt, lastRunAt: lastRunAt)
    }
  }
}
