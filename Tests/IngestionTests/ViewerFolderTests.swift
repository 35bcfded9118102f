import Campaigns
import Foundation
import Postgres
import TestKit
import Testing

@testable import Ingestion

@Suite("Folding viewers")
struct ViewerFolderTests {
  @Test(
    "In whatever order events arrive, late, twice or filtered, viewers and moments equal a recount",
    arguments: 0..<5)
  func foldEqualsRecount(seed: UInt64) async throws {
    try await withTestDatabase { database in
      let fixture = try await Fixture(database)
      var random = SeededGenerator(seed: seed)
      let folder = ViewerFolder(database: database, bytesPerFold: 1500, logger: Fixture.quiet)
      var counts = EventCounts()
      for _ in 0..<6 {
        let requests = (0..<Int.random(in: 1...6, using: &random)).map { _ in
          (0..<Int.random(in: 1...90, using: &random)).map { _ in fixture.anyEvent(over: 6, using: &random) }
        }
        counts += try await fixture.store(requests: requests)
        // One fold takes a part of what waits; moments are right in between too.
        _ = try await folder.fold(waiting: false)
        #expect(try await ViewerAudit(database).cohorts(limit: 1).isEmpty)
        if Bool.random(using: &random) {
          try await folder.foldAll()
          #expect(try await ViewerAudit(database).differences().isEmpty)
        }
      }
      try await EventFolding(database: database).foldAll()
      #expect(try await folder.backlog().batches == 0)
      #expect(try await ViewerAudit(database).differences().isEmpty)
      #expect(try await RollupAudit(database).differences().isEmpty)
      #expect(counts.duplicate > 0)
      #expect(try await fixture.count("events WHERE traffic > 0") > 0)
      #expect(try await fixture.count("rollup_filtered_hour") > 0)
      #expect(try await fixture.count("viewer_stat") > 50)
      // What was folded is not kept twice.
      #expect(try await fixture.count("ingest_batch WHERE viewers <> ''") == 0)
    }
  }

  @Test("A late event moves its viewer to the earlier cohort and leaves no empty one behind")
  func lateEvent() async throws {
    try await withTestDatabase { database in
      let fixture = try await Fixture(database)
      let folder = ViewerFolder(database: database)
      try await fixture.store([fixture.event(number: 1, variant: 0, viewer: 1, daysAgo: 1.5)])
      try await folder.foldAll()
      try await fixture.store([fixture.event(number: 2, variant: 0, viewer: 1, kind: .click, daysAgo: 4.5)])
      try await folder.foldAll()
      let cohorts = try await database.query(
        "SELECT first_day, viewers, impressions, clicks, impressions_clicks::bigint FROM viewer_moment"
      ).decode(Date.self, Int64.self, Int64.self, Int64.self, Int64.self)
      #expect(cohorts.count == 1)
      #expect(cohorts.first?.0 == Fixture.now.addingTimeInterval(-5 * 86_400))
      #expect(cohorts.map { [$0.1, $0.2, $0.3, $0.4] } == [[1, 1, 1, 1]])
      #expect(try await ViewerAudit(database).differences().isEmpty)
    }
  }

  @Test("Several folders at once fold every batch exactly once")
  func concurrentFolders() async throws {
    try await withTestDatabase { database in
      let fixture = try await Fixture(database)
      var random = SeededGenerator(seed: 9)
      let requests = (0..<30).map { _ in (0..<20).map { _ in fixture.anyEvent(over: 3, using: &random) } }
      try await fixture.store(requests: requests)
      let batches = try await fixture.count("ingest_batch")
      let folding = EventFolding(
        rollups: RollupFolder(database: database, batchesPerFold: 3),
        viewers: ViewerFolder(database: database, bytesPerFold: 800))
      let folded = try await withThrowingTaskGroup(of: Int.self) { group in
        for _ in 0..<3 {
          group.addTask { try await folding.viewers.foldAll() }
          group.addTask {
            try await folding.rollups.foldAll()
            return 0
          }
        }
        return try await group.reduce(0, +)
      }
      #expect(folded == batches)
      #expect(try await ViewerAudit(database).differences().isEmpty)
      #expect(try await RollupAudit(database).differences().isEmpty)
    }
  }

  @Test("A folder that dies half-way leaves nothing behind, and the next one counts everything once")
  func crash() async throws {
    try await withTestDatabase { database in
      let fixture = try await Fixture(database)
      var random = SeededGenerator(seed: 4)
      let folder = ViewerFolder(database: database, logger: Fixture.quiet)
      let first = (0..<200).map { _ in fixture.anyEvent(over: 4, using: &random) }
      try await fixture.store(first)
      try await folder.foldAll()
      try await fixture.store((0..<200).map { _ in fixture.anyEvent(over: 8, using: &random) })
      // After viewer_stat is written and before viewer_moment is, the server kills the folder's connection.
      try await database.execute(
        """
        CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS $$
          BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NEW; END $$
        """)
      try await database.execute(
        "CREATE TRIGGER die BEFORE INSERT OR UPDATE ON viewer_moment FOR EACH ROW EXECUTE FUNCTION die()")
      let before = try await fixture.count("viewer_stat")
      await #expect(throws: PostgresError.self) { try await folder.foldAll() }
      #expect(try await fixture.count("viewer_stat") == before)
      #expect(try await folder.backlog().batches == 1)
      #expect(try await ViewerAudit(database).cohorts(limit: 1).isEmpty)
      try await database.execute("DROP TRIGGER die ON viewer_moment")
      #expect(try await folder.foldAll() == 1)
      #expect(try await ViewerAudit(database).differences().isEmpty)
    }
  }

  @Test("The audits name a viewer, a cohort and a filtered cell that were tampered with")
  func audit() async throws {
    try await withTestDatabase { database in
      let fixture = try await Fixture(database)
      try await fixture.store([
        fixture.event(number: 1, variant: 0, viewer: 1, daysAgo: 1.5),
        fixture.event(number: 2, variant: 1, viewer: 2, kind: .click, daysAgo: 2.5, value: 5),
        fixture.event(number: 3, variant: 1, viewer: 3, daysAgo: 2.5, traffic: .prefetch),
      ])
      #expect(try await ViewerAudit(database).differences().count == 2)
      #expect(
        try await RollupAudit(database).differences().count == 5, "two of what counts, each by device too")
      try await EventFolding(database: database).foldAll()
      #expect(try await ViewerAudit(database).differences().isEmpty)
      #expect(try await RollupAudit(database).differences().isEmpty)
      try await database.execute(
        "UPDATE viewer_stat SET clicks = clicks + 1 WHERE viewer_id = \(Fixture.viewer(2))")
      let (campaign, variants) = (fixture.campaign.uuid, fixture.variants)
      let day = Fixture.now.addingTimeInterval(-3 * 86_400)
      let differences = try await ViewerAudit(database).differences()
      #expect(
        differences.first
          == .viewer(
            campaign: campaign, variant: variants[1], viewer: Fixture.viewer(2),
            held: "(2026-11-13,0,0,2,0,5)", recounted: "(2026-11-13,0,0,1,0,5)"))
      guard case .cohort(campaign, variants[1], day, _, _) = differences.last else {
        Issue.record("no cohort in \(differences)")
        return
      }
      try await database.execute("UPDATE rollup_filtered_hour SET events = 4")
      let cell = try await RollupAudit(database).differences()
      #expect(cell.map(\.traffic) == [TrafficReason.prefetch.rawValue] && cell.map(\.kind) == [1])
      #expect(cell.map(\.rolledUp) == [4] && cell.map(\.recounted) == [1])
    }
  }

  @Test("Absurd values and counts do not stop the folding")
  func saturation() async throws {
    try await withTestDatabase { database in
      let fixture = try await Fixture(database)
      let huge: Int64 = 1_000_000_000_000_000
      let events = (0..<10_000).map {
        fixture.event(
          number: $0, variant: 0, viewer: $0 % 2, kind: .conversion, daysAgo: 0.5,
          traffic: $0 % 3 == 0 ? .excess : .counted, value: huge * 3)
      }
      try await fixture.store(Array(events[..<4000]), Array(events[4000...]))
      let folding = EventFolding(
        rollups: RollupFolder(database: database, batchesPerFold: 1),
        viewers: ViewerFolder(database: database, bytesPerFold: 1))
      try await folding.foldAll()
      try await database.execute("UPDATE viewer_stat SET impressions = 2147483646")
      try await fixture.store(
        (0..<4).map { fixture.event(number: 20_000 + $0, variant: 0, viewer: 0, daysAgo: 0.5) })
      try await folding.foldAll()
      #expect(try await RollupAudit(database).differences().isEmpty)
      let held = try await database.query(
        "SELECT max(impressions), min(value_micros) FROM viewer_stat"
      ).decode(Int32.self, Int64.self)
      #expect(held.first?.0 == .max && held.first?.1 == .max)
    }
  }

  @Test("Batches are pruned only when both folds are done with them")
  func pruning() async throws {
    try await withTestDatabase { database in
      let fixture = try await Fixture(database)
      let clock = FixedClock(Fixture.now)
      let folding = EventFolding(database: database, now: { clock.now })
      try await fixture.store([fixture.event(number: 1, variant: 0, viewer: 1, daysAgo: 0.5)])
      try await folding.rollups.foldAll()
      clock.advance(bySeconds: 8 * 86_400)
      #expect(try await folding.rollups.prune() == 0)
      try await folding.viewers.foldAll()
      clock.advance(bySeconds: 8 * 86_400)
      #expect(try await folding.rollups.prune() == 1)
    }
  }
}
