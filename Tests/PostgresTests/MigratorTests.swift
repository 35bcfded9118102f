import Foundation
import Postgres
import TestKit
import Testing

@Suite struct MigratorTests {
  private func write(_ files: [String: String], to folder: URL) throws {
    for (name, text) in files {
      try Data(text.utf8).write(to: folder.appendingPathComponent(name))
    }
  }

  private let first = ["0001_make.sql": "CREATE TABLE a (n int); INSERT INTO a VALUES (1);"]
  private let second = ["0002_more.sql": "ALTER TABLE a ADD m int;"]

  private func failure(_ body: () async throws -> Void) async -> PostgresError? {
    await #expect(throws: PostgresError.self) { try await body() }
  }

  @Test func `Files run once, in order, and later ones are added`() async throws {
    try await withTemporaryFolder { folder in
      try await withEmptyDatabase { database in
        try write(first, to: folder)
        #expect(try await Migrator(folder: folder).migrate(database) == [.init(version: 1, name: "make")])
        #expect(try await Migrator(folder: folder).migrate(database) == [])
        try write(second, to: folder)
        let migrator = try Migrator(folder: folder)
        #expect(try await migrator.status(database).pending == [.init(version: 2, name: "more")])
        #expect(try await migrator.migrate(database) == [.init(version: 2, name: "more")])
        #expect(try await migrator.status(database).applied.count == 2)
        #expect(try await database.first("SELECT count(m) FROM a", as: Int.self) == 0)
      }
    }
  }

  @Test func `A database newer than the folder is refused`() async throws {
    try await withTemporaryFolder { folder in
      try await withEmptyDatabase { database in
        try write(first.merging(second) { $1 }, to: folder)
        try await Migrator(folder: folder).migrate(database)
        try FileManager.default.removeItem(at: folder.appendingPathComponent("0002_more.sql"))
        let error = await failure { try await Migrator(folder: folder).migrate(database) }
        #expect(error?.kind == .migration)
        #expect(error?.message.contains("version 2 (more)") == true)
        #expect(error?.message.contains("up to 1") == true)
      }
    }
  }

  @Test func `An applied file that was changed is refused by name`() async throws {
    try await withTemporaryFolder { folder in
      try await withEmptyDatabase { database in
        try write(first, to: folder)
        try await Migrator(folder: folder).migrate(database)
        try write(["0001_make.sql": "CREATE TABLE other (n int);"], to: folder)
        let error = await failure { try await Migrator(folder: folder).migrate(database) }
        #expect(error?.message.contains("0001_make.sql") == true)
      }
    }
  }

  @Test func `A file that fails leaves nothing of itself and names itself`() async throws {
    try await withTemporaryFolder { folder in
      try await withEmptyDatabase { database in
        try write(first, to: folder)
        try write(["0002_bad.sql": "CREATE TABLE b (n int); SELECT nonsense;"], to: folder)
        let error = await failure { try await Migrator(folder: folder).migrate(database) }
        #expect(error?.message.hasPrefix("0002_bad.sql: ") == true)
        #expect(try await database.first("SELECT to_regclass('b') IS NULL", as: Bool.self) == true)
        #expect(try await Migrator(folder: folder).status(database).applied.count == 1)
      }
    }
  }

  @Test func `Migrators at the same time apply each file once`() async throws {
    try await withTemporaryFolder { folder in
      try await withEmptyDatabase { database in
        try write(first.merging(second) { $1 }, to: folder)
        let migrator = try Migrator(folder: folder)
        let applied = try await withThrowingTaskGroup(of: Int.self) { group in
          for _ in 0..<5 { group.addTask { try await migrator.migrate(database).count } }
          return try await group.reduce(0, +)
        }
        #expect(applied == 2)
        #expect(try await database.first("SELECT count(*) FROM a", as: Int.self) == 1)
      }
    }
  }

  @Test func `Gaps and odd names are refused before the database is touched`() async throws {
    try await withTemporaryFolder { folder in
      try write(second, to: folder)
      #expect(throws: PostgresError.self) { try Migrator(folder: folder) }
      try write(["1_odd.sql": ""], to: folder)
      #expect(throws: PostgresError.self) { try Migrator(folder: folder) }
      #expect(throws: PostgresError.self) { try Migrator(folder: folder.appendingPathComponent("none")) }
    }
  }

  @Test func `The repository's own schema applies twice without a change`() async throws {
    try await withTestDatabase { database in
      let answer = try await Migrator(folder: Repository.schema).migrate(database)
      #expect(answer == [])
    }
  }
}
