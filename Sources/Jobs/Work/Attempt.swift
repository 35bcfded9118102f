import FoundationEssentials
import Logging
import Postgres

/// One job being worked on: the work, its heartbeat, and what ends it.
struct Attempt {
  let job: ClaimedJob
  let worker: Worker
  let recall: AsyncStream<Void>

  private enum End: Sendable {
    case done
    case failed(any Error)
    case leaseLost
    case recalled
  }

  func run() async {
    let end = await firstEnd()
    // A worker that is being killed says nothing more: the lease runs out.
    if Task.isCancelled { return }
    do {
      try await record(end)
    } catch {
      log(.error, "cannot store how it ended, it will be rescued: \(error)")
    }
  }

  private func firstEnd() async -> End {
    await withTaskGroup(of: End?.self) { group in
      group.addTask { await work() }
      group.addTask { await keepLease() }
      group.addTask { await awaitRecall() }
      var end: End?
      while end == nil, let next = await group.next() { end = next }
      // The group waits for the work to come to its end before anything is recorded or given back.
      group.cancelAll()
      return end ?? .recalled
    }
  }

  private func work() async -> End? {
    guard let handler = worker.handlers.handler(of: job.kind) else {
      return .failed(Unrecoverable("no handler for jobs of kind '\(job.kind)'"))
    }
    do {
      try await handler(
        job.payload, JobContext(job: job, queue: worker.queue, now: worker.surroundings.now))
      return .done
    } catch JobError.leaseLost {
      return .leaseLost
    } catch {
      return .failed(error)
    }
  }

  /// Gives nil only when it was cancelled.
  private func keepLease() async -> End? {
    let lease = worker.settings.lease
    var expires = worker.surroundings.now().addingTimeInterval(lease.seconds)
    while true {
      do { try await worker.surroundings.clock.sleep(for: lease / 3) } catch { return nil }
      let now = worker.surroundings.now()
      do {
        guard try await worker.queue.extend(job.lease, by: lease.seconds, at: now) else { return .leaseLost }
        expires = now.addingTimeInterval(lease.seconds)
      } catch {
        if Task.isCancelled { return nil }
        log(.warning, "heartbeat failed: \(error)")
        if now >= expires { return .leaseLost }
      }
    }
  }

  private func awaitRecall() async -> End? {
    for await _ in recall {}
    return Task.isCancelled ? nil : .recalled
  }

  private func record(_ end: End) async throws {
    let now = worker.surroundings.now()
    let held: Bool
    switch end {
    case .done: held = try await worker.queue.complete(job.lease, at: now)
    case .failed(let error):
      let delay = worker.settings.backoff.delay(
        afterAttempt: job.lease.attempt, draw: worker.surroundings.draw())
      let retryAt = isWorthRetrying(error) ? now.addingTimeInterval(delay) : nil
      let text = ErrorText.of(error)
      held = try await worker.queue.fail(job.lease, error: text, retryAt: retryAt, at: now)
      let discarded = retryAt == nil || job.isLastAttempt
      if held { log(discarded ? .error : .warning, "failed\(discarded ? ", discarded" : ""): \(text)") }
    case .leaseLost: held = false
    case .recalled: held = try await worker.queue.release(job.lease)
    }
    if !held { log(.warning, "lost its lease; the result was discarded") }
  }

  private func isWorthRetrying(_ error: any Error) -> Bool {
    if error is Unrecoverable { return false }
    if case JobError.payload = error { return false }
    return true
  }

  private func log(_ level: Logger.Level, _ message: String) {
    worker.surroundings.logger.log(
      level: level,
      "\(job.kind) job \(job.lease.job), attempt \(job.lease.attempt)/\(job.maxAttempts): \(message)")
  }
}
