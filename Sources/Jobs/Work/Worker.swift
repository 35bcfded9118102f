import Logging
import Postgres

/// Works on jobs, `concurrency` at a time, until it is told to stop.
///
/// There are two ways out. `stop()` is the graceful one: nothing new is claimed, running jobs finish, and those that
/// outlast the grace period are cancelled and given back without counting the attempt. Cancelling the task that runs
/// `run()` is the hard one: everything ends at once and leases are left to run out, as when the process dies.
public final class Worker: Sendable {
  public let name: String
  let queue: JobQueue
  let handlers: JobHandlers
  let settings: WorkerSettings
  let surroundings: WorkerSurroundings
  /// Rings when there may be work; finished when no more is to be claimed.
  private let work = Bell()
  /// Finished when running jobs are to be given back.
  private let recall = Bell()

  /// - Parameter name: distinguishes this worker from all others: host, process and a random part.
  public init(
    name: String, queue: JobQueue, handlers: JobHandlers, settings: WorkerSettings = WorkerSettings(),
    surroundings: WorkerSurroundings = .live()
  ) {
    self.name = name
    self.queue = queue
    self.handlers = handlers
    self.settings = settings
    self.surroundings = surroundings
  }

  /// Returns after `stop()`, when the last running job has ended.
  public func run() async {
    await withTaskGroup(of: Bool.self) { group in
      for _ in 0..<settings.concurrency {
        group.addTask {
          await self.lane()
          return true
        }
      }
      group.addTask {
        await self.hear()
        return false
      }
      group.addTask {
        await self.tick()
        return false
      }
      group.addTask {
        await self.countGrace()
        return false
      }
      var lanes = settings.concurrency
      while lanes > 0, let isLane = await group.next() {
        if isLane { lanes -= 1 }
      }
      group.cancelAll()
    }
  }

  /// May be called from anywhere, more than once, and before `run()`.
  public func stop() { work.finish() }

  private func lane() async {
    let rings = work.rings()
    work.ring()
    for await _ in rings {
      while !work.isFinished, !Task.isCancelled, let job = await claim() {
        await Attempt(job: job, worker: self, recall: recall.rings()).run()
      }
    }
  }

  private func claim() async -> ClaimedJob? {
    do {
      return try await queue.claim(
        kinds: handlers.kinds, limit: 1, worker: name, lease: settings.lease.seconds, at: surroundings.now()
      ).first
    } catch {
      // The next tick tries again.
      if !Task.isCancelled { surroundings.logger.warning("cannot claim a job: \(error)") }
      return nil
    }
  }

  private func hear() async {
    do {
      for try await _ in queue.database.listen(JobQueue.channel) { work.ring() }
    } catch {
      surroundings.logger.warning("new jobs are now found by polling alone: \(error)")
    }
  }

  private func tick() async {
    while !work.isFinished {
      do { try await surroundings.clock.sleep(for: settings.poll) } catch { return }
      work.ring()
    }
  }

  private func countGrace() async {
    for await _ in work.rings() {}
    do { try await surroundings.clock.sleep(for: settings.grace) } catch { return }
    recall.finish()
  }
}
