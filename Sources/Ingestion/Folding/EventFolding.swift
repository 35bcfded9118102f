public import FoundationEssentials
public import Logging
public import Postgres

/// Everything that is folded out of `ingest_batch`: rollups about every second, viewers every few seconds.
public struct EventFolding: Sendable {
  public let rollups: RollupFolder
  public let viewers: ViewerFolder

  public init(rollups: RollupFolder, viewers: ViewerFolder) {
    self.rollups = rollups
    self.viewers = viewers
  }

  public init(
    database: Database, now: @escaping @Sendable () -> Date = { Date() },
    logger: Logger = Logger(label: "retake.ingestion")
  ) {
    rollups = RollupFolder(database: database, now: now, logger: logger)
    viewers = ViewerFolder(database: database, now: now, logger: logger)
  }

  /// Folds until cancelled. A database that is away is waited for, with growing pauses.
  public func run(every interval: Duration = .seconds(1), viewersEvery: Duration = .seconds(2)) async {
    await withDiscardingTaskGroup { group in
      group.addTask { await rollups.run(every: interval) }
      group.addTask { await viewers.run(every: viewersEvery) }
    }
  }

  /// Folds everything that was committed before the call.
  public func foldAll() async throws {
    try await rollups.foldAll()
    try await viewers.foldAll()
  }

  /// Batches not yet in the rollups; see ``FoldingStatus`` for all of it.
  public func backlog() async throws -> (batches: Int, since: Date?) { try await rollups.backlog() }
}
