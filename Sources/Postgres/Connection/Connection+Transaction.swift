import CPostgres
import Logging
import Synchronization

/// How a transaction sees others.
public enum TransactionMode: Sendable {
  case readWrite
  case readOnly
  /// One unchanging picture of the database.
  case repeatableRead
  /// As if transactions ran one after the other; may fail with `isSerializationFailure` and is then tried again.
  case serializable

  var begin: String {
    switch self {
    case .readWrite: "BEGIN"
    case .readOnly: "BEGIN READ ONLY"
    case .repeatableRead: "BEGIN ISOLATION LEVEL REPEATABLE READ"
    case .serializable: "BEGIN ISOLATION LEVEL SERIALIZABLE"
    }
  }
}

extension Connection {
  /// `BEGIN`, the body, `COMMIT`; inside of another transaction a savepoint, so that only the inner part is undone.
  /// - Parameter limit: what each statement may take, instead of the configuration's timeout; the server enforces it,
  ///   and one that does not answer at all is given up soon after. `COMMIT` is given the time, but never cut short on
  ///   the server, for it must not be taken for done while it waits for a standby.
  public nonisolated func transaction<R>(
    _ mode: TransactionMode = .readWrite, within limit: Duration? = nil,
    _ body: (Connection) async throws -> R
  ) async throws -> R {
    let depth = try await begin(mode, limit)
    let result: R
    do {
      result = try await body(self)
    } catch {
      await rollBack(to: depth)
      throw error
    }
    do {
      try await commit(from: depth)
    } catch {
      await rollBack(to: depth)
      throw error
    }
    return result
  }

  /// Lets statements up to the end of this transaction take longer (or less long) than the configuration says.
  public func setLocalStatementTimeout(_ timeout: Duration) async throws(PostgresError) {
    try await control("SET LOCAL statement_timeout = \(timeout.inMilliseconds)")
    statementTimeout = timeout
  }

  private func begin(_ mode: TransactionMode, _ limit: Duration?) async throws(PostgresError) -> Int {
    let depth = transactionDepth
    guard depth == 0, let limit else {
      try await control(depth == 0 ? mode.begin : "SAVEPOINT level_\(depth)")
      transactionDepth = depth + 1
      return depth
    }
    statementTimeout = limit
    answerGrace = .milliseconds(500)
    isLimited = true
    do {
      try await control("\(mode.begin); SET LOCAL statement_timeout = \(max(1, limit.inMilliseconds))")
    } catch {
      left(0)
      throw error
    }
    transactionDepth = 1
    return 0
  }

  private func commit(from depth: Int) async throws(PostgresError) {
    let end = isLimited ? "SET LOCAL statement_timeout = 0; COMMIT" : "COMMIT"
    let result = try await control(depth == 0 ? end : "RELEASE SAVEPOINT level_\(depth)")
    // COMMIT of a transaction that failed before answers ROLLBACK, and libpq calls that a success.
    if result == "ROLLBACK" {
      left(depth)
      throw PostgresError(
        .server, "the transaction was rolled back: a statement in it failed and its error was not passed on",
        sqlState: "25P02")
    }
    left(depth)
  }

  /// Never fails: a connection that cannot roll back is broken and will be dropped.
  private func rollBack(to depth: Int) async {
    if status.load(ordering: .acquiring) == .broken || transactionDepth <= depth { return }
    do {
      try await control(
        depth == 0 ? "ROLLBACK" : "ROLLBACK TO SAVEPOINT level_\(depth); RELEASE SAVEPOINT level_\(depth)",
        ignoringCancellation: true)
    } catch {
      logger.warning("cannot roll back, dropping the connection: \(error)")
      close()
    }
    left(depth)
  }

  func rollBackAbandoned() async {
    transactionDepth = max(transactionDepth, 1)
    await rollBack(to: 0)
  }

  private func left(_ depth: Int) {
    transactionDepth = depth
    if depth == 0 {
      statementTimeout = configuration.statementTimeout
      answerGrace = Self.usualGrace
      isLimited = false
    }
  }

  @discardableResult
  private func control(_ text: String, ignoringCancellation: Bool = false) async throws(PostgresError)
    -> String
  {
    try await exchange(text, ignoringCancellation: ignoringCancellation) {
      (wire, bounds) throws(PostgresError) in
      String(cString: PQcmdStatus(try wire.runSimple(text, &bounds).pointer))
    }
  }
}
