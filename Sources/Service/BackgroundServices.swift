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
      writer.drain()
    }
  }
}

/// Replays what requests left in the spool while the database was away. What is on its way when it is to stop is
/// finished; the rest waits for the next start. Stopped after the server: nobody needs the spool then.
struct ReplayService: Service {
  let spool: Spool
  let replayer: SpoolReplayer

  func run() async throws {
    await cancelWhenGracefulShutdown { await replayer.run() }
    await spool.close()
  }
}

/// Folds rollups and viewers, and once more after the last commit.
struct FoldingService: Service {
  let folding: EventFolding
  let every: Duration
  let viewersEvery: Duration
  let logger: Logger

  func run() async throws {
    await cancelWhenGracefulShutdown { await folding.run(every: every, viewersEvery: viewersEvery) }
    do {
      try await folding.foldAll()
    } catch {
      logger.warning("The last fold waits for the next start", metadata: ["error": "\(error)"])
    }
  }
}

/// Makes partitions ahead and drops old ones.
struct EventUpkeepService: Service {
  let upkeep: EventUpkeep

  func run() async throws {
    await cancelWhenGracefulShutdown { await upkeep.run() }
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
