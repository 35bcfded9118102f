import Foundation
import Postgres
import TestKit
import Testing

@Suite struct RowsTests {
  private func failure(_ body: () async throws -> Void) async -> PostgresError? {
    await #expect(throws: PostgresError.self) { try await body() }
  }

  @Test func `A wrong number of columns is refused by name`() async throws {
    try await withEmptyDatabase { database in
      let rows = try await database.query("SELECT 1 AS one, 2 AS two")
      let error = await failure { _ = try rows.decode(Int.self) }
      #expect(error?.kind == .decoding)
      #expect(error?.message.contains("one, two") == true)
    }
  }

  @Test func `A wrong type names the column and what it is`() async throws {
    try await withEmptyDatabase { database in
      let error = await failure { _ = try await database.first("SELECT 'x'::text AS name", as: Int.self) }
      #expect(error?.message == "column 1 (name), row 1: is text, which does not read as Int")
      #expect(error?.statement == "SELECT 'x'::text AS name")
      let narrow = await failure { _ = try await database.first("SELECT 1::bigint", as: Int32.self) }
      #expect(narrow?.kind == .decoding)
      let numeric = await failure { _ = try await database.first("SELECT sum(1::bigint)", as: Int.self) }
      #expect(numeric?.hint?.contains("::bigint") == true)
    }
  }

  @Test func `NULL is refused where no optional is asked for`() async throws {
    try await withEmptyDatabase { database in
      let error = await failure { _ = try await database.first("SELECT NULL::bigint", as: Int.self) }
      #expect(error?.hint == "Read it as Int?")
    }
  }

  @Test func `Integers widen`() async throws {
    try await withEmptyDatabase { database in
      let row = try await database.first(
        "SELECT 1::smallint, 2::integer, 1.5::real", as: (Int.self, Int64.self, Double.self))
      #expect(try #require(row) == (1, 2, 1.5))
    }
  }

  @Test func `Rows know how many were touched and read by name`() async throws {
    try await withEmptyDatabase { database in
      try await database.execute("CREATE TABLE t (n bigint)")
      #expect(try await database.execute("INSERT INTO t SELECT generate_series(1, 10)") == 10)
      #expect(try await database.execute("DELETE FROM t WHERE n > \(7)") == 3)
      let rows = try await database.query("SELECT n FROM t ORDER BY n")
      #expect(try rows.map { try $0.decode("n", as: Int.self) } == Array(1...7))
      #expect(try await database.first("SELECT n FROM t WHERE n = \(99)", as: Int.self) == nil)
    }
  }

  @Test func `A refusal carries state, constraint and statement, and its text no values`() async throws {
    try await withEmptyDatabase { database in
      try await database.execute("CREATE TABLE t (email text CONSTRAINT one_each UNIQUE)")
      try await database.execute("INSERT INTO t VALUES (\("a@example.com"))")
      let error = await failure { try await database.execute("INSERT INTO t VALUES (\("a@example.com"))") }
      #expect(error?.isUniqueViolation == true)
      #expect(error?.constraint == "one_each")
      #expect(error?.statement == "INSERT INTO t VALUES ($1)")
      #expect(error?.description.contains("example.com") == false)
    }
  }
}
