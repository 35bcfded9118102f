import Postgres

/// Statements that read every event.
enum Recount {
  /// Runs one with an hour's time, whatever other statements have. A caller's own connection keeps the caller's limit.
  static func rows(_ sql: SQL, on database: any Queryable) async throws -> Rows {
    guard let pool = database as? Database else { return try await database.query(sql) }
    return try await pool.transaction(.readOnly) { connection in
      try await connection.setLocalStatementTimeout(.seconds(3600))
      return try await connection.query(sql)
    }
  }
}
