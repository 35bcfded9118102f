import FoundationEssentials
import Logging

/// The small recurring duties around the queue, each a loop of its own: schedules come due, lost jobs are rescued,
/// old ones pruned. Every process may run them; they do not get in each other's way.
public struct Upkeep: Sendable {
  public struct Intervals: Sendable {
    public var schedules: Duration
    public var rescue: Duration
    public var prune: Duration
    /// How long finished jobs are kept.
    public var keepFinished: Duration
    public var keepDiscarded: Duration

    public init(
      schedules: Duration = .seconds(15), rescue: Duration = .seconds(15), prune: Duration = .seconds(3600),
      keepFinished: Duration = .seconds(7 * 86_400), keepDiscarded: Duration = .seconds(60 * 86_400)
    ) {
      self.schedules = schedules
      self.rescue = rescue
      self.prune = prune
      self.keepFinished = keepFinished
      self.keepDiscarded = keepDiscarded
    }
  }

  let queue: JobQueue
  let scheduler: Scheduler
  let intervals: Intervals
  let surroundings: WorkerSurroundings

  public init(
    queue: JobQueue, scheduler: Scheduler, intervals: Intervals = Intervals(),
    surroundings: WorkerSurroundings = .live()
  ) {
    self.queue = queue
    self.scheduler = scheduler
    self.intervals = intervals
    self.surroundings = surroundings
  }

  /// Runs until its task is cancelled. A duty that fails is logged and done again at its next turn.
  public func run() async {
    await withDiscardingTaskGroup { group in
      group.addTask {
        await every(intervals.schedules, "run due schedules") { _ = try await scheduler.runDue(at: $0) }
      }
      group.addTask {
        await every(intervals.rescue, "rescue lost jobs") { _ = try await queue.rescue(at: $0) }
      }
      group.addTask {
        await every(intervals.prune, "prune old jobs") { now in
          try await queue.prune(
            finishedBefore: now.addingTimeInterval(-intervals.keepFinished.seconds),
            discardedBefore: now.addingTimeInterval(-intervals.keepDiscarded.seconds))
        }
      }
    }
  }

  private func every(
    _ interval: Duration, _ duty: String, _ body: (Date) async throws -> Void
  ) async {
    while !Task.isCancelled {
      do {
        try await body(surroundings.now())
      } catch {
        if !Task.isCancelled { surroundings.logger.warning("cannot \(duty): \(error)") }
      }
      do { try await surroundings.clock.sleep(for: interval) } catch { return }
    }
  }
}
