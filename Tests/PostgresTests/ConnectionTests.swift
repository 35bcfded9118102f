import Foundation
import Postgres
import TestKit
import Testing

@Suite struct ConnectionTests {
  @Test func `A row comes back as the values that were bound`() async throws {
    try await withEmptyDatabase { database in
      let row = try await database.first(
        "SELECT \(7), \("seven")::text, \(nil as Int?), \([1, 2, 3])",
        as: (Int.self, String.self, Int?.self, [Int].self))
      let (number, word, missing, list) = try #require(row)
      #expect(number == 7)
      #expect(word == "seven")
      #expect(missing == nil)
      #expect(list == [1, 2, 3])
    }
  }

  @Test func `A cancelled task's statement ends on the server and its connection stays usable`() async throws
  {
    try await withEmptyDatabase { database in
      try await database.withConnection { connection in
        let process = await connection.processIdentifier
        let task = Task { try await connection.query("SELECT pg_sleep(30)") }
        try await waitUntil(database, "pg_sleep")
        task.cancel()
        let error = await #expect(throws: PostgresError.self) { try await task.value }
        #expect(error?.kind == .cancelled)
        #expect(try await connection.first("SELECT pg_backend_pid()", as: Int32.self) == process)
      }
    }
  }

  @Test func `A task cancelled before sends nothing`() async throws {
    try await withEmptyDatabase { database in
      let task = Task {
        withUnsafeCurrentTask { $0?.cancel() }
        _ = try await database.query("CREATE TABLE never (n int)")
      }
      await #expect(throws: PostgresError.self) { try await task.value }
      let answer = try await database.first("SELECT to_regclass('never') IS NULL", as: Bool.self)
      #expect(answer == true)
    }
  }

  @Test func `A statement over its time ends with a timeout`() async throws {
    try await withEmptyDatabase { database in
      var configuration = database.configuration
      configuration.statementTimeout = .seconds(1)
      // A busy machine may take its time to open the connection; only the statement is on the clock.
      configuration.connectTimeout = .seconds(60)
      configuration.reconnectPatience = .seconds(60)
      let impatient = Database(configuration)
      let error = await #expect(throws: PostgresError.self) {
        try await impatient.query("SELECT pg_sleep(30)")
      }
      #expect(error?.kind == .timeout, "\(String(describing: error))")
      let answer = try await impatient.first("SELECT 1", as: Int.self)
      #expect(answer == 1)
      await impatient.close()
    }
  }

  @Test func `A connection terminated in mid-query is replaced`() async throws {
    try await withEmptyDatabase { database in
      let task = Task { try await database.query("SELECT pg_sleep(30)") }
      try await waitUntil(database, "pg_sleep")
      try await database.execute(
        """
        SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE query LIKE 'SELECT pg_sleep%' AND pid <> pg_backend_pid() AND datname = current_database()
        """
      )
      let error = await #expect(throws: PostgresError.self) { try await task.value }
      #expect(error?.kind == .connection)
      #expect(try await database.first("SELECT 1", as: Int.self) == 1)
    }
  }

  @Test func `A statement prepared before its table changed still runs`() async throws {
    try await withEmptyDatabase { database in
      try await database.withConnection { connection in
        try await connection.execute("CREATE TABLE t (a bigint)")
        try await connection.execute("INSERT INTO t VALUES (1)")
        for _ in 0..<3 { #expect(try await connection.query("SELECT * FROM t").columns == ["a"]) }
        try await connection.execute("ALTER TABLE t ADD b bigint")
        #expect(try await connection.query("SELECT * FROM t").columns == ["a", "b"])
      }
    }
  }

  @Test func `A thousand tasks share a few connections and each gets its own answer`() async throws {
    try await withEmptyDatabase { database in
      let sum = try await withThrowingTaskGroup(of: Int.self) { group in
        for number in 1...1000 {
          group.addTask {
            let answer = try await database.first("SELECT \(number)", as: Int.self)
            return answer == number ? number : 0
          }
        }
        return try await group.reduce(0, +)
      }
      #expect(sum == 500_500)
      #expect(database.health.open <= database.configuration.maximumConnections)
    }
  }

  @Test func `COPY sent as a query is refused and the connection lives`() async throws {
    try await withEmptyDatabase { database in
      try await database.execute("CREATE TABLE t (a bigint)")
      try await database.withConnection { connection in
        await #expect(throws: PostgresError.self) { try await connection.query("COPY t FROM STDIN") }
        let answer = try await connection.first("SELECT 1", as: Int.self)
        #expect(answer == 1)
      }
    }
  }
}

/// Asks the server until a statement with this text runs in this database.
func waitUntil(_ database: Database, _ text: String) async throws {
  while try await database.first(
    """
    SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state = 'active'
      AND pid <> pg_backend_pid() AND query LIKE \("%" + text + "%")
    """, as: Int.self) == 0
  {
    try Task.checkCancellation()
  }
}
