public import FoundationEssentials
public import Postgres

extension JobQueue {
  /// Takes up to `limit` due jobs of these kinds, highest priority first. No job is given to two callers: rows that
  /// another is claiming are passed over.
  public func claim(
    kinds: [String], limit: Int, worker: String, lease: TimeInterval, at: Date
  ) async throws(PostgresError) -> [ClaimedJob] {
    // MATERIALIZED: as a plain subquery the planner may run it again and lock more rows than the limit.
    let rows = try await database.rows(
      """
      WITH due AS MATERIALIZED (
        SELECT id FROM job
        WHERE state IN ('available', 'retryable') AND run_at <= \(at) AND kind = ANY (\(kinds))
        ORDER BY priority DESC, run_at, id
        LIMIT \(limit)
        FOR UPDATE SKIP LOCKED)
      UPDATE job SET state = 'running', attempt = attempt + 1, leased_by = \(worker),
        lease_expires_at = \(at.addingTimeInterval(lease)), progress = NULL
      FROM due WHERE job.id = due.id
      RETURNING job.id, job.kind, job.payload, job.attempt, job.max_attempts
      """, as: (JobID.self, String.self, JSONB.self, Int.self, Int.self))
    return rows.map { id, kind, payload, attempt, maxAttempts in
      ClaimedJob(
        lease: Lease(job: id, worker: worker, attempt: attempt), kind: kind, payload: payload,
        maxAttempts: maxAttempts)
    }
  }

  /// The heartbeat. False when the lease is lost; the work must then stop.
  public func extend(_ lease: Lease, by duration: TimeInterval, at: Date) async throws(PostgresError) -> Bool
  {
    try await database.execute(
      "UPDATE job SET lease_expires_at = \(at.addingTimeInterval(duration)) WHERE \(Self.held(lease))") == 1
  }

  /// False when the lease is lost.
  @discardableResult
  public func report(progress: Double, of lease: Lease) async throws(PostgresError) -> Bool {
    let share = min(max(progress, 0), 1)
    return try await database.execute("UPDATE job SET progress = \(share) WHERE \(Self.held(lease))") == 1
  }

  /// Makes a transaction that keeps the work's result fail when the lease is lost, and keeps the lease from being
  /// taken until that transaction ends.
  public static func confirm(_ lease: Lease, on connection: some Queryable) async throws {
    let rows = try await connection.query("SELECT id FROM job WHERE \(held(lease)) FOR UPDATE")
    guard rows.count == 1 else { throw JobError.leaseLost(lease.job) }
  }

  static func held(_ lease: Lease) -> SQL {
    """
    id = \(lease.job) AND state = 'running' AND leased_by = \(lease.worker)
      AND attempt = \(Int32(lease.attempt))
    """
  }
}
