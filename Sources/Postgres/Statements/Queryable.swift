/// What can run statements: the pool, for statements that stand alone, or one connection, for those that belong
/// together. Functions that take part in a caller's transaction accept `some Queryable`.
public protocol Queryable: Sendable {
  func query(_ sql: SQL) async throws(PostgresError) -> Rows
  /// Runs the statement; gives how many rows it touched.
  @discardableResult
  func execute(_ sql: SQL) async throws(PostgresError) -> Int
}

extension Queryable {
  /// All rows as tuples: `rows("SELECT id, name FROM t", as: (Int64.self, String.self))`.
  public func rows<each T: PostgresDecodable>(_ sql: SQL, as types: (repeat (each T).Type))
    async throws(PostgresError)
    -> [(repeat each T)]
  {
    let rows = try await query(sql)
    return try describing(sql) { () throws(PostgresError) in try rows.decode(repeat each types) }
  }

  /// The first row, or `nil` when there is none.
  public func first<each T: PostgresDecodable>(_ sql: SQL, as types: (repeat (each T).Type))
    async throws(PostgresError)
    -> (repeat each T)?
  {
    guard let row = try await query(sql).first else { return nil }
    return try describing(sql) { () throws(PostgresError) in try row.decode(repeat each types) }
  }

  // One column is the commonest row. A pack of one is a value too, but operators do not find it through the pack.

  public func rows<T: PostgresDecodable>(_ sql: SQL, as type: T.Type) async throws(PostgresError) -> [T] {
    let rows = try await query(sql)
    return try describing(sql) { () throws(PostgresError) in try rows.decode(type) }
  }

  public func first<T: PostgresDecodable>(_ sql: SQL, as type: T.Type) async throws(PostgresError) -> T? {
    guard let row = try await query(sql).first else { return nil }
    return try describing(sql) { () throws(PostgresError) in try row.decode(type) }
  }

  private func describing<R>(_ sql: SQL, _ body: () throws(PostgresError) -> R) throws(PostgresError) -> R {
    do {
      return try body()
    } catch {
      var error = error
      error.statement = sql.text
      throw error
    }
  }
}
