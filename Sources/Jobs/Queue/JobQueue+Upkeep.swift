public import FoundationEssentials
public import Postgres

extension JobQueue {
  /// Takes jobs back from workers that no longer answer: to be tried again at once, or discarded when that was the
  /// last attempt. Gives how many.
  @discardableResult
  public func rescue(at: Date) async throws(PostgresError) -> Int {
    let (count, _) =
      try await database.first(
        """
        WITH lost AS MATERIALIZED (
          SELECT id FROM job WHERE state = 'running' AND lease_expires_at <= \(at) FOR UPDATE SKIP LOCKED),
        rescued AS (
          UPDATE job SET
            state = CASE WHEN attempt < max_attempts THEN 'retryable' ELSE 'discarded' END,
            finished_at = CASE WHEN attempt < max_attempts THEN NULL ELSE \(at) END,
            run_at = CASE WHEN attempt < max_attempts THEN \(at) ELSE run_at END,
            last_error = 'worker ' || leased_by || ' stopped answering during attempt ' || attempt,
            leased_by = NULL, lease_expires_at = NULL
          FROM lost WHERE job.id = lost.id
          RETURNING job.kind)
        SELECT count(*), count(pg_notify(\(Self.channel), kind)) FROM rescued
        """, as: (Int.self, Int.self)) ?? (0, 0)
    return count
  }

  /// Forgets jobs that finished before this time; discarded ones are kept as long as `discardedBefore` says, for
  /// somebody may want to know why. Gives how many.
  @discardableResult
  public func prune(
    finishedBefore: Date, discardedBefore: Date
  ) async throws(PostgresError) -> Int {
    try await database.execute(
      """
      DELETE FROM job
      WHERE (state IN ('completed', 'cancelled') AND finished_at < \(finishedBefore))
        OR (state = 'discarded' AND finished_at < \(discardedBefore))
      """)
  }
}
