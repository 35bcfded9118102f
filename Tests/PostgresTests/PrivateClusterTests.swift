import Foundation
import Postgres
import TestKit
import Testing

@Suite(.serialized) struct PrivateClusterTests {
  @Test func `Two users share one server, and the last to leave stops it`() async throws {
    try await withTemporaryFolder { parent in
      let folder = parent.appendingPathComponent("cluster")
      let first = try PrivateCluster(folder: folder)
      let second = try PrivateCluster(folder: folder)
      let configuration = try await first.start()
      let shared = try await second.start()
      #expect(configuration.host == shared.host)
      let database = Database(shared)
      try await database.execute("CREATE TABLE kept (n int)")
      try await first.stop()
      try await database.ping()
      #expect(try mode(of: folder) == 0o700)
      await database.close()
      try await second.stop()
      let error = await #expect(throws: PostgresError.self) { try await Connection.open(configuration) }
      #expect(error?.kind == .connection)

      // A number left in postmaster.pid that belongs to somebody else by now, here to this very process.
      try Data("\(ProcessInfo.processInfo.processIdentifier)\n\(folder.path)/data\n".utf8)
        .write(to: folder.appendingPathComponent("data/postmaster.pid"))
      let again = Database(try await first.start())
      #expect(try await again.first("SELECT to_regclass('kept') IS NOT NULL", as: Bool.self) == true)
      await again.close()
      try await first.stop()
    }
  }

  @Test func `A path too long for a socket gets a short folder for it`() async throws {
    try await withTemporaryFolder { parent in
      let folder = parent.appendingPathComponent(String(repeating: "long", count: 30))
      let cluster = try PrivateCluster(folder: folder, durable: false)
      let configuration = try await cluster.start()
      #expect(configuration.host.utf8.count < 40)
      let database = Database(configuration)
      try await database.ping()
      await database.close()
      try await cluster.stop()
      #expect(!FileManager.default.fileExists(atPath: configuration.host))
    }
  }

  @Test func `Data of another version is refused with what to install`() async throws {
    try await withTemporaryFolder { parent in
      let data = parent.appendingPathComponent("data")
      try FileManager.default.createDirectory(at: data, withIntermediateDirectories: true)
      try Data("9\n".utf8).write(to: data.appendingPathComponent("PG_VERSION"))
      if geteuid() == 0 { chown(data.path, 65534, 65534) }
      let error = await #expect(throws: PostgresError.self) {
        try await PrivateCluster(folder: parent).start()
      }
      #expect(error?.kind == .cluster)
      #expect(error?.hint?.contains("postgresql-9") == true)
    }
  }

  @Test func `A folder that cannot be is refused with its path`() async throws {
    try await withTemporaryFolder { parent in
      let file = parent.appendingPathComponent("file")
      try Data().write(to: file)
      let cluster = try PrivateCluster(folder: file.appendingPathComponent("cluster"))
      let error = await #expect(throws: PostgresError.self) { try await cluster.start() }
      #expect(error?.message.contains(file.path) == true)
    }
  }

  @Test(.enabled(if: geteuid() == 0)) func `A parent that user postgres may not enter is named`() async throws
  {
    try await withTemporaryFolder { parent in
      let closed = parent.appendingPathComponent("closed")
      try FileManager.default.createDirectory(at: closed, withIntermediateDirectories: true)
      chmod(closed.path, 0o700)
      let cluster = try PrivateCluster(folder: closed.appendingPathComponent("cluster"))
      let error = await #expect(throws: PostgresError.self) { try await cluster.start() }
      #expect(error?.message.contains("may not enter \(closed.path)") == true)
    }
  }

  private func mode(of folder: URL) throws -> Int {
    let attributes = try FileManager.default.attributesOfItem(atPath: folder.path)
    return try #require(attributes[.posixPermissions] as? Int)
  }
}
