import Campaigns
import Foundation
import Postgres
import TestKit
import Testing

@testable import Ingestion

@Suite("Retention")
struct RetentionTests {
  /// Ten days are kept. With the day that must be over and the day of grace, partitions go from the twelfth on.
  private struct Keeping {
    let fixture: Fixture
    let retention: EventRetention
    let upkeep: EventUpkeep
    let floor = RetentionFloor()
    let policy: RetentionPolicy

    init(_ database: Database) async throws {
      fixture = try await Fixture(database)
      policy = try RetentionPolicy(keepEventsDays: 10, keepQuarantineDays: 30, acceptFromDays: 10)
      let folding = EventFolding(database: database)
      retention = EventRetention(
        database: database, policy: policy, folding: folding, now: { Fixture.now }, logger: Fixture.quiet)
      upkeep = EventUpkeep(
        database: database, folding: folding, aheadDays: 2, policy: policy, floor: floor,
        now: { Fixture.now },
        logger: Fixture.quiet)
    }

    func partitions() async throws -> [Double] {
      let today = EventPartitions.day(of: Fixture.now)
      return try await EventPartitions(fixture.database).days().map { Double(today - $0) }
    }

    /// One event a day at noon for the last 20 days, and one viewer who comes every day.
    func fill() async throws {
      try await fixture.store(
        requests: (1...20).map { day in
          [
            fixture.event(number: day, variant: 0, viewer: day, daysAgo: Double(day) - 0.5, value: 10),
            fixture.event(number: 100 + day, variant: 1, viewer: 0, kind: .click, daysAgo: Double(day) - 0.5),
            fixture.event(
              number: 200 + day, variant: 1, viewer: 0, daysAgo: Double(day) - 0.5, traffic: .declaredBot),
          ]
        })
    }
  }

  @Test("Days go when they are older than kept, with a record of what they held, and the audits stay clean")
  func drop() async throws {
    try await withTestDatabase { database in
      let keeping = try await Keeping(database)
      try await keeping.fill()
      // Nothing is folded yet: dropping sees to that itself.
      let dropped = try await keeping.retention.dropPartitions()
      #expect(dropped.map(\.events) == Array(repeating: 3, count: 9))
      #expect(try await keeping.partitions() == (1...11).reversed().map(Double.init))
      #expect(try await keeping.fixture.count("events") == 33)
      #expect(try await RollupAudit(database).differences().isEmpty)
      #expect(try await ViewerAudit(database).differences().isEmpty)
      let record = try await database.query(
        """
        SELECT day, events, counted, value_micros::bigint, viewers, cells FROM event_partition_dropped
        WHERE fingerprint <> 0 ORDER BY day
        """
      ).decode(Date.self, Int64.self, Int64.self, Int64.self, Int64.self, Int64.self)
      #expect(record.count == 9)
      #expect(record.first?.0 == Fixture.now.addingTimeInterval(-20 * 86_400))
      #expect(record.map { [$0.1, $0.2, $0.3, $0.4, $0.5] } == Array(repeating: [3, 2, 10, 2, 3], count: 9))
      #expect(try await keeping.retention.dropPartitions().isEmpty)
      // What is left is still audited: too little of it is found.
      try await database.execute("UPDATE viewer_stat SET clicks = 10 WHERE viewer_id = \(Fixture.viewer(0))")
      try await database.execute("UPDATE rollup_hour SET clicks = 0 WHERE clicks > 0")
      #expect(try await ViewerAudit(database).viewers(limit: 9).count == 1)
      #expect(try await RollupAudit(database).differences().count == 11)
    }
  }

  @Test("A late event of a dropped day is quarantined and never brings its partition back")
  func lateEvent() async throws {
    try await withTestDatabase { database in
      let keeping = try await Keeping(database)
      try await keeping.fill()
      await keeping.upkeep.once()
      #expect(keeping.floor.milliseconds == Int64(Fixture.now.timeIntervalSince1970 - 11 * 86_400) * 1000)
      let fixture = keeping.fixture
      // A door that would let it in by its own window, as for a spool that is replayed late.
      let reply = try await fixture.withDoor { (_, writer) async throws in
        let door = EventDoor(
          catalogue: fixture.catalogue, pseudonym: fixture.pseudonym, writer: writer,
          window: AcceptWindow(pastDays: 400, futureDays: 1, floor: keeping.floor), logger: Fixture.quiet)
        return try await fixture.receive(
          door, [fixture.event("late", secondsAgo: 13 * 86_400), fixture.event("fine", secondsAgo: 60)])
      }
      #expect(reply.counts == EventCounts(stored: 1, quarantined: 1))
      #expect(reply.rejected.map(\.code) == [.timestampOutOfRange])
      // Even a writer that has not heard of it cannot make the partition again.
      let day = EventPartitions.day(of: Fixture.now) - 13
      let error = await #expect(throws: PostgresError.self) {
        try await EventPartitions(database).make(ahead: 0, at: EventPartitions.start(of: day))
      }
      #expect(error?.message.contains("no longer kept") == true)
      #expect(try await !keeping.partitions().contains(13))
    }
  }

  @Test("A day whose rollups or viewers are not complete stays, and every later day with it")
  func unproven() async throws {
    try await withTestDatabase { database in
      let keeping = try await Keeping(database)
      try await keeping.fill()
      try await EventFolding(database: database).foldAll()
      let hour = Fixture.now.addingTimeInterval(-18.5 * 86_400)
      try await database.execute(
        "UPDATE rollup_hour SET impressions = impressions - 1 WHERE hour = \(hour) AND impressions > 0")
      let error = await #expect(throws: RetentionError.self) { try await keeping.retention.dropPartitions() }
      #expect(error?.description.contains("2026-10-28") == true)
      #expect(try await keeping.partitions().max() == 19)
      let status = try await FoldingStatus.read(
        database, aheadDays: 2, policy: keeping.policy, at: Fixture.now)
      #expect(status.lastDropped?.day == Fixture.now.addingTimeInterval(-20 * 86_400))
      #expect(status.overdue.count == 8)

      try await database.execute(
        "UPDATE rollup_hour SET impressions = impressions + 1 WHERE hour = \(hour) AND clicks = 0")
      try await database.execute("DELETE FROM viewer_stat WHERE viewer_id = \(Fixture.viewer(18))")
      let second = await #expect(throws: RetentionError.self) { try await keeping.retention.dropPartitions() }
      #expect(second?.description.contains("1 of 2 viewers") == true)
      #expect(try await keeping.partitions().max() == 18)
    }
  }

  @Test("Events whose clock was set right prove their day too, though they fall into another")
  func skewedClocks() async throws {
    try await withTestDatabase { database in
      let keeping = try await Keeping(database)
      var random = SeededGenerator(seed: 3)
      for _ in 0..<4 {
        try await keeping.fixture.store(
          (0..<250).map { _ in keeping.fixture.anyEvent(over: 18, using: &random) })
      }
      #expect(try await keeping.retention.dropPartitions().count >= 6)
      #expect(try await keeping.partitions().allSatisfy { $0 <= 11 })
      #expect(try await RollupAudit(database).differences().isEmpty)
      #expect(try await ViewerAudit(database).differences().isEmpty)
    }
  }

  @Test("Today's and the next days' partitions are made ahead, once, and the status names what is missing")
  func ahead() async throws {
    try await withTestDatabase { database in
      let keeping = try await Keeping(database)
      let before = try await FoldingStatus.read(database, aheadDays: 2, at: Fixture.now)
      #expect(before.missing.count == 3 && before.daysAhead == 0 && before.oldestPartition == nil)
      await withTaskGroup { group in
        for _ in 0..<4 { group.addTask { await keeping.upkeep.once() } }
      }
      #expect(try await keeping.partitions() == [0, -1, -2])
      let after = try await FoldingStatus.read(database, aheadDays: 2, at: Fixture.now)
      #expect(after.missing.isEmpty && after.daysAhead == 2 && after.overdue.isEmpty)
      #expect(after.oldestPartition == Fixture.now)
      let next = try await EventPartitions(database).make(
        ahead: 2, at: Fixture.now.addingTimeInterval(86_400))
      #expect(next == [EventPartitions.day(of: Fixture.now) + 3])
    }
  }

  @Test("The status tells how many batches wait for either fold, and for how long")
  func backlog() async throws {
    try await withTestDatabase { database in
      let fixture = try await Fixture(database)
      try await fixture.store([fixture.event(number: 1, variant: 0, viewer: 1, daysAgo: 0.5)])
      try await RollupFolder(database: database).foldAll()
      let moment = Fixture.now.addingTimeInterval(7)
      let status = try await FoldingStatus.read(database, aheadDays: 1, at: moment)
      #expect(status.rollups.batches == 0 && status.rollups.ageSeconds(at: moment) == 0)
      #expect(status.viewers.batches == 1 && status.viewers.ageSeconds(at: moment) == 7)
    }
  }

  @Test("Quarantined events go by a setting of their own, and for ever stay without one")
  func quarantine() async throws {
    try await withTestDatabase { database in
      let keeping = try await Keeping(database)
      for days in [5, 29, 31] {
        try await database.execute(
          """
          INSERT INTO quarantine (workspace_id, id, reason, detail, body, received_at)
          VALUES (\(keeping.fixture.workspace.uuid), \(UUID()), 'r', 'd', '{}',
            \(Fixture.now.addingTimeInterval(-Double(days) * 86_400)))
          """)
      }
      let forEver = EventRetention(
        database: database, policy: .forEver, folding: EventFolding(database: database), now: { Fixture.now })
      #expect(try await forEver.pruneQuarantine() == 0)
      #expect(try await forEver.dropPartitions().isEmpty)
      #expect(try await keeping.retention.pruneQuarantine() == 1)
      #expect(try await keeping.fixture.count("quarantine") == 2)
    }
  }

  @Test("Keeping events shorter than late ones are accepted is refused, naming both settings")
  func policy() throws {
    let error = #expect(throws: RetentionError.self) {
      try RetentionPolicy(keepEventsDays: 30, keepQuarantineDays: nil, acceptFromDays: 400)
    }
    #expect(error == .keepsLessThanAccepted(keepDays: 30, acceptDays: 400))
    #expect(error?.description.contains("ingestion.keep_events is 30d") == true)
    #expect(error?.description.contains("ingestion.accept_from") == true)
    #expect(throws: Never.self) {
      try RetentionPolicy(keepEventsDays: 400, keepQuarantineDays: nil, acceptFromDays: 400)
    }
  }

  @Test("Events from before viewers were folded are counted by the migration")
  func backfill() async throws {
    try await withEmptyDatabase { database in
      try await withTemporaryFolder { folder in
        let files = try FileManager.default.contentsOfDirectory(atPath: Repository.schema.path).sorted()
        for file in files where file < "0006" {
          try FileManager.default.copyItem(
            at: Repository.schema.appendingPathComponent(file), to: folder.appendingPathComponent(file))
        }
        try await Migrator(folder: folder).migrate(database)
        try await database.execute("SELECT event_partition(date '2026-11-01')")
        try await database.execute(
          """
          INSERT INTO events (event_id, campaign_id, variant_id, viewer_id, kind, placement, occurred_at,
            received_at, value_micros)
          SELECT (lpad(to_hex(1793491200000 + n), 12, '0') || '80008000000000000000')::uuid, gen_random_uuid(),
            gen_random_uuid(), gen_random_uuid(), n % 13 + 1, 0, timestamptz '2026-11-01Z' + n * interval '1 ms',
            now(), n
          FROM generate_series(1, 40) AS n
          """)
        try await Migrator(folder: Repository.schema).migrate(database)
        #expect(try await ViewerAudit(database).differences().isEmpty)
        let viewers = try await database.query("SELECT count(*) FROM viewer_stat").decode(Int64.self)
        #expect(viewers == [40])
      }
    }
  }
}
