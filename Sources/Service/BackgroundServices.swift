import Ingestion
import Jobs
import Logging
import ServiceLifecycle

/// Commits events until drained.
struct WritingService: Service {
  let writer: EventWriter

  func run() async throws {
    await withGracefulShutdownHandler {
      await writer.run()
    } onGracefulShutdown: {
      Task { await writer.drain() }
    }
  }
}

/// Folds rollups, and once more after the last commit.
struct FoldingService: Service {
  let folder: RollupFolder
  let every: Duration
  let logger: Logger

  func run() async throws {
    await cancelWhenGracefulShutdown { await folder.run(every: every) }
    do {
      _ = try await folder.foldAll()
    } catch {
      logger.warning("The last fold waits for the next start", metadata: ["error": "\(error)"])
    }
  }
}

struct UpkeepService: Service {
  let upkeep: Upkeep

  func run() async throws {
    await cancelWhenGracefulShutdown { await upkeep.run() }
  }
}

/// Runs jobs; asked to stop, finishes or hands back the ones it has.
struct WorkingService: Service {
  let worker: Worker

  func run() async throws {
    await withGracefulShutdownHandler {
      await worker.run()
    } onGracefulShutdown: {
      worker.stop()
    }
  }
}

/// Rotates the secrets of pseudonyms and learns of those that other processes made.
struct PseudonymService: Service {
  let keeper: PseudonymKeeper

  func run() async throws {
    await cancelWhenGracefulShutdown { await keeper.run() }
  }
}
