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

  /// Requests whose events go into the database together, with all that can be done before that.
  private struct Group {
    var waiting: [Waiting]
    var plan: CommitPlan
    var batch: UUID
    var moment: Date
  }

  private struct Written: Sendable {
    var outcome: CommitPlan.Outcome
    var collided: Bool
    var partitions: Set<Int>
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
  /// Of those, the ones in `queue`.
  private var queuedEvents = 0
  /// Whether the group that is being committed is the last that was planned.
  private var mayPlanAhead = false
  /// A full group that was planned while the one before it is being committed.
  private var ready: Group?
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
      queuedEvents += batch.received
      if mayPlanAhead, ready == nil, queuedEvents >= settings.eventsPerCommit { ready = plan(takeGroup()) }
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
  ///
  /// One transaction at a time is at the database: what waits meanwhile is the next, and a next one that is full is
  /// planned and encoded meanwhile. Only when nothing was being written does a first event wait for company.
  public func run() async {
    while true {
      if queue.isEmpty {
        if state != .accepting || Task.isCancelled { break }
        await waitForWork()
        continue
      }
      await collect()
      await commitWaiting()
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
    queuedEvents -= count
    return group
  }

  private func plan(_ waiting: [Waiting]) -> Group {
    let moment = now()
    return Group(
      waiting: waiting, plan: CommitPlan(waiting.map(\.batch)) { recent.insert($0) },
      batch: UUID.version7(at: moment, using: &randomness), moment: moment)
  }

  private func nextGroup() -> Group? {
    defer { ready = nil }
    return ready ?? (queue.isEmpty ? nil : plan(takeGroup()))
  }

  /// Commits group after group while any wait. A group is answered when its successor is on its way.
  private func commitWaiting() async {
    var committed: (group: Group, counts: [EventCounts])?
    while let group = nextGroup() {
      let commit = begin(group)
      mayPlanAhead = true
      if let committed { answer(committed.group, committed.counts) }
      committed = nil
      if let counts = await end(group, commit) { committed = (group, counts) }
    }
    if let committed { answer(committed.group, committed.counts) }
  }

  /// In a task of its own, so that our cancellation cannot cut a commit in two, and off this actor, so that it starts
  /// at once; `end` awaits it.
  private func begin(_ group: Group) -> Task<Result<Written, EventCommit.Failure>, Never> {
    let (commit, plan, batch, moment, known) = (commit, group.plan, group.batch, group.moment, partitions)
    return Task {
      var partitions = known
      do throws(EventCommit.Failure) {
        let (outcome, collided) = try await commit.run(
          plan, batch: batch, at: moment, partitions: &partitions)
        return .success(Written(outcome: outcome, collided: collided, partitions: partitions))
      } catch {
        return .failure(error)
      }
    }
  }

  /// - Returns: what to tell each request of the group; nil when they were told already.
  private func end(
    _ group: Group, _ commit: Task<Result<Written, EventCommit.Failure>, Never>
  ) async -> [EventCounts]? {
    let result = await commit.value
    mayPlanAhead = false
    switch result {
    case .success(let written):
      partitions = written.partitions
      tally.commits += 1
      if written.collided { tally.collisions += 1 }
      return written.outcome.counts
    case .failure(let failure):
      forgetPlanned()
      await fail(group.waiting, failure)
      return nil
    }
  }

  /// Ids are remembered when they are planned, and groups are committed in the order they were planned in. When one is
  /// not committed, its ids must be forgotten, and what was planned behind it, perhaps believing them, waits again.
  private func forgetPlanned() {
    recent.removeAll()
    guard let ready else { return }
    queue.insert(contentsOf: ready.waiting, at: 0)
    queuedEvents += ready.waiting.reduce(0) { $0 + $1.batch.received }
    self.ready = nil
  }

  private func fail(_ waiting: [Waiting], _ failure: EventCommit.Failure) async {
    switch failure {
    case .refused(let error) where waiting.count > 1:
      // One request's data stands in the way of the others': each on its own.
      logger.error("a commit was refused, writing its \(waiting.count) requests one by one: \(error)")
      for one in waiting {
        let group = plan([one])
        if let counts = await end(group, begin(group)) { answer(group, counts) }
      }
    case .refused(let error):
      logger.error("events were refused by the database: \(error)")
      let failure = IngestError.refused(
        reason: error.kind.rawValue, retryAfterSeconds: settings.retryAfterSeconds)
      for one in waiting { answer(one, .failure(failure)) }
    case .unavailable(let error):
      logger.error("events could not be written: \(error)")
      let failure = IngestError.unavailable(
        reason: error.kind.rawValue, retryAfterSeconds: settings.retryAfterSeconds)
      // Those behind would only wait as long for the same.
      let others = queue
      queue = []
      queuedEvents = 0
      for one in waiting + others { answer(one, .failure(failure)) }
    }
  }

  private func answer(_ group: Group, _ counts: [EventCounts]) {
    for (waiting, counts) in zip(group.waiting, counts) { answer(waiting, .success(counts)) }
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
