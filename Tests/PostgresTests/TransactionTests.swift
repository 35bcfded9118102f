import Glibc
import Postgres
import TestKit
import Testing

@Suite struct TransactionTests {
  private struct Changed: Error {}

  private func count(_ database: Database) async throws -> Int? {
    try await database.first("SELECT count(*) FROM t", as: Int.self)
  }

  @Test func `What throws is rolled back and what returns is kept`() async throws {
    try await withEmptyDatabase { database in
      try await database.execute("CREATE TABLE t (n bigint PRIMARY KEY)")
      await #expect(throws: Changed.self) {
        try await database.transaction { connection in
          try await connection.execute("INSERT INTO t VALUES (1)")
          throw Changed()
        }
      }
      #expect(try await count(database) == 0)
      let answer = try await database.transaction { connection in
        try await connection.execute("INSERT INTO t VALUES (1)")
        return 42
      }
      #expect(answer == 42)
      #expect(try await count(database) == 1)
    }
  }

  @Test func `An inner transaction is undone alone`() async throws {
    try await withEmptyDatabase { database in
      try await database.execute("CREATE TABLE t (n bigint PRIMARY KEY)")
      try await database.transaction { connection in
        try await connection.execute("INSERT INTO t VALUES (1)")
        do {
          try await connection.transaction { inner in
            try await inner.execute("INSERT INTO t VALUES (2)")
            try await inner.execute("INSERT INTO t VALUES (1)")
          }
        } catch let error as PostgresError where error.isUniqueViolation {}
        try await connection.execute("INSERT INTO t VALUES (3)")
      }
      #expect(try await database.rows("SELECT n FROM t ORDER BY n", as: Int.self) == [1, 3])
    }
  }

  @Test func `A failure that was swallowed does not commit in silence`() async throws {
    try await withEmptyDatabase { database in
      try await database.execute("CREATE TABLE t (n bigint PRIMARY KEY)")
      let error = await #expect(throws: PostgresError.self) {
        try await database.transaction { connection in
          try await connection.execute("INSERT INTO t VALUES (1)")
          do { try await connection.execute("SELECT 1/0") } catch {}
        }
      }
      #expect(error?.sqlState == "25P02")
      #expect(try await count(database) == 0)
    }
  }

  @Test func `A cancelled transaction is rolled back`() async throws {
    try await withEmptyDatabase { database in
      try await database.execute("CREATE TABLE t (n bigint PRIMARY KEY)")
      let task = Task {
        try await database.transaction { connection in
          try await connection.execute("INSERT INTO t VALUES (1)")
          try await connection.execute("SELECT pg_sleep(30)")
        }
      }
      try await waitUntil(database, "pg_sleep")
      task.cancel()
      await #expect(throws: PostgresError.self) { try await task.value }
      #expect(try await count(database) == 0)
      #expect(database.health.idle == database.health.open)
    }
  }

  @Test func `A transaction left open is rolled back when the connection comes back`() async throws {
    try await withEmptyDatabase { database in
      try await database.execute("CREATE TABLE t (n bigint PRIMARY KEY)")
      try await database.withConnection { connection in
        try await connection.execute("BEGIN")
        try await connection.execute("INSERT INTO t VALUES (1)")
      }
      #expect(try await count(database) == 0)
    }
  }

  @Test func `A read-only transaction refuses to write`() async throws {
    try await withEmptyDatabase { database in
      let error = await #expect(throws: PostgresError.self) {
        try await database.transaction(.readOnly) { try await $0.execute("CREATE TABLE t (n bigint)") }
      }
      #expect(error?.sqlState == "25006")
    }
  }

  @Test func `A pipeline is all or nothing`() async throws {
    try await withEmptyDatabase { database in
      try await database.execute("CREATE TABLE t (n bigint PRIMARY KEY)")
      let rows = try await database.pipeline((1...3000).map { "INSERT INTO t VALUES (\($0))" })
      #expect(rows.count == 3000)
      #expect(rows.allSatisfy { $0.affected == 1 })
      let error = await #expect(throws: PostgresError.self) {
        try await database.pipeline([
          "INSERT INTO t VALUES (\(9001))", "INSERT INTO t VALUES (\(1))", "INSERT INTO t VALUES (\(9002))",
        ])
      }
      #expect(error?.isUniqueViolation == true)
      #expect(try await count(database) == 3000)
    }
  }

  @Test func `A value that cannot be sent undoes the whole pipeline`() async throws {
    try await withEmptyDatabase { database in
      try await database.execute("CREATE TABLE t (n text)")
      let error = await #expect(throws: PostgresError.self) {
        try await database.pipeline(["INSERT INTO t VALUES (\("a"))", "INSERT INTO t VALUES (\("zero\0"))"])
      }
      #expect(error?.kind == .encoding)
      #expect(try await count(database) == 0)
    }
  }

  @Test func `A transaction's limit ends a statement behind a lock, and ends with it`() async throws {
    try await withEmptyDatabase { database in
      try await database.execute("CREATE TABLE t (n bigint PRIMARY KEY)")
      try await database.transaction { holder in
        try await holder.execute("LOCK TABLE t IN ACCESS EXCLUSIVE MODE")
        try await database.withConnection { connection in
          let error = await #expect(throws: PostgresError.self) {
            try await connection.transaction(within: .milliseconds(50)) { inner in
              try await inner.execute("INSERT INTO t VALUES (1)")
            }
          }
          #expect(error?.kind == .timeout && error?.sqlState == "57014")
          let rows = try await connection.query("SHOW statement_timeout")
          #expect(try rows.decode(String.self) == ["1min"])
        }
      }
      #expect(try await count(database) == 0)
    }
  }

  @Test func `COMMIT is not cut short by the transaction's limit on the server`() async throws {
    try await withEmptyDatabase { database in
      try await database.execute("CREATE TABLE t (n bigint PRIMARY KEY)")
      try await database.execute(
        """
        CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(0.2); RETURN NULL; END $$
        """)
      try await database.execute(
        """
        CREATE CONSTRAINT TRIGGER wait AFTER INSERT ON t DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW EXECUTE FUNCTION wait()
        """)
      try await database.transaction(within: .milliseconds(100)) { connection in
        _ = try await connection.execute("INSERT INTO t VALUES (1)")
      }
      #expect(try await count(database) == 1)
    }
  }

  @Test func `A server process that hangs is given up soon after the limit`() async throws {
    try await withEmptyDatabase { database in
      let process = try await database.withConnection { await $0.processIdentifier }
      kill(process, SIGSTOP)
      defer { kill(process, SIGCONT) }
      let error = await #expect(throws: PostgresError.self) {
        try await database.transaction(within: .milliseconds(50)) { connection in
          try await connection.execute("SELECT 1")
        }
      }
      #expect(error?.kind == .timeout && error?.sqlState == nil)
      #expect(try await database.transaction(within: .seconds(5)) { await $0.processIdentifier } != process)
    }
  }
}
