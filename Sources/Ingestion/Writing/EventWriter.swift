import Cryptography
public import FoundationEssentials
public import Logging
public import Postgres

/// Group commit: events of many requests go into the database in one transaction, and each request is answered with
/// its own exact counts after COMMIT. Nothing is acknowledged from memory.
///
/// `run()` must be running for `submit` to return; stop with `drain()`, which lets `run()` finish what waits.
public actor EventWriter {
  private enum State { case accepting, draining, stopped }

  private struct Waiting {
    var batch: CheckedBatch
    var answer: CheckedContinuation<Result<EventCounts, IngestError>, Never>
  }

  private let commit: EventCommit
  private let settings: EventWriterSettings
  private let clock: any Clock<Duration>
  private let now: @Sendable () -> Date
  private let logger: Logger
  private var randomness: any RandomNumberGenerator & Sendable
  private var state = State.accepting
  private var queue: [Waiting] = []
  private var waitingEvents = 0
  private var waitingBytes = 0
  private var runner: CheckedContinuation<Void, Never>?
  private var recent: RecentEventIDs
  private var partitions: Set<Int> = []
  private var tally = IngestCounters()

  public init(
    database: Database, settings: EventWriterSettings = EventWriterSettings(),
    clock: any Clock<Duration> = ContinuousClock(), now: @escaping @Sendable () -> Date = { Date() },
    randomness: any RandomNumberGenerator & Sendable = SystemRandomNumberGenerator(),
    logger: Logger = Logger(label: "retake.ingestion")
  ) {
    commit = EventCommit(database: database, clock: clock, patience: settings.patience)
    self.settings = settings
    self.clock = clock
    self.now = now
    self.logger = logger
    self.randomness = randomness
    recent = RecentEventIDs(capacity: settings.recentIDs)
  }

  /// Whether `submit` takes events; false from `drain()` on.
  public var isAccepting: Bool { state == .accepting }

  public var counters: IngestCounters {
    var counters = tally
    counters.waiting = waitingEvents
    return counters
  }

  /// Waits until the batch is committed.
  /// - Throws: `.overloaded`, `.draining` or `.unavailable`; the events are then not acknowledged.
  public func submit(_ batch: CheckedBatch) async throws(IngestError) -> EventCounts {
    guard state == .accepting else { throw .draining(retryAfterSeconds: settings.retryAfterSeconds) }
    let fits =
      waitingEvents + batch.received <= settings.waitingEvents && waitingBytes < settings.waitingBytes
    guard queue.isEmpty || fits else { throw .overloaded(retryAfterSeconds: settings.retryAfterSeconds) }
    let answer = await withCheckedContinuation { answer in
      queue.append(Waiting(batch: batch, answer: answer))
      waitingEvents += batch.received
      waitingBytes += batch.weight
      wake()
    }
    return try answer.get()
  }

  func noteRefusedBody(_ code: BodyError.Code) { tally.refusedBodies[code, default: 0] += 1 }

  /// Events whose sender was told to try again.
  func noteTurnedAway(_ events: Int) { tally.turnedAway += events }

  /// Accepts nothing more; `run()` returns when everything waiting is answered.
  public func drain() {
    guard state == .accepting else { return }
    state = .draining
    wake()
  }

  /// Commits until drained. Cancelling it drains too: what was accepted is still written and answered.
  public func run() async {
    while true {
      if queue.isEmpty {
        if state != .accepting || Task.isCancelled { break }
        await waitForWork()
        continue
      }
      await collect()
      let group = takeGroup()
      // A task of its own, so that our cancellation cannot cut a commit in two; it is awaited right here.
      await Task { await self.write(group) }.value
    }
    state = .stopped
  }

  private func wake() {
    runner?.resume()
    runner = nil
  }

  private func waitForWork() async {
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        if queue.isEmpty, state == .accepting, !Task.isCancelled {
          runner = continuation
        } else {
          continuation.resume()
        }
      }
    } onCancel: {
      Task { await self.drain() }
    }
  }

  /// Lets more requests join, unless there is enough for a commit.
  private func collect() async {
    let isEnough = waitingEvents >= settings.eventsPerCommit || settings.collectFor <= .zero
    guard state == .accepting, !isEnough else { return }
    do {
      try await clock.sleep(for: settings.collectFor)
    } catch {
      drain()
    }
  }

  private func takeGroup() -> [Waiting] {
    var count = 0
    var end = 0
    while end < queue.count {
      let next = queue[end].batch.received
      if end > 0, count + next > settings.eventsPerCommit { break }
      count += next
      end += 1
    }
    let group = Array(queue[..<end])
    queue.removeFirst(end)
    return group
  }

  private func write(_ group: [Waiting]) async {
    let moment = now()
    let plan = CommitPlan(group.map(\.batch)) { recent.contains($0) }
    let batch = UUID.version7(at: moment, using: &randomness)
    var partitions = self.partitions
    do throws(EventCommit.Failure) {
      let (outcome, collided) = try await commit.run(plan, batch: batch, at: moment, partitions: &partitions)
      self.partitions = partitions
      for row in plan.rows { recent.insert(row.event.id) }
      tally.commits += 1
      if collided { tally.collisions += 1 }
      for (waiting, counts) in zip(group, outcome.counts) { answer(waiting, .success(counts)) }
    } catch {
      switch error {
      case .refused(let error) where group.count > 1:
        // One request's data stands in the way of the others': each on its own.
        logger.error("a commit was refused, writing its \(group.count) requests one by one: \(error)")
        for waiting in group { await write([waiting]) }
      case .refused(let error):
        logger.error("events were refused by the database: \(error)")
        let failure = IngestError.refused(
          reason: error.kind.rawValue, retryAfterSeconds: settings.retryAfterSeconds)
        for waiting in group { answer(waiting, .failure(failure)) }
      case .unavailable(let error):
        logger.error("events could not be written: \(error)")
        let failure = IngestError.unavailable(
          reason: error.kind.rawValue, retryAfterSeconds: settings.retryAfterSeconds)
        // Those behind would only wait as long for the same.
        let others = queue
        queue = []
        for waiting in group + others { answer(waiting, .failure(failure)) }
      }
    }
  }

  private func answer(_ waiting: Waiting, _ result: Result<EventCounts, IngestError>) {
    waitingEvents -= waiting.batch.received
    waitingBytes -= waiting.batch.weight
    if case .success(let counts) = result {
      tally.events += counts
      for rejection in waiting.batch.rejections { tally.reasons[rejection.code, default: 0] += 1 }
    }
    waiting.answer.resume(returning: result)
  }
}
