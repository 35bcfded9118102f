import Cryptography
public import FoundationEssentials
public import Logging
public import Postgres
import Synchronization

/// Group commit: events of many requests go into the database in one transaction, and each request is answered with
/// its own exact counts after COMMIT. Nothing is acknowledged from memory.
///
/// `run()` must be running for what is submitted to be answered; stop with `drain()`, which lets `run()` finish what
/// waits. Submitting takes a lock and no more: who submits need not wait for who commits.
public actor EventWriter {
  private enum State { case accepting, draining, stopped }

  /// Called once, on the writer's thread; must not take long.
  typealias Answer = @Sendable (Result<EventCounts, IngestError>) -> Void

  private struct Waiting {
    var batch: CheckedBatch
    var answer: Answer
  }

  /// What was submitted and is not answered yet.
  private struct Inbox: ~Copyable {
    var state = State.accepting
    var queue: [Waiting] = []
    var waitingEvents = 0
    var waitingBytes = 0
    /// Of those, the ones in `queue`.
    var queuedEvents = 0
    /// Whether the group that is being committed is the last that was planned.
    var mayPlanAhead = false
    var runner: CheckedContinuation<Void, Never>?
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
  /// A full group that was planned while the one before it is being committed.
  private var ready: Group?
  private var recent: RecentEventIDs
  private var partitions: Set<Int> = []
  private let inbox = Mutex(Inbox())
  private let tally = Mutex(IngestCounters())

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
  public nonisolated var isAccepting: Bool { inbox.withLock { $0.state == .accepting } }

  public nonisolated var counters: IngestCounters {
    var counters = tally.withLock { $0 }
    counters.waiting = inbox.withLock { $0.waitingEvents }
    return counters
  }

  /// Waits until the batch is committed.
  /// - Throws: `.overloaded`, `.draining` or `.unavailable`; the events are then not acknowledged.
  public nonisolated func submit(_ batch: CheckedBatch) async throws(IngestError) -> EventCounts {
    try await withCheckedContinuation { continuation in
      submit(batch) { continuation.resume(returning: $0) }
    }.get()
  }

  /// - Parameter answer: as `submit` returns or throws; called here when the events cannot even wait.
  nonisolated func submit(_ batch: CheckedBatch, answer: @escaping Answer) {
    var runner: CheckedContinuation<Void, Never>?
    var plansAhead = false
    let refusal: IngestError? = inbox.withLock { inbox in
      guard inbox.state == .accepting else {
        return .draining(retryAfterSeconds: settings.retryAfterSeconds)
      }
      let fits =
        inbox.waitingEvents + batch.received <= settings.waitingEvents
        && inbox.waitingBytes < settings.waitingBytes
      guard inbox.queue.isEmpty || fits else {
        return .overloaded(retryAfterSeconds: settings.retryAfterSeconds)
      }
      inbox.queue.append(Waiting(batch: batch, answer: answer))
      inbox.waitingEvents += batch.received
      inbox.waitingBytes += batch.weight
      inbox.queuedEvents += batch.received
      plansAhead = inbox.mayPlanAhead && inbox.queuedEvents >= settings.eventsPerCommit
      if plansAhead { inbox.mayPlanAhead = false }
      runner = inbox.runner.take()
      return nil
    }
    if let refusal { return answer(.failure(refusal)) }
    runner?.resume()
    // At most once in a commit, and nobody waits for it.
    if plansAhead { Task { await planAhead() } }
  }

  nonisolated func noteRefusedBody(_ code: BodyError.Code) {
    tally.withLock { $0.refusedBodies[code, default: 0] += 1 }
  }

  /// Events whose sender was told to try again.
  nonisolated func noteTurnedAway(_ events: Int) { tally.withLock { $0.turnedAway += events } }

  /// Accepts nothing more; `run()` returns when everything waiting is answered.
  public nonisolated func drain() {
    let runner = inbox.withLock { inbox in
      if inbox.state == .accepting { inbox.state = .draining }
      return inbox.runner.take()
    }
    runner?.resume()
  }

  /// Commits until drained. Cancelling it drains too: what was accepted is still written and answered.
  ///
  /// One transaction at a time is at the database: what waits meanwhile is the next, and a next one that is full is
  /// planned and encoded meanwhile. Only when nothing was being written does a first event wait for company.
  public func run() async {
    await withTaskCancellationHandler {
      while await waitForWork() {
        await collect()
        await commitWaiting()
      }
    } onCancel: {
      drain()
    }
  }

  /// - Returns: false when everything is answered and nothing more will come.
  private func waitForWork() async -> Bool {
    while true {
      let isOver: Bool? = inbox.withLock { inbox in
        if !inbox.queue.isEmpty { return false }
        if inbox.state == .accepting { return nil }
        inbox.state = .stopped
        return true
      }
      if let isOver { return !isOver }
      await withCheckedContinuation { continuation in
        let waits = inbox.withLock { inbox in
          guard inbox.queue.isEmpty, inbox.state == .accepting else { return false }
          inbox.runner = continuation
          return true
        }
        if !waits { continuation.resume() }
      }
    }
  }

  /// Lets more requests join, unless there is enough for a commit.
  private func collect() async {
    let isEnough = inbox.withLock { inbox in
      inbox.state != .accepting || inbox.waitingEvents >= settings.eventsPerCommit
    }
    guard !isEnough, settings.collectFor > .zero else { return }
    do {
      try await clock.sleep(for: settings.collectFor)
    } catch {
      drain()
    }
  }

  private func takeGroup() -> [Waiting] {
    inbox.withLock { inbox in
      var count = 0
      var end = 0
      while end < inbox.queue.count {
        let next = inbox.queue[end].batch.received
        if end > 0, count + next > settings.eventsPerCommit { break }
        count += next
        end += 1
      }
      let group = Array(inbox.queue[..<end])
      inbox.queue.removeFirst(end)
      inbox.queuedEvents -= count
      return group
    }
  }

  private func planAhead() {
    guard ready == nil else { return }
    let group = takeGroup()
    if !group.isEmpty { ready = plan(group) }
  }

  private func plan(_ waiting: [Waiting]) -> Group {
    let moment = now()
    return Group(
      waiting: waiting, plan: CommitPlan(waiting.map(\.batch)) { recent.insert($0) },
      batch: UUID.version7(at: moment, using: &randomness), moment: moment)
  }

  private func nextGroup() -> Group? {
    defer { ready = nil }
    if let ready { return ready }
    let group = takeGroup()
    return group.isEmpty ? nil : plan(group)
  }

  /// Commits group after group while any wait. A group is answered when its successor is on its way.
  private func commitWaiting() async {
    var committed: (group: Group, counts: [EventCounts])?
    while let group = nextGroup() {
      let commit = begin(group)
      inbox.withLock { $0.mayPlanAhead = true }
      if let committed { answer(committed.group.waiting, committed.counts.map { .success($0) }) }
      committed = nil
      if let counts = await end(group, commit) { committed = (group, counts) }
    }
    if let committed { answer(committed.group.waiting, committed.counts.map { .success($0) }) }
  }

  /// In a task of its own, so that our cancellation cannot cut a commit in two, and off this actor, so that it starts
  /// at once; `end` awaits it.
  private func begin(_ group: Group) -> Commit {
    let (commit, plan, batch, moment, known) = (commit, group.plan, group.batch, group.moment, partitions)
    let clock = clock
    return Task {
      var partitions = known
      let watch = Stopwatch(clock)
      do throws(EventCommit.Failure) {
        let (outcome, collided) = try await commit.run(
          plan, batch: batch, at: moment, partitions: &partitions)
        let written = Written(outcome: outcome, collided: collided, partitions: partitions)
        return (.success(written), watch.elapsed)
      } catch {
        return (.failure(error), watch.elapsed)
      }
    }
  }

  /// With how long it took.
  private typealias Commit = Task<(Result<Written, EventCommit.Failure>, Duration), Never>

  /// - Returns: what to tell each request of the group; nil when they were told already.
  private func end(_ group: Group, _ commit: Commit) async -> [EventCounts]? {
    let (result, duration) = await commit.value
    inbox.withLock { $0.mayPlanAhead = false }
    switch result {
    case .success(let written):
      partitions = written.partitions
      tally.withLock { tally in
        tally.commitTimes.observe(duration)
        tally.commits += 1
        if written.collided { tally.collisions += 1 }
        for (reason, count) in written.outcome.deltas.filtered {
          tally.filtered[reason, default: 0] += count
        }
      }
      return written.outcome.counts
    case .failure(let failure):
      tally.withLock { $0.commitTimes.observe(duration) }
      forgetPlanned()
      await fail(group.waiting, failure)
      return nil
    }
  }

  /// Ids are remembered when they are planned, and groups are committed in the order they were planned in. When one is
  /// not committed, its ids must be forgotten, and what was planned behind it, perhaps believing them, waits again.
  private func forgetPlanned() {
    recent.removeAll()
    guard let ready = ready.take() else { return }
    inbox.withLock { inbox in
      inbox.queue.insert(contentsOf: ready.waiting, at: 0)
      inbox.queuedEvents += ready.waiting.reduce(0) { $0 + $1.batch.received }
    }
  }

  private func fail(_ waiting: [Waiting], _ failure: EventCommit.Failure) async {
    switch failure {
    case .refused(let error) where waiting.count > 1:
      // One request's data stands in the way of the others': each on its own.
      logger.error("a commit was refused, writing its \(waiting.count) requests one by one: \(error)")
      for one in waiting {
        let group = plan([one])
        if let counts = await end(group, begin(group)) { answer(group.waiting, counts.map { .success($0) }) }
      }
    case .refused(let error):
      logger.error("events were refused by the database: \(error)")
      let failure = IngestError.refused(
        reason: error.kind.rawValue, retryAfterSeconds: settings.retryAfterSeconds)
      answer(waiting, waiting.map { _ in .failure(failure) })
    case .unavailable(let error):
      logger.error("events could not be written: \(error)")
      let failure = IngestError.unavailable(
        reason: error.kind.rawValue, retryAfterSeconds: settings.retryAfterSeconds)
      // Those behind would only wait as long for the same.
      let all = inbox.withLock { inbox in
        defer {
          inbox.queue = []
          inbox.queuedEvents = 0
        }
        return waiting + inbox.queue
      }
      answer(all, all.map { _ in .failure(failure) })
    }
  }

  private func answer(_ waiting: [Waiting], _ results: [Result<EventCounts, IngestError>]) {
    inbox.withLock { inbox in
      for one in waiting {
        inbox.waitingEvents -= one.batch.received
        inbox.waitingBytes -= one.batch.weight
      }
    }
    tally.withLock { tally in
      for (one, result) in zip(waiting, results) {
        guard case .success(let counts) = result else { continue }
        tally.events += counts
        for rejection in one.batch.rejections { tally.reasons[rejection.code, default: 0] += 1 }
      }
    }
    for (one, result) in zip(waiting, results) { one.answer(result) }
  }
}
