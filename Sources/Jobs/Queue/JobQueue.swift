public import FoundationEssentials
public import Postgres

/// The durable queue: rows of the `job` table. Several processes work on it at once; none of its functions keeps
/// anything in memory.
public struct JobQueue: Sendable {
  /// Notified with the job's kind when one is enqueued.
  static let channel = "retake_job"

  public let database: Database

  public init(database: Database) { self.database = database }

  public enum Enqueued: Hashable, Sendable {
    case added(JobID)
    /// A job of this kind and unique key is waiting or running already.
    case present(JobID)

    public var id: JobID {
      switch self {
      case .added(let id), .present(let id): id
      }
    }
  }

  /// Adds a job, in a transaction of its own.
  @discardableResult
  public func enqueue<Payload>(
    _ kind: JobKind<Payload>, _ payload: Payload, uniqueKey: String? = nil, priority: Int16 = 0, runAt: Date
  ) async throws -> Enqueued {
    try await Self.enqueue(
      kind, payload, uniqueKey: uniqueKey, priority: priority, runAt: runAt, on: database)
  }

  /// Adds a job in the caller's transaction: it exists, and workers are woken, only if that commits.
  /// - Parameters:
  ///   - uniqueKey: while a job of this kind and key waits or runs, no second is added. Not remembered after it
  ///     has finished.
  ///   - priority: higher goes first.
  ///   - runAt: not before this time.
  @discardableResult
  public static func enqueue<Payload>(
    _ kind: JobKind<Payload>, _ payload: Payload, uniqueKey: String? = nil, priority: Int16 = 0, runAt: Date,
    on connection: some Queryable
  ) async throws -> Enqueued {
    try await enqueue(
      kind: kind.name, payload: try JSONB(encoding: payload), maxAttempts: kind.maxAttempts,
      uniqueKey: uniqueKey, priority: priority, runAt: runAt, on: connection)
  }

  static func enqueue(
    kind: String, payload: JSONB, maxAttempts: Int, uniqueKey: String?, priority: Int16, runAt: Date,
    on connection: some Queryable
  ) async throws(PostgresError) -> Enqueued {
    // The job in the way may finish between the two statements, so both are tried again until one holds.
    while true {
      if let (id, _) = try await connection.first(
        """
        WITH added AS (
          INSERT INTO job (id, kind, payload, state, priority, run_at, max_attempts, unique_key)
          VALUES (gen_random_uuid(), \(kind), \(payload), 'available', \(priority), \(runAt),
            \(Int32(maxAttempts)), \(uniqueKey))
          ON CONFLICT (kind, unique_key)
            WHERE unique_key IS NOT NULL AND state IN ('available', 'running', 'retryable')
            DO NOTHING
          RETURNING id, kind)
        SELECT id, pg_notify(\(channel), kind) IS NULL FROM added
        """, as: (JobID.self, Bool.self))
      {
        return .added(id)
      }
      let present = try await connection.query(
        """
        SELECT id FROM job
        WHERE kind = \(kind) AND unique_key = \(uniqueKey) AND state IN ('available', 'running', 'retryable')
        """)
      if let row = present.first { return .present(try row.decode(JobID.self)) }
    }
  }
}
