import Foundation
import Postgres
import TestKit
import Testing

@testable import Jobs

private struct Reminder: Scheduled {
  var at: Date
}

struct UpkeepTests {
  @Test(
    "upkeep runs due schedules, rescues lost jobs and prunes old ones, again and again until it is cancelled")
  func duties() async throws {
    try await withTestDatabase { database in
      let queue = JobQueue(database: database)
      let clock = ManualClock()
      let time = FixedClock(start)
      let remind = JobKind<Reminder>(name: "remind")
      try await ScheduleStore.upsert(
        name: "daily", cron: "@daily", timeZone: "UTC", kind: remind, payload: Reminder(at: start), at: start,
        on: database)
      try await queue.enqueue(.greet, Greeting(name: "lost"), runAt: start)
      try await queue.enqueue(.greet, Greeting(name: "old"), runAt: start)
      let jobs = try await queue.claim(kinds: ["greet"], limit: 2, worker: "w", lease: 60, at: start)
      try await queue.complete(jobs[0].lease, at: start)

      let upkeep = Upkeep(
        queue: queue, scheduler: Scheduler(database: database),
        surroundings: surroundings(clock: clock, now: { time.now }))
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { await upkeep.run() }
        await clock.awaitSleepers(3)
        let before = try await queue.counts()
        #expect(before == [.running: 1, .completed: 1])
        time.advance(bySeconds: 8 * 86_400)
        clock.advance(by: .seconds(3600))
        await clock.awaitSleepers(3)
        group.cancelAll()
      }
      let after = try await queue.counts()
      #expect(after == [.retryable: 1, .available: 1])
    }
  }

  @Test("a schedule that is removed does not come due")
  func removed() async throws {
    try await withTestDatabase { database in
      let store = ScheduleStore(database: database)
      try await ScheduleStore.upsert(
        name: "daily", cron: "@daily", timeZone: "UTC", kind: JobKind<Reminder>(name: "remind"),
        payload: Reminder(at: start), at: start, on: database)
      #expect(try await store.remove(name: "daily"))
      #expect(try await !store.remove(name: "daily"))
      #expect(try await Scheduler(database: database).runDue(at: start + 90_000).isEmpty)
    }
  }
}
