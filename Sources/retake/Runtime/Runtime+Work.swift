import Autopilot
import Creative
import Engine
import Foundation
import Jobs
import Logging

/// Work in the background: rendering, autopilot rounds, upkeep.
extension Runtime {
  /// What is done for each kind of job. One renderer for all: placements share their music, and jobs that run at the
  /// same time the cores.
  var handlers: JobHandlers {
    let logger = logger(of: "jobs")
    let cache = SegmentCache.open(settings) { logger.warning("\($0)") }
    let maker = RenditionMaker(
      database: database, dataFolder: dataFolder, placements: placements,
      renderer: Renderer(
        workers: settings.engine.workers, cache: cache, gate: gate, sound: settings.sound))
    var handlers = JobHandlers()
    AutopilotJobs(database: database, maker: maker).register(in: &handlers)
    return handlers
  }

  func worker(concurrency: Int? = nil) -> Worker {
    let wanted = concurrency ?? settings.worker.concurrency
    return Worker(
      name: "\(ProcessInfo.processInfo.hostName)/\(ProcessInfo.processInfo.processIdentifier)/"
        + String(UInt32.random(in: 0...UInt32.max), radix: 36),
      queue: queue, handlers: handlers,
      settings: WorkerSettings(
        concurrency: wanted, lease: settings.worker.lease, poll: settings.worker.poll,
        grace: settings.service.shutdownGrace),
      surroundings: .live(logger: logger(of: "jobs")))
  }

  var upkeep: Upkeep {
    Upkeep(queue: queue, scheduler: scheduler, surroundings: .live(logger: logger(of: "jobs")))
  }

  /// Runs jobs beside `body` and stops when it has ended, the running ones finished first; cancelled, they are cut
  /// off and left to be rescued.
  func working<Result: Sendable>(
    concurrency: Int? = nil, _ body: () async throws -> Result
  ) async throws -> Result {
    let worker = worker(concurrency: concurrency)
    return try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { await worker.run() }
      do {
        let result = try await body()
        worker.stop()
        try await group.waitForAll()
        return result
      } catch {
        worker.stop()
        group.cancelAll()
        throw error
      }
    }
  }
}
