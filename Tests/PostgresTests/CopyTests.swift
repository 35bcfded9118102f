import Foundation
import Postgres
import TestKit
import Testing

@Suite struct CopyTests {
  private let columns = ["n", "word", "at", "value", "key", "flag"]

  private func make(_ database: Database) async throws {
    try await database.execute(
      "CREATE TABLE t (n bigint, word text, at timestamptz, value double precision, key uuid, flag boolean)")
  }

  @Test func `A hundred thousand rows arrive whole`() async throws {
    try await withEmptyDatabase { database in
      try await make(database)
      let key = UUID()
      let start = Date(timeIntervalSince1970: 1_700_000_000)
      let stored = try await database.withConnection { connection in
        try await connection.copyIn(table: "public.t", columns: columns, rows: 0..<100_000) { number, row in
          row.append(number)
          row.append(number % 10 == 0 ? nil : "wörd \(number)")
          row.append(start + Double(number))
          row.append(Double(number) / 3)
          row.append(key)
          row.append(number % 2 == 0)
        }
      }
      #expect(stored == 100_000)
      let sums = try await database.first(
        """
        SELECT sum(n)::bigint, count(word), max(at), count(*) FILTER (WHERE flag), count(DISTINCT key),
          max(word) FILTER (WHERE n = 99999)
        FROM t
        """, as: (Int.self, Int.self, Date.self, Int.self, Int.self, String.self))
      let (sum, words, latest, flags, keys, last) = try #require(sums)
      #expect(sum == 4_999_950_000)
      #expect(words == 90_000)
      #expect(latest == start + 99_999)
      #expect(flags == 50_000)
      #expect(keys == 1)
      #expect(last == "wörd 99999")
    }
  }

  @Test func `Rows written beforehand are sent as they are`() async throws {
    try await withEmptyDatabase { database in
      try await database.execute("CREATE TABLE t (n bigint, data bytea)")
      var writer = BinaryCopyWriter(columnCount: 2)
      for number in 0..<10 {
        writer.beginRow()
        writer.append(number)
        writer.append([UInt8](repeating: 1, count: number))
      }
      let rows = writer
      let stored = try await database.withConnection {
        try await $0.copyIn(table: "t", columns: ["n", "data"], rows: rows)
      }
      #expect(stored == 10)
      #expect(try await database.first("SELECT sum(length(data)) FROM t", as: Int.self) == 45)
    }
  }

  @Test func `A row with too few fields stores nothing and the connection lives`() async throws {
    try await withEmptyDatabase { database in
      try await make(database)
      try await database.withConnection { connection in
        let error = await #expect(throws: PostgresError.self) {
          try await connection.copyIn(table: "t", columns: columns, rows: 0..<3) { number, row in
            row.append(number)
          }
        }
        #expect(error?.kind == .encoding)
        #expect(error?.message.contains("has 1 fields, the columns are 6") == true)
        let answer = try await connection.first("SELECT count(*) FROM t", as: Int.self)
        #expect(answer == 0)
      }
    }
  }

  @Test func `An error while encoding comes back as it was thrown`() async throws {
    struct Broken: Error {}
    try await withEmptyDatabase { database in
      try await make(database)
      try await database.withConnection { connection in
        await #expect(throws: Broken.self) {
          try await connection.copyIn(table: "t", columns: columns, rows: 0..<3) { _, _ in throw Broken() }
        }
        let answer = try await connection.first("SELECT count(*) FROM t", as: Int.self)
        #expect(answer == 0)
      }
    }
  }

  @Test func `The server's refusal of a row is thrown`() async throws {
    try await withEmptyDatabase { database in
      try await database.execute("CREATE TABLE t (n bigint PRIMARY KEY)")
      try await database.withConnection { connection in
        let error = await #expect(throws: PostgresError.self) {
          try await connection.copyIn(table: "t", columns: ["n"], rows: [1, 2, 1]) { $1.append($0) }
        }
        #expect(error?.isUniqueViolation == true)
        let missing = await #expect(throws: PostgresError.self) {
          try await connection.copyIn(table: "nowhere", columns: ["n"], rows: [1]) { $1.append($0) }
        }
        #expect(missing?.isUndefinedTable == true)
        let answer = try await connection.first("SELECT 1", as: Int.self)
        #expect(answer == 1)
      }
    }
  }
}
