public import Foundation
public import Postgres

/// A database of its own for one test, with the repository's schema: a copy of a template that is migrated once.
public func withTestDatabase<R>(_ body: (Database) async throws -> R) async throws -> R {
  try await withDatabase(migrated: true, body)
}

/// A database of its own for one test, without any table.
public func withEmptyDatabase<R>(_ body: (Database) async throws -> R) async throws -> R {
  try await withDatabase(migrated: false, body)
}

private func withDatabase<R>(migrated: Bool, _ body: (Database) async throws -> R) async throws -> R {
  let database = try await TestCluster.shared.lend(migrated: migrated)
  do {
    let result = try await body(database)
    try await TestCluster.shared.takeBack(database)
    return result
  } catch {
    try await TestCluster.shared.takeBack(database)
    throw error
  }
}

/// A folder for one test, removed afterwards. Its path is short enough for a socket and reachable by every user.
public func withTemporaryFolder<R>(_ body: (URL) async throws -> R) async throws -> R {
  let folder = URL(fileURLWithPath: "/tmp/retake-folder-\(UUID().uuidString.prefix(8))")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  do {
    let result = try await body(folder)
    try FileManager.default.removeItem(at: folder)
    return result
  } catch {
    try FileManager.default.removeItem(at: folder)
    throw error
  }
}
