import Foundation
public import Postgres

/// The server all tests of this process share. It starts with the first test that needs it and goes with the
/// process, even if that is killed.
public actor TestCluster {
  public static let shared = TestCluster()

  private var preparation: Task<Prepared, any Error>?
  private var nextNumber = 0
  /// Swift Testing starts all tests at once: without a limit they would want more connections than the server has.
  private var free = 16
  private var waiting: [CheckedContinuation<Void, Never>] = []

  private struct Prepared {
    /// Kept, for the server goes with it.
    let cluster: PrivateCluster
    let maintenance: Database
    let configuration: DatabaseConfiguration
  }

  /// Where the server is, for tests that start a program against it.
  public func configuration() async throws -> DatabaseConfiguration { try await prepared().configuration }

  /// Makes a database; waits while too many are in use.
  func lend(migrated: Bool) async throws -> Database {
    await enter()
    do {
      let prepared = try await prepared()
      nextNumber += 1
      let name = "test_\(nextNumber)"
      let template: SQL = migrated ? "template_migrated" : "template0"
      try await prepared.maintenance.execute("CREATE DATABASE \(identifier: name) TEMPLATE \(template)")
      return Database(prepared.configuration.with(database: name))
    } catch {
      leave()
      throw error
    }
  }

  func takeBack(_ database: Database) async throws {
    defer { leave() }
    await database.close()
    let maintenance = try await prepared().maintenance
    let name = database.configuration.database
    // In a task of its own, since a test that was cancelled still has to clean up.
    try await Task {
      _ = try await maintenance.execute("DROP DATABASE \(identifier: name) WITH (FORCE)")
    }.value
  }

  private func prepared() async throws -> Prepared {
    if let preparation { return try await preparation.value }
    let task = Task { try await Self.prepare() }
    preparation = task
    return try await task.value
  }

  private static func prepare() async throws -> Prepared {
    let parent = URL(fileURLWithPath: "/tmp")
    let prefix = "retake-test-"
    try PrivateCluster.removeAbandoned(in: parent, prefix: prefix)
    let name = "\(prefix)\(ProcessInfo.processInfo.processIdentifier)-\(UUID().uuidString.prefix(4))"
    let cluster = try PrivateCluster(folder: parent.appendingPathComponent(name), durable: false)
    var configuration = try await cluster.start()
    configuration.applicationName = "retake tests"
    configuration.statementTimeout = .seconds(60)
    configuration.acquireTimeout = .seconds(60)
    configuration.maximumConnections = 8
    var maintenanceConfiguration = configuration
    maintenanceConfiguration.maximumConnections = 2
    let maintenance = Database(maintenanceConfiguration)
    try await maintenance.execute("CREATE DATABASE template_migrated TEMPLATE template0")
    let template = Database(configuration.with(database: "template_migrated"))
    do {
      try await Migrator(folder: Repository.schema).migrate(template)
    } catch {
      await template.close()
      throw error
    }
    await template.close()
    return Prepared(cluster: cluster, maintenance: maintenance, configuration: configuration)
  }

  private func enter() async {
    if free > 0 {
      free -= 1
      return
    }
    await withCheckedContinuation { waiting.append($0) }
  }

  private func leave() {
    if waiting.isEmpty { free += 1 } else { waiting.removeFirst().resume() }
  }
}
