import Engine
import Foundation
import Logging
import Postgres

/// How a command wants to find the database's schema.
enum SchemaNeed {
  /// Brought up to date where that harms nobody (a private cluster); refused when behind otherwise.
  case current
  /// As it is: the command looks after it itself.
  case any
}

/// Puts the program together, runs `body`, and takes everything apart again however `body` ends: connections
/// closed, and the private cluster stopped when no other process uses it.
/// - Parameter isLongRunning: logs at the settings' level; else only warnings, unless the options say otherwise.
func withRuntime<Result>(
  _ options: CommonOptions, schema: SchemaNeed = .current, isLongRunning: Bool = false,
  _ body: (Runtime) async throws -> Result
) async throws -> Result {
  let environment = ProcessInfo.processInfo.environment
  let installation = try Installation.find(environment: environment)
  let settings = try options.settings(installation, environment: environment)
  // Who runs one command wants its result; who runs a service wants to know what it does.
  let level = isLongRunning || options.logLevel != nil ? settings.log.level : "warning"
  PlainLog.start(at: Logger.Level(rawValue: level) ?? .info)
  let placements = try PlacementCatalogue(path: installation.placements.path)
  let gate = Gate(rules: try GateRules(path: installation.gate.path))
  let migrator = try Migrator(folder: installation.schema)

  let cluster: PrivateCluster?
  var configuration: DatabaseConfiguration
  if let url = settings.databaseURL {
    cluster = nil
    configuration = try DatabaseConfiguration(url: url)
  } else {
    try OutputFile.makeFolder(settings.dataFolder)
    let own = try PrivateCluster(folder: settings.dataFolder.appending(path: "postgres"))
    configuration = try await own.start()
    cluster = own
  }
  // Every job may hold one connection for its work and one for its heartbeat.
  configuration.maximumConnections = max(8, 4 + 2 * settings.worker.concurrency)
  let database = Database(configuration, logger: Logger(label: "retake.postgres"))
  let ingestionDatabase = Database(
    configuration.impatient(settings.ingestion.databasePatience), logger: Logger(label: "retake.postgres"))
  let runtime = Runtime(
    settings: settings, installation: installation, workspaceName: options.workspace, database: database,
    ingestionDatabase: ingestionDatabase, migrator: migrator, placements: placements, gate: gate,
    logger: Logger(label: "retake"))
  do {
    if schema == .current { try await runtime.requireCurrentSchema(mayMigrate: cluster != nil) }
    let result = try await body(runtime)
    await ingestionDatabase.close()
    await database.close()
    try await cluster?.stop()
    return result
  } catch {
    await ingestionDatabase.close()
    await database.close()
    // What went wrong first is what people must hear of; the cluster says itself what it could not do.
    do { try await cluster?.stop() } catch let second { Console.note("warning: \(second)") }
    throw error
  }
}

extension DatabaseConfiguration {
  /// For who has something better to do than to wait.
  fileprivate func impatient(_ patience: Duration) -> DatabaseConfiguration {
    var copy = self
    copy.maximumConnections = 4
    copy.statementTimeout = patience
    copy.acquireTimeout = patience
    copy.connectTimeout = patience
    copy.reconnectPatience = min(patience / 10, .milliseconds(250))
    return copy
  }
}

extension Runtime {
  /// - Throws: when the schema is newer than the program, or behind and not ours to change.
  fileprivate func requireCurrentSchema(mayMigrate: Bool) async throws {
    if mayMigrate {
      try await migrator.migrate(database)
      return
    }
    let pending = try await migrator.status(database).pending
    guard let first = pending.first else { return }
    let what = pending.count == 1 ? "migration \(first.version)" : "\(pending.count) migrations"
    throw CommandFailure(
      "the database \"\(database.configuration.database)\" lacks \(what) of this program. "
        + "Bring it up to date with: retake migrate")
  }
}
