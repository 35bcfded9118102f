public import Foundation

/// Brings a database to the schema of a folder of numbered, forward-only files. Every file runs in a transaction of
/// its own; several migrators at once wait for each other; a second run does nothing.
public struct Migrator: Sendable {
  public struct Applied: Sendable, Equatable {
    public let version: Int
    public let name: String

    public init(version: Int, name: String) {
      self.version = version
      self.name = name
    }
  }

  public struct Status: Sendable {
    public let applied: [Applied]
    public let pending: [Applied]
  }

  public let folder: URL
  private let files: [MigrationFile]

  /// Reads all files, so that a folder that cannot be used is noticed before a database is touched.
  public init(folder: URL) throws(PostgresError) {
    self.folder = folder
    files = try MigrationFile.all(in: folder)
  }

  /// The version this program knows.
  public var latestVersion: Int { files.last?.version ?? 0 }

  /// Applies what is missing and gives that. Refuses a database that is newer than the folder, and one whose applied
  /// files were changed since.
  @discardableResult
  public func migrate(_ database: Database) async throws -> [Applied] {
    try await database.withConnection { connection in
      try await connection.execute("SELECT pg_advisory_lock(\(Self.lockKey))")
      do {
        let applied = try await apply(on: connection)
        try await unlock(connection)
        return applied
      } catch {
        // The lock belongs to the session: a connection that cannot give it back must not be lent again.
        do { try await unlock(connection) } catch { await connection.close() }
        throw error
      }
    }
  }

  /// What is applied and what is not, without changing anything; throws like `migrate` when they do not fit.
  public func status(_ database: Database) async throws -> Status {
    try await database.withConnection { connection in
      let known = try await first(
        "SELECT to_regclass('schema_migration') IS NOT NULL", as: Bool.self, on: connection)
      let recorded = known ? try await Self.recorded(on: connection) : []
      let pending = try await pending(after: recorded, on: connection)
      return Status(
        applied: recorded.map { Applied(version: $0.version, name: $0.name) },
        pending: pending.map { Applied(version: $0.version, name: $0.name) })
    }
  }

  /// Any number nobody else uses: the letters "retake" as an integer.
  private static let lockKey: Int64 = 0x72_65_74_61_6B_65

  private struct Record {
    let version: Int
    let name: String
    let checksum: String
  }

  private func unlock(_ connection: Connection) async throws {
    try await connection.execute("SELECT pg_advisory_unlock(\(Self.lockKey))")
  }

  private func apply(on connection: Connection) async throws -> [Applied] {
    try await connection.execute(
      """
      CREATE TABLE IF NOT EXISTS schema_migration (
        version integer PRIMARY KEY,
        name text NOT NULL,
        checksum text NOT NULL,
        applied_at timestamptz NOT NULL DEFAULT now()
      )
      """)
    let recorded = try await Self.recorded(on: connection)
    var applied: [Applied] = []
    for file in try await pending(after: recorded, on: connection) {
      try await run(file, on: connection)
      applied.append(Applied(version: file.version, name: file.name))
    }
    return applied
  }

  private func run(_ file: MigrationFile, on connection: Connection) async throws {
    let checksum = try await checksum(of: file, on: connection)
    do {
      try await connection.transaction { connection in
        try await connection.setLocalStatementTimeout(.seconds(3600))
        try await connection.runFile(file.text)
        try await connection.execute(
          """
          INSERT INTO schema_migration (version, name, checksum)
          VALUES (\(file.version), \(file.name), \(checksum))
          """)
      }
    } catch var error as PostgresError where error.kind == .server {
      error.kind = .migration
      error.message = "\(file.fileName): \(error.message)"
      error.statement = nil
      throw error
    }
  }

  /// The files not applied yet, once all applied ones were compared.
  private func pending(after recorded: [Record], on connection: Connection) async throws -> [MigrationFile] {
    if let newest = recorded.last, newest.version > latestVersion {
      throw PostgresError(
        .migration,
        "the database has schema version \(newest.version) (\(newest.name)), this program knows up to \(latestVersion)",
        hint: "Run the newer program that made it; a schema is never taken back")
    }
    for record in recorded {
      let file = files[record.version - 1]
      if try await checksum(of: file, on: connection) != record.checksum {
        throw PostgresError(
          .migration, "\(file.fileName) was changed after it had been applied to this database",
          hint: "Put the file back as it was and bring the change in a new file")
      }
    }
    return Array(files.dropFirst(recorded.count))
  }

  private static func recorded(on connection: Connection) async throws -> [Record] {
    let records = try await connection.rows(
      "SELECT version, name, checksum FROM schema_migration ORDER BY version",
      as: (Int.self, String.self, String.self)
    ).map { Record(version: $0.0, name: $0.1, checksum: $0.2) }
    for (index, record) in records.enumerated() where record.version != index + 1 {
      throw PostgresError(
        .migration, "schema_migration has no row for version \(index + 1)",
        hint: "Restore the table from a backup")
    }
    return records
  }

  /// SHA-256 in hexadecimal, by the server: this room knows no cryptography.
  private func checksum(of file: MigrationFile, on connection: Connection) async throws -> String {
    try await first("SELECT encode(sha256(\(Array(file.text.utf8))), 'hex')", as: String.self, on: connection)
  }

  private func first<T: PostgresDecodable>(_ sql: SQL, as type: T.Type, on connection: Connection)
    async throws -> T
  {
    guard let value = try await connection.first(sql, as: type) else {
      throw PostgresError(.migration, "the server gave no row")
    }
    return value
  }
}

extension Connection {
  /// A file's text, which may hold many statements. The migrator is the only one who sends text from a file.
  fileprivate func runFile(_ text: String) async throws(PostgresError) {
    try await exchange("migration file") { (wire, bounds) throws(PostgresError) in
      guard !text.utf8.contains(0) else { throw PostgresError(.migration, "the file holds a zero byte") }
      _ = try wire.runSimple(text, &bounds)
    }
  }
}
