import Campaigns
import Foundation
import Postgres
import TestKit
import Testing

@testable import Ingestion

@Suite("Folding")
struct RollupFolderTests {
  @Test("Whatever is sent, rollups equal a recount of the events and counts add up", arguments: 0..<3)
  func foldEqualsRecount(seed: UInt64) async throws {
    try await withTestDatabase { database in
      let fixture = try await Fixture(database)
      var random = Seeded(seed: seed)
      var answered = EventCounts()
      let folder = RollupFolder(database: database, batchesPerFold: 3)
      try await fixture.withDoor { (door, _) async throws in
        for request in 0..<25 {
          let events = (0..<Int.random(in: 1...60, using: &random)).map { _ in
            let extra = [
              ",\"value\":\(Int.random(in: 0...99, using: &random)).25", ",\"placement\":\"tiktok.infeed\"",
              "", ",\"device\":\"phone\"", ",\"placement\":\"tiktok.infeed\",\"device\":\"tv\"",
            ]
            return Int.random(in: 0..<20, using: &random) == 0
              ? "{\"type\":\"click\"}"
              : fixture.event(
                "m\(Int.random(in: 0..<900, using: &random))",
                kind: EventKind.allCases[Int.random(in: 0..<13, using: &random)],
                variant: Int.random(in: 0...1, using: &random),
                secondsAgo: Int.random(in: 0..<12, using: &random) * 1800,
                extra: extra[Int.random(in: 0..<5, using: &random)])
          }
          let reply = try await fixture.receive(door, events)
          #expect(reply.counts.received == events.count)
          answered += reply.counts
          if request % 5 == 0 { try await folder.foldAll() }
        }
      }
      #expect(try await folder.backlog().batches > 0)
      try await folder.foldAll()
      #expect(try await folder.backlog().batches == 0)
      #expect(try await RollupAudit(database).differences().isEmpty)
      #expect(try await fixture.recorded() == answered)
      #expect(try await fixture.count("events") == answered.stored)
      #expect(try await fixture.count("rollup_hour") > 10)
      #expect(try await fixture.count("rollup_device_hour") > 10)
    }
  }

  @Test("Several folders at once fold every batch exactly once")
  func concurrentFolders() async throws {
    try await withTestDatabase { database in
      let fixture = try await Fixture(database)
      try await fixture.withDoor { (door, _) async throws in
        for request in 0..<40 {
          _ = try await fixture.receive(
            door, (0..<20).map { fixture.event("\(request)-\($0)", secondsAgo: $0 * 600) })
        }
      }
      let folder = RollupFolder(database: database, batchesPerFold: 2)
      let folded = try await withThrowingTaskGroup(of: Int.self) { group in
        for _ in 0..<4 { group.addTask { try await folder.foldAll() } }
        return try await group.reduce(0, +)
      }
      #expect(folded == 40)
      #expect(try await RollupAudit(database).differences().isEmpty)
    }
  }

  @Test("The audit names a cell that was tampered with, and one that is missing")
  func audit() async throws {
    try await withTestDatabase { database in
      let fixture = try await Fixture(database)
      try await fixture.withDoor { (door, _) async throws in
        _ = try await fixture.receive(
          door, [fixture.event("a"), fixture.event("b", variant: 1, secondsAgo: 7200)])
      }
      #expect(try await RollupAudit(database).differences().count == 4, "by placement and by device")
      try await RollupFolder(database: database).foldAll()
      try await database.execute(
        "UPDATE rollup_hour SET impressions = impressions + 5 WHERE variant_id = \(fixture.variants[0])")
      let differences = try await RollupAudit(database).differences()
      #expect(differences.map(\.variant) == [fixture.variants[0]])
      #expect(differences.first?.rolledUp == 6 && differences.first?.recounted == 1)
      try await database.execute("UPDATE rollup_hour SET impressions = 1")
      try await database.execute(
        "UPDATE rollup_device_hour SET device = 4 WHERE variant_id = \(fixture.variants[1])")
      let devices = try await RollupAudit(database).differences()
      #expect(devices.map(\.device) == [0, 4], "one that is missing, and one that nothing stands behind")
      #expect(devices.allSatisfy { $0.variant == fixture.variants[1] })
    }
  }

  @Test("Folded batches are dropped when they are old, waiting ones never")
  func pruning() async throws {
    try await withTestDatabase { database in
      let fixture = try await Fixture(database)
      let clock = FixedClock(Fixture.now)
      let folder = RollupFolder(database: database, keptForDays: 7, now: { clock.now })
      try await fixture.withDoor { (door, _) async throws in
        _ = try await fixture.receive(door, [fixture.event("a")])
        try await folder.foldAll()
        try await ViewerFolder(database: database, now: { clock.now }).foldAll()
        _ = try await fixture.receive(door, [fixture.event("b")])
      }
      #expect(try await folder.prune() == 0)
      clock.advance(bySeconds: 8 * 86_400)
      #expect(try await folder.prune() == 1)
      #expect(try await fixture.count("ingest_batch") == 1)
      #expect(try await folder.backlog().since == Fixture.now)
    }
  }

  @Test("Partitions hold exactly one UTC day of client time, and two processes make one together")
  func partitions() async throws {
    try await withTestDatabase { database in
      try await withThrowingTaskGroup(of: Void.self) { group in
        for _ in 0..<6 {
          group.addTask { try await EventStore.ensurePartitions([20_000, 20_001], on: database) }
        }
        try await group.waitForAll()
      }
      let bounds = try await database.query(
        """
        SELECT relname::text, pg_get_expr(relpartbound, oid) FROM pg_class
        WHERE relispartition AND relkind = 'r' ORDER BY relname
        """
      ).decode(String.self, String.self)
      #expect(bounds.map(\.0) == ["events_20241004", "events_20241005"])
      // 20,000 days are 0x1925 3be5_0800 / … : the first 48 bits are milliseconds, the rest is zero.
      let first = String(20_000 * 86_400_000, radix: 16)
      #expect(
        bounds[0].1.replacingOccurrences(of: "-", with: "").contains(
          "'0\(first)" + String(repeating: "0", count: 20)))
    }
  }
}
