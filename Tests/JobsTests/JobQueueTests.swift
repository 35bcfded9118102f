import Foundation
import Postgres
import TestKit
import Testing

@testable import Jobs

struct JobQueueTests {
  private func claim(
    _ queue: JobQueue, limit: Int = 1, worker: String = "w1", at: Date = start
  ) async throws -> [ClaimedJob] {
    try await queue.claim(kinds: ["greet"], limit: limit, worker: worker, lease: 60, at: at)
  }

  @Test("a second job of the same unique key is not added while the first waits or runs, and is afterwards")
  func uniqueKeys() async throws {
    try await withTestDatabase { database in
      let queue = JobQueue(database: database)
      let first = try await queue.enqueue(.greet, Greeting(name: "Ada"), uniqueKey: "k", runAt: start)
      #expect(
        try await queue.enqueue(.greet, Greeting(name: "Bob"), uniqueKey: "k", runAt: start)
          == .present(first.id))
      let job = try #require(try await claim(queue).first)
      #expect(
        try await queue.enqueue(.greet, Greeting(name: "Bob"), uniqueKey: "k", runAt: start)
          == .present(first.id))
      try await queue.complete(job.lease, at: start)
      let second = try await queue.enqueue(.greet, Greeting(name: "Bob"), uniqueKey: "k", runAt: start)
      #expect(second == .added(second.id) && second.id != first.id)
    }
  }

  @Test("a job enqueued in a transaction that fails does not exist")
  func transactional() async throws {
    struct Stop: Error {}
    try await withTestDatabase { database in
      let queue = JobQueue(database: database)
      await #expect(throws: Stop.self) {
        try await database.transaction { connection in
          try await JobQueue.enqueue(.greet, Greeting(name: "Ada"), runAt: start, on: connection)
          throw Stop()
        }
      }
      let counts = try await queue.counts()
      #expect(counts.isEmpty)
    }
  }

  @Test("jobs are claimed by priority, then by when they are due, and not before they are due")
  func order() async throws {
    try await withTestDatabase { database in
      let queue = JobQueue(database: database)
      let late = try await queue.enqueue(.greet, Greeting(name: "late"), runAt: start + 1)
      let plain = try await queue.enqueue(.greet, Greeting(name: "plain"), runAt: start)
      let early = try await queue.enqueue(.greet, Greeting(name: "early"), runAt: start - 5)
      let urgent = try await queue.enqueue(.greet, Greeting(name: "urgent"), priority: 9, runAt: start)
      var claimed: [JobID] = []
      while let job = try await claim(queue).first { claimed.append(job.lease.job) }
      #expect(claimed == [urgent.id, early.id, plain.id])
      #expect(try await claim(queue, at: start + 1).map(\.lease.job) == [late.id])
    }
  }

  @Test("many claimers at once never get the same job, and together get every job")
  func concurrentClaims() async throws {
    try await withTestDatabase { database in
      let queue = JobQueue(database: database)
      for number in 0..<60 { try await queue.enqueue(.greet, Greeting(name: "\(number)"), runAt: start) }
      let claimed = try await withThrowingTaskGroup(of: [JobID].self) { group in
        for worker in 0..<6 {
          group.addTask {
            var mine: [JobID] = []
            while true {
              let jobs = try await queue.claim(
                kinds: ["greet"], limit: 3, worker: "w\(worker)", lease: 60, at: start)
              if jobs.isEmpty { return mine }
              mine += jobs.map(\.lease.job)
            }
          }
        }
        return try await group.reduce(into: []) { $0 += $1 }
      }
      #expect(claimed.count == 60)
      #expect(Set(claimed).count == 60)
    }
  }

  @Test("a worker that died loses its job after the lease, and its late result is discarded")
  func rescue() async throws {
    try await withTestDatabase { database in
      let queue = JobQueue(database: database)
      let id = try await queue.enqueue(.greet, Greeting(name: "Ada"), runAt: start).id
      let dead = try #require(try await claim(queue).first)
      #expect(try await queue.rescue(at: start + 59) == 0)
      #expect(try await queue.rescue(at: start + 60) == 1)
      let rescued = try #require(try await queue.job(id))
      #expect(rescued.state == .retryable && rescued.runAt == start + 60)
      #expect(rescued.lastError == "worker w1 stopped answering during attempt 1")

      let second = try #require(try await claim(queue, worker: "w2", at: start + 60).first)
      #expect(second.lease.attempt == 2)
      #expect(try await !queue.complete(dead.lease, at: start + 61))
      #expect(try await !queue.extend(dead.lease, by: 60, at: start + 61))
      #expect(try await !queue.report(progress: 1, of: dead.lease))
      await #expect(throws: JobError.self) { try await JobQueue.confirm(dead.lease, on: database) }
      #expect(try await queue.complete(second.lease, at: start + 62))
      #expect(try await queue.job(id)?.state == .completed)
    }
  }

  @Test("a worker that was given its own lost job again is not mistaken for its former self")
  func sameWorkerAgain() async throws {
    try await withTestDatabase { database in
      let queue = JobQueue(database: database)
      try await queue.enqueue(.greet, Greeting(name: "Ada"), runAt: start)
      let first = try #require(try await claim(queue).first)
      try await queue.rescue(at: start + 60)
      let second = try #require(try await claim(queue, at: start + 60).first)
      #expect(try await !queue.complete(first.lease, at: start + 61))
      #expect(try await queue.complete(second.lease, at: start + 61))
    }
  }

  @Test("a heartbeat keeps a job from being rescued")
  func heartbeat() async throws {
    try await withTestDatabase { database in
      let queue = JobQueue(database: database)
      try await queue.enqueue(.greet, Greeting(name: "Ada"), runAt: start)
      let job = try #require(try await claim(queue).first)
      #expect(try await queue.extend(job.lease, by: 60, at: start + 50))
      #expect(try await queue.rescue(at: start + 100) == 0)
      #expect(try await queue.rescue(at: start + 110) == 1)
    }
  }

  @Test(
    "a job that fails waits until its retry and is discarded with its last error when attempts are used up")
  func failures() async throws {
    try await withTestDatabase { database in
      let queue = JobQueue(database: database)
      let id = try await queue.enqueue(.greet, Greeting(name: "Ada"), runAt: start).id
      var now = start
      for attempt in 1...3 {
        let job = try #require(try await claim(queue, at: now).first)
        #expect(job.lease.attempt == attempt && job.isLastAttempt == (attempt == 3))
        try await queue.fail(job.lease, error: "no \(attempt)", retryAt: now + 10, at: now)
        #expect(try await claim(queue, at: now + 9).isEmpty)
        now += 10
      }
      let job = try #require(try await queue.job(id))
      #expect(job.state == .discarded && job.lastError == "no 3" && job.finishedAt == start + 20)
    }
  }

  @Test("a rescue after the last attempt discards")
  func rescueOfLastAttempt() async throws {
    try await withTestDatabase { database in
      let queue = JobQueue(database: database)
      let once = JobKind<Greeting>(name: "greet", maxAttempts: 1)
      let id = try await queue.enqueue(once, Greeting(name: "Ada"), runAt: start).id
      _ = try await claim(queue)
      try await queue.rescue(at: start + 60)
      #expect(try await queue.job(id)?.state == .discarded)
    }
  }

  @Test("a released job can be claimed at once and the attempt did not count")
  func release() async throws {
    try await withTestDatabase { database in
      let queue = JobQueue(database: database)
      try await queue.enqueue(.greet, Greeting(name: "Ada"), runAt: start)
      let job = try #require(try await claim(queue).first)
      try await queue.report(progress: 0.4, of: job.lease)
      #expect(try await queue.job(job.lease.job)?.progress == 0.4)
      #expect(try await queue.release(job.lease))
      let again = try #require(try await claim(queue, worker: "w2").first)
      #expect(again.lease.attempt == 1)
      #expect(try await queue.job(again.lease.job)?.progress == nil)
    }
  }

  @Test("a cancelled job is not claimed, a running one loses its lease, a finished one cannot be cancelled")
  func cancel() async throws {
    try await withTestDatabase { database in
      let queue = JobQueue(database: database)
      let waiting = try await queue.enqueue(.greet, Greeting(name: "Ada"), runAt: start).id
      #expect(try await queue.cancel(waiting, at: start))
      #expect(try await claim(queue).isEmpty)
      try await queue.enqueue(.greet, Greeting(name: "Bob"), runAt: start)
      let running = try #require(try await claim(queue).first)
      #expect(try await queue.cancel(running.lease.job, at: start))
      #expect(try await !queue.extend(running.lease, by: 60, at: start))
      #expect(try await !queue.cancel(running.lease.job, at: start))
    }
  }

  @Test("pruning forgets old finished jobs, keeps discarded ones longer and never touches the others")
  func prune() async throws {
    try await withTestDatabase { database in
      let queue = JobQueue(database: database)
      for name in ["done", "failed", "waiting"] {
        try await queue.enqueue(.greet, Greeting(name: name), runAt: name == "waiting" ? start + 9 : start)
      }
      for (position, job) in try await claim(queue, limit: 2).enumerated() {
        if position == 0 {
          try await queue.complete(job.lease, at: start)
        } else {
          try await queue.fail(job.lease, error: "no", retryAt: nil, at: start)
        }
      }
      #expect(try await queue.prune(finishedBefore: start, discardedBefore: start) == 0)
      #expect(try await queue.prune(finishedBefore: start + 1, discardedBefore: start) == 1)
      #expect(try await queue.counts() == [.discarded: 1, .available: 1])
      #expect(try await queue.prune(finishedBefore: start + 1, discardedBefore: start + 1) == 1)
      #expect(try await queue.unfinished(kinds: ["greet"]) == 1)
    }
  }

  @Test(
    "the schema refuses rows outside the drawing of states",
    arguments: [
      ["running", "1", "NULL", "NULL", "NULL", "NULL"], ["available", "3", "NULL", "NULL", "NULL", "NULL"],
      ["completed", "1", "NULL", "NULL", "NULL", "NULL"],
      ["discarded", "3", "NULL", "NULL", "now()", "NULL"],
      ["retryable", "1", "NULL", "NULL", "NULL", "NULL"], ["available", "0", "now()", "w", "NULL", "NULL"],
    ])
  func impossibleStates(_ row: [String]) async throws {
    let worker: String? = row[3] == "NULL" ? nil : row[3]
    let expiry: Date? = row[2] == "NULL" ? nil : start
    let finished: Date? = row[4] == "NULL" ? nil : start
    let attempt = try #require(Int32(row[1]))
    try await withTestDatabase { database in
      let error = await #expect(throws: PostgresError.self) {
        try await database.execute(
          """
          INSERT INTO job (id, kind, payload, state, run_at, attempt, max_attempts, leased_by, lease_expires_at,
            finished_at)
          VALUES (gen_random_uuid(), 'greet', '{}', \(row[0]), \(start), \(attempt), 3, \(worker), \(expiry),
            \(finished))
          """)
      }
      #expect(error?.isCheckViolation == true)
    }
  }
}
