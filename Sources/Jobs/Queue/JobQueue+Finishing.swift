public import FoundationEssentials
public import Postgres

// Each of these changes nothing and gives false when the lease is lost.
extension JobQueue {
  @discardableResult
  public func complete(_ lease: Lease, at: Date) async throws(PostgresError) -> Bool {
    try await database.execute(
      """
      UPDATE job SET state = 'completed', progress = 1, finished_at = \(at), leased_by = NULL,
        lease_expires_at = NULL
      WHERE \(Self.held(lease))
      """) == 1
  }

  /// Puts the job off until `retryAt`, or discards it when its attempts are used up or `retryAt` is nil.
  @discardableResult
  public func fail(_ lease: Lease, error: String, retryAt: Date?, at: Date) async throws(PostgresError)
    -> Bool
  {
    try await database.execute(
      """
      UPDATE job SET
        state = CASE WHEN \(retryAt) IS NULL OR attempt = max_attempts THEN 'discarded' ELSE 'retryable' END,
        run_at = CASE WHEN attempt = max_attempts THEN run_at ELSE coalesce(\(retryAt), run_at) END,
        finished_at = CASE WHEN \(retryAt) IS NULL OR attempt = max_attempts THEN \(at) END,
        last_error = \(error), leased_by = NULL, lease_expires_at = NULL
      WHERE \(Self.held(lease))
      """) == 1
  }

  /// Gives the job back unfinished, for others to take at once; the attempt does not count.
  @discardableResult
  public func release(_ lease: Lease) async throws(PostgresError) -> Bool {
    try await database.execute(
      """
      UPDATE job SET state = 'available', attempt = attempt - 1, progress = NULL, leased_by = NULL,
        lease_expires_at = NULL
      WHERE \(Self.held(lease))
      """) == 1
  }

  /// Calls a job off. One that is running is told with its next heartbeat. False when it has finished already.
  @discardableResult
  public func cancel(_ id: JobID, at: Date) async throws(PostgresError) -> Bool {
    try await database.execute(
      """
      UPDATE job SET state = 'cancelled', finished_at = \(at), leased_by = NULL, lease_expires_at = NULL
      WHERE id = \(id) AND state IN ('available', 'running', 'retryable')
      """) == 1
  }
}
