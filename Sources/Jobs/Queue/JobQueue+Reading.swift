public import Postgres

extension JobQueue {
  public func job(_ id: JobID) async throws(PostgresError) -> Job? {
    try await jobs("WHERE id = \(id)").first
  }

  /// The newest jobs, of one state or of all.
  public func jobs(state: Job.State? = nil, limit: Int) async throws(PostgresError) -> [Job] {
    try await jobs(
      "WHERE \(state)::text IS NULL OR state = \(state)::text ORDER BY created_at DESC, id LIMIT \(limit)")
  }

  /// The newest jobs whose payload has all of these keys and values.
  public func jobs(whosePayloadHas part: JSONB, limit: Int) async throws(PostgresError) -> [Job] {
    try await jobs("WHERE payload @> \(part) ORDER BY created_at DESC, id DESC LIMIT \(limit)")
  }

  /// How many jobs there are in each state that has any.
  public func counts() async throws(PostgresError) -> [Job.State: Int] {
    let rows = try await database.rows(
      "SELECT state, count(*) FROM job GROUP BY state", as: (Job.State.self, Int.self))
    return Dictionary(rows, uniquingKeysWith: +)
  }

  /// How many jobs of these kinds still wait or run.
  public func unfinished(kinds: [String]) async throws(PostgresError) -> Int {
    let (count, _) =
      try await database.first(
        """
        SELECT count(*), 0::bigint FROM job
        WHERE kind = ANY (\(kinds)) AND state IN ('available', 'running', 'retryable')
        """, as: (Int.self, Int.self)) ?? (0, 0)
    return count
  }

  private func jobs(_ selection: SQL) async throws(PostgresError) -> [Job] {
    let rows = try await database.query(
      """
      SELECT id, kind, payload, state, priority, run_at, attempt, max_attempts, unique_key, leased_by,
        lease_expires_at, progress, last_error, created_at, finished_at
      FROM job \(selection)
      """)
    var jobs: [Job] = []
    for row in rows {
      jobs.append(
        Job(
          id: try row.decode("id"), kind: try row.decode("kind"), payload: try row.decode("payload"),
          state: try row.decode("state"), priority: try row.decode("priority"),
          runAt: try row.decode("run_at"),
          attempt: try row.decode("attempt"), maxAttempts: try row.decode("max_attempts"),
          uniqueKey: try row.decode("unique_key"), leasedBy: try row.decode("leased_by"),
          leaseExpiresAt: try row.decode("lease_expires_at"), progress: try row.decode("progress"),
          lastError: try row.decode("last_error"), createdAt: try row.decode("created_at"),
          finishedAt: try row.decode("finished_at")))
    }
    return jobs
  }
}
