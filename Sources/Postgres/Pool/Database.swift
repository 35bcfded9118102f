public import Logging

/// A PostgreSQL database: a pool of connections, and what is done with them. Statements run here stand alone; what
/// belongs together goes through `transaction`.
public final class Database: Queryable {
  let pool: Pool
  let listeners = Listeners()

  /// Opens nothing yet: the first statement does.
  public init(_ configuration: DatabaseConfiguration, logger: Logger = Logger(label: "retake.postgres")) {
    pool = Pool(configuration, logger: logger)
  }

  public var configuration: DatabaseConfiguration { pool.configuration }

  public var health: DatabaseHealth { pool.health }

  public func query(_ sql: SQL) async throws(PostgresError) -> Rows {
    try await lending { (connection) throws(PostgresError) in try await connection.query(sql) }
  }

  @discardableResult
  public func execute(_ sql: SQL) async throws(PostgresError) -> Int { try await query(sql).affected }

  /// Lends a connection. A transaction left open is rolled back when it comes back.
  public func withConnection<R>(_ body: (Connection) async throws -> R) async throws -> R {
    let connection = try await pool.lease()
    do {
      let result = try await body(connection)
      await pool.giveBack(connection)
      return result
    } catch {
      await pool.giveBack(connection)
      throw error
    }
  }

  /// `BEGIN`, the body, `COMMIT`; `ROLLBACK` when the body throws. Without `COMMIT`'s success it throws.
  /// - Parameter limit: see ``Connection/transaction(_:within:_:)``.
  public func transaction<R>(
    _ mode: TransactionMode = .readWrite, within limit: Duration? = nil,
    _ body: (Connection) async throws -> R
  ) async throws -> R {
    try await withConnection { connection in try await connection.transaction(mode, within: limit, body) }
  }

  /// Many small statements in one round trip and one transaction: all or nothing.
  @discardableResult
  public func pipeline(_ statements: [SQL]) async throws(PostgresError) -> [Rows] {
    try await lending { (connection) throws(PostgresError) in try await connection.pipeline(statements) }
  }

  /// Fails when the database cannot be reached.
  public func ping() async throws(PostgresError) { _ = try await query("SELECT 1") }

  public func notify(_ channel: String, payload: String = "") async throws(PostgresError) {
    _ = try await query("SELECT pg_notify(\(channel)::text, \(payload)::text)")
  }

  /// Ends idle connections and listeners now, lent ones when they come back. Later calls throw `.closed`.
  public func close() async {
    listeners.stop()
    await pool.close()
  }

  private func lending<R: Sendable>(_ body: (Connection) async throws(PostgresError) -> R)
    async throws(PostgresError)
    -> R
  {
    let connection = try await pool.lease()
    do {
      let result = try await body(connection)
      await pool.giveBack(connection)
      return result
    } catch {
      await pool.giveBack(connection)
      throw error
    }
  }
}
