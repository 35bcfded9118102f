import Foundation
import Postgres
import TestKit
import Testing

@testable import Jobs

private struct Round: Scheduled, Equatable {
  var campaign: String
  var at: Date
}

extension JobKind where Payload == Round {
  fileprivate static var round: Self { JobKind(name: "round", maxAttempts: 2) }
}

struct SchedulerTests {
  private let week: TimeInterval = 7 * 86_400

  private func apply(_ database: Database, cron: String = "0 6 * * 1", zone: String = "UTC", at: Date)
    async throws
  {
    try await ScheduleStore.upsert(
      name: "weekly", cron: cron, timeZone: zone, kind: .round, payload: Round(campaign: "c", at: at), at: at,
      on: database)
  }

  @Test("a due schedule gives one job that knows when it was due, and is next due a week later")
  func due() async throws {
    try await withTestDatabase { database in
      let scheduler = Scheduler(database: database)
      try await apply(database, at: start - 1)
      #expect(try await scheduler.runDue(at: start - 1).isEmpty)
      let runs = try await scheduler.runDue(at: start + 5)
      #expect(runs.map(\.dueAt) == [start])
      #expect(try await scheduler.runDue(at: start + 6).isEmpty)
      let job = try #require(try await JobQueue(database: database).jobs(limit: 9).first)
      #expect(try job.payload.decode(Round.self) == Round(campaign: "c", at: start))
      #expect(job.maxAttempts == 2 && job.runAt == start)
      let schedule = try #require(try await ScheduleStore(database: database).all().first)
      #expect(schedule.nextRunAt == start + week && schedule.lastRunAt == start)
    }
  }

  @Test("runs that were missed collapse into the newest")
  func missed() async throws {
    try await withTestDatabase { database in
      try await apply(database, at: start - 1)
      let runs = try await Scheduler(database: database).runDue(at: start + 3 * week + 3600)
      #expect(runs.map(\.dueAt) == [start + 3 * week])
      #expect(try await ScheduleStore(database: database).all().first?.nextRunAt == start + 4 * week)
    }
  }

  @Test("several processes that look at the same time add one job between them")
  func race() async throws {
    try await withTestDatabase { database in
      try await apply(database, at: start - 1)
      let scheduler = Scheduler(database: database)
      let runs = try await withThrowingTaskGroup(of: [DueRun].self) { group in
        for _ in 0..<6 { group.addTask { try await scheduler.runDue(at: start) } }
        return try await group.reduce(into: []) { $0 += $1 }
      }
      #expect(runs.count == 1)
      #expect(try await JobQueue(database: database).counts() == [.available: 1])
    }
  }

  @Test("applying a schedule again moves nothing; a new expression or time zone sets it anew")
  func upsert() async throws {
    try await withTestDatabase { database in
      let store = ScheduleStore(database: database)
      try await apply(database, at: start - 1)
      try await apply(database, at: start + 10)
      #expect(try await store.all().first?.nextRunAt == start)
      try await apply(database, zone: "Europe/Berlin", at: start + 10)
      #expect(try await store.all().first?.nextRunAt == start + week - 3600)
      try await apply(database, cron: "0 7 * * *", zone: "Europe/Berlin", at: start - 1)
      #expect(try await store.all().first?.nextRunAt == start)
    }
  }

  @Test("a disabled schedule does not run, and runs once for what it missed when enabled again")
  func disabled() async throws {
    try await withTestDatabase { database in
      let store = ScheduleStore(database: database)
      try await apply(database, at: start - 1)
      try await store.setEnabled(false, name: "weekly")
      let scheduler = Scheduler(database: database)
      #expect(try await scheduler.runDue(at: start + week).isEmpty)
      try await store.setEnabled(true, name: "weekly")
      #expect(try await scheduler.runDue(at: start + week).map(\.dueAt) == [start + week])
    }
  }

  @Test("an unknown time zone or a wrong expression is refused before anything is stored")
  func refused() async throws {
    try await withTestDatabase { database in
      await #expect(throws: JobError.self) { try await apply(database, zone: "Mars/Olympus", at: start) }
      await #expect(throws: CronError.self) { try await apply(database, cron: "0 25 * * *", at: start) }
      let stored = try await ScheduleStore(database: database).all()
      #expect(stored.isEmpty)
    }
  }
}
