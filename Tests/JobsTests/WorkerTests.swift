import Foundation
import Postgres
import Synchronization
import TestKit
import Testing

@testable import Jobs

struct WorkerTests {
  private func running(
    _ database: Database, _ handlers: JobHandlers, settings: WorkerSettings = WorkerSettings(),
    clock: any Clock<Duration> = ContinuousClock(), now: @escaping @Sendable () -> Date = { start },
    name: String = "w1", _ body: (Worker, JobQueue) async throws -> Void
  ) async throws {
    let queue = JobQueue(database: database)
    let worker = Worker(
      name: name, queue: queue, handlers: handlers, settings: settings,
      surroundings: surroundings(clock: clock, now: now))
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { await worker.run() }
      try await body(worker, queue)
      worker.stop()
      try await group.waitForAll()
    }
  }

  @Test("a job enqueued while the worker waits is done without polling")
  func wakeUp() async throws {
    try await withTestDatabase { database in
      let done = Signal()
      let clock = ManualClock()
      var handlers = JobHandlers()
      handlers.register(.greet) { greeting, _ in
        #expect(greeting == Greeting(name: "Ada"))
        await done.fire()
      }
      try await running(database, handlers, clock: clock) { _, queue in
        // Notifications before the listener stands are lost; polling is what they fall back on.
        try await queue.enqueue(.greet, Greeting(name: "Ada"), runAt: start)
        await clock.awaitSleepers(1)
        clock.advance(by: .seconds(2))
        await done.wait()
        let listeners: SQL = """
          SELECT count(*), 'listening' FROM pg_stat_activity
          WHERE query LIKE 'LISTEN%' AND state = 'idle' AND datname = current_database()
          """
        while try await database.first(listeners, as: (Int.self, String.self))?.0 == 0 { await Task.yield() }
        // From here on the clock stands still: only the notification can wake the worker.
        try await queue.enqueue(.greet, Greeting(name: "Ada"), runAt: start)
        await done.wait(for: 2)
      }
      #expect(try await JobQueue(database: database).counts() == [.completed: 2])
    }
  }

  @Test("two workers never run the same job twice")
  func twoWorkers() async throws {
    try await withTestDatabase { database in
      let queue = JobQueue(database: database)
      for number in 0..<40 { try await queue.enqueue(.greet, Greeting(name: "\(number)"), runAt: start) }
      let done = Signal()
      let names = Mutex<[String]>([])
      var handlers = JobHandlers()
      handlers.register(.greet) { greeting, _ in
        names.withLock { $0.append(greeting.name) }
        await done.fire()
      }
      let both = handlers
      try await running(database, both, settings: WorkerSettings(concurrency: 2)) { _, _ in
        try await running(database, both, settings: WorkerSettings(concurrency: 2), name: "w2") { _, _ in
          await done.wait(for: 40)
        }
      }
      #expect(names.withLock { Set($0).count == 40 && $0.count == 40 })
      #expect(try await queue.counts() == [.completed: 40])
    }
  }

  @Test(
    "work that fails is put off by the backoff; work that says so, and unreadable payloads, are discarded at once"
  )
  func failures() async throws {
    struct Away: Error, CustomStringConvertible {
      let description = "server away at postgres://me:secret@host"
    }
    try await withTestDatabase { database in
      let failed = Signal()
      var handlers = JobHandlers()
      handlers.register(.greet) { greeting, _ in
        await failed.fire()
        if greeting.name == "never" { throw Unrecoverable("no such person") }
        throw Away()
      }
      let queue = JobQueue(database: database)
      let away = try await queue.enqueue(.greet, Greeting(name: "away"), runAt: start).id
      let never = try await queue.enqueue(.greet, Greeting(name: "never"), runAt: start).id
      let shape = JobKind<[String: Int]>(name: "greet", maxAttempts: 3)
      let garbled = try await queue.enqueue(shape, ["name": 5], runAt: start).id
      try await running(database, handlers) { _, queue in
        while try await queue.counts() != [.retryable: 1, .discarded: 2] { await Task.yield() }
      }
      let retry = try #require(try await queue.job(away))
      #expect(retry.runAt == start + 2 && retry.lastError == "server away at postgres://…@host")
      #expect(try await queue.job(never)?.state == .discarded)
      #expect(try await queue.job(never)?.lastError == "no such person")
      let unread = try #require(try await queue.job(garbled))
      #expect(unread.state == .discarded && unread.attempt == 1)
      #expect(unread.lastError?.contains("at name: it is not of type String") == true)
      #expect(await failed.count == 2)
    }
  }

  @Test("work whose lease is lost is cancelled and its result discarded")
  func lostLease() async throws {
    try await withTestDatabase { database in
      let clock = ManualClock()
      let (begun, told) = (Signal(), Signal())
      var handlers = JobHandlers()
      handlers.register(.greet) { _, _ in
        await begun.fire()
        // Runs for ever, until it is told.
        do { try await Task.sleep(for: .seconds(3600)) } catch { await told.fire() }
      }
      let queue = JobQueue(database: database)
      let id = try await queue.enqueue(.greet, Greeting(name: "Ada"), runAt: start).id
      let settings = WorkerSettings(concurrency: 1, lease: .seconds(60), poll: .seconds(3600))
      try await running(database, handlers, settings: settings, clock: clock) { _, queue in
        await begun.wait()
        // Asleep: the ticker and the heartbeat.
        await clock.awaitSleepers(2)
        let cancelled = try await queue.cancel(id, at: start)
        #expect(cancelled)
        clock.advance(by: .seconds(20))
        await told.wait()
      }
      #expect(try await queue.job(id)?.state == .cancelled)
    }
  }

  @Test("the heartbeat extends the lease every third of it")
  func heartbeat() async throws {
    try await withTestDatabase { database in
      let clock = ManualClock()
      let time = FixedClock(start)
      let (begun, finish) = (Signal(), Signal())
      var handlers = JobHandlers()
      handlers.register(.greet) { _, _ in
        await begun.fire()
        await finish.wait()
      }
      let queue = JobQueue(database: database)
      let id = try await queue.enqueue(.greet, Greeting(name: "Ada"), runAt: start).id
      let settings = WorkerSettings(concurrency: 1, lease: .seconds(60), poll: .seconds(3600))
      try await running(database, handlers, settings: settings, clock: clock, now: { time.now }) { _, queue in
        await begun.wait()
        await clock.awaitSleepers(2)
        time.advance(bySeconds: 20)
        clock.advance(by: .seconds(20))
        await clock.awaitSleepers(2)
        let (job, rescued) = (try await queue.job(id), try await queue.rescue(at: start + 79))
        #expect(job?.leaseExpiresAt == start + 80 && rescued == 0)
        await finish.fire()
      }
      #expect(try await queue.job(id)?.state == .completed)
    }
  }

  @Test("stopping lets running work finish and claims nothing new")
  func gracefulStop() async throws {
    try await withTestDatabase { database in
      let (begun, finish) = (Signal(), Signal())
      var handlers = JobHandlers()
      handlers.register(.greet) { _, _ in
        await begun.fire()
        await finish.wait()
      }
      let queue = JobQueue(database: database)
      let first = try await queue.enqueue(.greet, Greeting(name: "first"), priority: 1, runAt: start).id
      let second = try await queue.enqueue(.greet, Greeting(name: "second"), runAt: start).id
      let settings = WorkerSettings(concurrency: 1)
      try await running(database, handlers, settings: settings, clock: ManualClock()) { worker, _ in
        await begun.wait()
        worker.stop()
        await finish.fire()
      }
      #expect(try await queue.job(first)?.state == .completed)
      #expect(try await queue.job(second)?.state == .available)
    }
  }

  @Test("work that outlasts the grace period is cancelled and given back without counting the attempt")
  func recall() async throws {
    try await withTestDatabase { database in
      let clock = ManualClock()
      let begun = Signal()
      var handlers = JobHandlers()
      handlers.register(.greet) { _, _ in
        await begun.fire()
        try await Task.sleep(for: .seconds(3600))
      }
      let queue = JobQueue(database: database)
      let id = try await queue.enqueue(.greet, Greeting(name: "Ada"), runAt: start).id
      let settings = WorkerSettings(
        concurrency: 1, lease: .seconds(900), poll: .seconds(3600), grace: .seconds(30))
      try await running(database, handlers, settings: settings, clock: clock) { worker, _ in
        await begun.wait()
        worker.stop()
        // Ticker, heartbeat and the grace period.
        await clock.awaitSleepers(3)
        clock.advance(by: .seconds(30))
      }
      let job = try #require(try await queue.job(id))
      #expect(job.state == .available && job.attempt == 0 && job.leasedBy == nil)
    }
  }

  @Test("a worker that is killed leaves its job to be rescued")
  func killed() async throws {
    try await withTestDatabase { database in
      let begun = Signal()
      var handlers = JobHandlers()
      handlers.register(.greet) { _, _ in
        await begun.fire()
        try await Task.sleep(for: .seconds(3600))
      }
      let queue = JobQueue(database: database)
      let id = try await queue.enqueue(.greet, Greeting(name: "Ada"), runAt: start).id
      let worker = Worker(name: "w1", queue: queue, handlers: handlers, surroundings: surroundings())
      await withTaskGroup(of: Void.self) { group in
        group.addTask { await worker.run() }
        await begun.wait()
        group.cancelAll()
      }
      #expect(try await queue.job(id)?.state == .running)
      #expect(try await queue.rescue(at: start + 60) == 1)
      #expect(try await queue.job(id)?.state == .retryable)
    }
  }
}
