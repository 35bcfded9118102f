public import FoundationEssentials
public import Postgres

/// What work may ask and tell while it runs.
///
/// When the lease is lost (the job was cancelled, or the worker was cut off for so long that another has it) the
/// work's task is cancelled, and whatever it then returns or throws is discarded.
public struct JobContext: Sendable {
  public let job: ClaimedJob
  let queue: JobQueue
  let clock: @Sendable () -> Date

  public init(job: ClaimedJob, queue: JobQueue, now: @escaping @Sendable () -> Date) {
    self.job = job
    self.queue = queue
    clock = now
  }

  public var now: Date { clock() }

  public var isLastAttempt: Bool { job.isLastAttempt }

  /// 0 to 1; shown to people.
  public func report(progress: Double) async throws {
    guard try await queue.report(progress: progress, of: job.lease) else {
      throw JobError.leaseLost(job.lease.job)
    }
  }

  /// Call first in the transaction that keeps the result: it then commits only while the lease is held.
  public func confirmLease(on connection: some Queryable) async throws {
    try await JobQueue.confirm(job.lease, on: connection)
  }
}
