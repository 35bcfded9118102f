import Campaigns
import Foundation
import Postgres
import TestKit
import Testing

@testable import Ingestion

@Suite("The writer")
struct EventWriterTests {
  @Test("A duplicate is counted once wherever it meets its twin: in a body, in memory, in the table")
  func duplicates() async throws {
    try await withTestDatabase { database in
      let fixture = try await Fixture(database)
      let (a, b, c) = (fixture.event("a"), fixture.event("b"), fixture.event("c", secondsAgo: 90_000))
      try await fixture.withDoor { (door, writer) async throws in
        #expect(try await fixture.receive(door, [a, b, a]).counts == EventCounts(stored: 2, duplicate: 1))
        #expect(try await fixture.receive(door, [b, c]).counts == EventCounts(stored: 1, duplicate: 1))
        #expect(writer.counters.collisions == 0)
      }
      // A process that has just started remembers nothing.
      try await fixture.withDoor { (door, writer) async throws in
        let d = fixture.event("d")
        #expect(try await fixture.receive(door, [a, d, c, d]).counts == EventCounts(stored: 1, duplicate: 3))
        #expect(writer.counters.collisions == 1)
        #expect(try await fixture.receive(door, [a, d]).counts == EventCounts(duplicate: 2))
        #expect(writer.counters.collisions == 1)
      }
      #expect(try await fixture.count("events") == 4)
      #expect(try await fixture.recorded() == EventCounts(stored: 4, duplicate: 7))
      try await RollupFolder(database: database).foldAll()
      #expect(try await RollupAudit(database).differences().isEmpty)
    }
  }

  @Test("Many requests share commits, and each is told its own counts")
  func groups() async throws {
    try await withTestDatabase { database in
      let fixture = try await Fixture(database)
      try await fixture.withDoor(EventWriterSettings(collectFor: .milliseconds(5))) {
        (door, writer) async throws in
        try await withThrowingTaskGroup(of: Void.self) { group in
          for request in 0..<60 {
            group.addTask {
              let events = (0..<request).map { fixture.event("\(request)-\($0)", secondsAgo: $0) } + ["{}"]
              let counts = try await fixture.receive(door, events).counts
              #expect(counts == EventCounts(stored: request, rejected: 1))
            }
          }
          try await group.waitForAll()
        }
        let counters = writer.counters
        #expect(counters.commits < 40)
        #expect(counters.events == EventCounts(stored: 1770, rejected: 60))
        #expect(counters.reasons == [.missingField: 60] && counters.waiting == 0)
      }
      #expect(try await fixture.recorded() == EventCounts(stored: 1770, rejected: 60))
    }
  }

  @Test("Two processes that are sent the same events store each exactly once", arguments: 0..<3)
  func concurrentWriters(seed: UInt64) async throws {
    try await withTestDatabase { database in
      let fixture = try await Fixture(database)
      var random = Seeded(seed: seed)
      // Two orders of the same events over five days.
      let events = (0..<400).map { fixture.event("e\($0)", variant: $0 % 2, secondsAgo: $0 * 1000) }
      let orders = (0..<2).map { _ in events.shuffled(using: &random) }
      let counts = try await withThrowingTaskGroup(of: EventCounts.self) { group in
        for order in orders {
          group.addTask {
            try await fixture.withDoor { (door, _) async throws in
              var sum = EventCounts()
              for start in stride(from: 0, to: order.count, by: 40) {
                sum += try await fixture.receive(door, Array(order[start..<start + 40])).counts
              }
              return sum
            }
          }
        }
        return try await group.reduce(into: EventCounts()) { $0 += $1 }
      }
      #expect(counts == EventCounts(stored: 400, duplicate: 400))
      #expect(try await fixture.recorded() == counts)
      #expect(try await fixture.count("events") == 400)
    }
  }

  @Test("A full queue turns requests away with a time to come back, and loses none it took")
  func backpressure() async throws {
    try await withTestDatabase { database in
      let fixture = try await Fixture(database)
      let writer = fixture.writer(EventWriterSettings(collectFor: .zero, waitingEvents: 5))
      let door = fixture.door(writer)
      // The writer does not run yet, so what is accepted waits.
      let accepted = Task {
        try await fixture.receive(door, [fixture.event("a"), fixture.event("b")]).counts
      }
      while writer.counters.waiting < 2 { await Task.yield() }
      let error = await #expect(throws: IngestError.self) {
        try await fixture.receive(door, (0..<4).map { fixture.event("x\($0)") })
      }
      #expect(error == .overloaded(retryAfterSeconds: 2) && error?.retryAfterSeconds == 2)
      writer.drain()
      await #expect(throws: IngestError.draining(retryAfterSeconds: 2)) {
        try await fixture.receive(door, [fixture.event("y")])
      }
      await writer.run()
      #expect(try await accepted.value == EventCounts(stored: 2))
      #expect(writer.counters.turnedAway == 5)
      #expect(try await fixture.count("events") == 2)
    }
  }

  @Test("Cancelling the writer drains it: everything accepted is written and answered")
  func cancellation() async throws {
    try await withTestDatabase { database in
      let fixture = try await Fixture(database)
      let writer = fixture.writer()
      let door = fixture.door(writer)
      let accepted = (0..<20).map { number in
        Task { try await fixture.receive(door, [fixture.event("\(number)")]).counts }
      }
      while writer.counters.waiting < 20 { await Task.yield() }
      let running = Task { await writer.run() }
      running.cancel()
      for task in accepted { #expect(try await task.value == EventCounts(stored: 1)) }
      await running.value
      await #expect(throws: IngestError.self) { try await fixture.receive(door, [fixture.event("late")]) }
      #expect(try await fixture.count("events") == 20)
    }
  }

  @Test("Data the database refuses costs its own request only")
  func poison() async throws {
    try await withTestDatabase { database in
      let fixture = try await Fixture(database)
      // A variant that a rule of the database will not take.
      try await database.execute(
        "ALTER TABLE ingest_batch ADD CHECK (deltas::text NOT LIKE \(literal: "%skips%"))")
      let writer = fixture.writer()
      let door = fixture.door(writer)
      let good = Task { try await fixture.receive(door, [fixture.event("a")]).counts }
      let bad = Task { try await fixture.receive(door, [fixture.event("b", kind: .skip)]).counts }
      while writer.counters.waiting < 2 { await Task.yield() }
      writer.drain()
      await writer.run()
      #expect(try await good.value == EventCounts(stored: 1))
      await #expect(throws: IngestError.self) { try await bad.value }
      #expect(try await fixture.count("events") == 1)
      #expect(try await fixture.recorded() == EventCounts(stored: 1))
    }
  }
}
