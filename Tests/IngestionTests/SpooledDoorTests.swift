import Campaigns
import Foundation
import Glibc
import Postgres
import TestKit
import Testing

@testable import Ingestion

@Suite("A door with a spool")
struct SpooledDoorTests {
  @Test(
    "While the database is stopped requests are kept and answered; started again, each is stored exactly once"
  )
  func stopped() async throws {
    try await Fixture.withClusterOfItsOwn { fixture, cluster, folder in
      try await SpooledDoor.with(fixture, folder) { spooled in
        let door = spooled.door
        #expect(try await fixture.receive(door, [fixture.event("a")]).counts == EventCounts(stored: 1))
        try await cluster.stop()
        // The first one finds out, the others need not.
        let first = try await fixture.receive(door, [fixture.event("a"), fixture.event("b"), "{}"])
        #expect(first.spooled == 2 && first.counts == EventCounts(rejected: 1) && first.received == 3)
        #expect(first.rejected.map(\.index) == [2])
        #expect(door.outage.isActive)
        let unknown = fixture.event("u").replacingOccurrences(
          of: fixture.variants[0].uuidString, with: UUID().uuidString)
        let second = try await fixture.receive(door, [fixture.event("c"), unknown, fixture.event("b")])
        #expect(second == IngestReply(counts: EventCounts(), rejected: [], spooled: 3))
        let malformed = await #expect(throws: IngestError.self) {
          try await fixture.receive(door, [fixture.event("d"), "{"])
        }
        #expect(malformed?.code == "malformed_json")
        #expect(spooled.spool.status.records == 2 && spooled.spool.status.events == 5)
        #expect(spooled.writer.counters.turnedAway == 0)

        _ = try await cluster.start()
        try await spooled.replayer.replayAll()
        #expect(!door.outage.isActive && spooled.spool.isEmpty)
        #expect(try await fixture.count("events") == 3)
        #expect(try await fixture.count("quarantine") == 1)
        // In all: a; a b {}; c u b.
        let all = EventCounts(stored: 3, duplicate: 2, quarantined: 1, rejected: 1)
        #expect(try await fixture.recorded() == all)
        #expect(spooled.writer.counters.events == all)
        #expect(try await fixture.receive(door, [fixture.event("d")]).counts == EventCounts(stored: 1))
      }
    }
  }

  @Test("Behind a lock on the table requests are kept after the patience, and stored when the lock is gone")
  func stalled() async throws {
    try await withTestDatabase { database in
      let fixture = try await Fixture(database)
      try await withTemporaryFolder { folder in
        try await SpooledDoor.with(fixture, folder) { spooled in
          #expect(try await fixture.receive(spooled.door, [fixture.event("0")]).counts.stored == 1)
          try await database.transaction { connection in
            try await connection.execute("LOCK TABLE events IN ACCESS EXCLUSIVE MODE")
            // A new day would need a partition, which waits for the same lock.
            for (name, age) in [("a", 60), ("b", 900_000), ("c", 60)] {
              let reply = try await fixture.receive(spooled.door, [fixture.event(name, secondsAgo: age)])
              #expect(reply.spooled == 1)
            }
            #expect(spooled.door.outage.isActive)
          }
          try await spooled.replayer.replayAll()
          #expect(!spooled.door.outage.isActive)
        }
      }
      #expect(try await fixture.recorded() == EventCounts(stored: 4))
      #expect(try await fixture.count("events") == 4)
    }
  }

  @Test("A full disk inside the database is an outage like any other, and ends by itself")
  func diskFull() async throws {
    try await withTestDatabase { database in
      let fixture = try await Fixture(database)
      try await database.execute(
        """
        CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
          RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100';
        END $$
        """)
      try await database.execute(
        "CREATE TRIGGER full_disk BEFORE INSERT ON ingest_batch EXECUTE FUNCTION full_disk()")
      try await withTemporaryFolder { folder in
        try await SpooledDoor.with(fixture, folder) { spooled in
          for name in ["a", "b"] {
            #expect(try await fixture.receive(spooled.door, [fixture.event(name)]).spooled == 1)
          }
          async let replay: Void = spooled.replayer.replayAll()
          try await database.execute("DROP TRIGGER full_disk ON ingest_batch")
          try await replay
          #expect(!spooled.door.outage.isActive)
        }
      }
      #expect(try await fixture.recorded() == EventCounts(stored: 2))
    }
  }

  @Test("A server process that hangs costs one request its patience, and no event")
  func hung() async throws {
    try await withTestDatabase { database in
      let fixture = try await Fixture(database)
      try await withTemporaryFolder { folder in
        try await SpooledDoor.with(fixture, folder) { spooled in
          _ = try await fixture.receive(spooled.door, [fixture.event("0")])
          let process = try await database.withConnection { await $0.processIdentifier }
          kill(process, SIGSTOP)
          defer { kill(process, SIGCONT) }
          #expect(try await fixture.receive(spooled.door, [fixture.event("a")]).spooled == 1)
          #expect(try await fixture.receive(spooled.door, [fixture.event("b")]).spooled == 1)
          try await spooled.replayer.replayAll()
          #expect(!spooled.door.outage.isActive)
        }
      }
      #expect(try await fixture.recorded() == EventCounts(stored: 3))
    }
  }

  @Test("A commit whose end is not known is spooled too; its replay finds it stored and counts duplicates")
  func unknownFate() async throws {
    try await withTemporaryFolder { folder in
      let cluster = try PrivateCluster(folder: folder.appendingPathComponent("pg"))
      let database = Database(try await cluster.start())
      try await Migrator(folder: Repository.schema).migrate(database)
      let fixture = try await Fixture(database)
      try await SpooledDoor.with(fixture, folder) { spooled in
        _ = try await fixture.receive(spooled.door, [fixture.event("first")])
        // With a standby that does not exist, COMMIT is done here and waits for it, longer than we do.
        try await database.execute("ALTER SYSTEM SET synchronous_standby_names = 'nobody'")
        _ = try await database.query("SELECT pg_reload_conf()")
        // Servers' processes read settings when they get round to it; the one that counts here is the checkpointer.
        while try await database.query("SHOW synchronous_standby_names").decode(String.self).first ?? ""
          != "nobody"
        {
          try await Task.sleep(for: .milliseconds(5))
        }
        try await database.execute("CHECKPOINT")
        let reply = try await fixture.receive(spooled.door, [fixture.event("second"), "{}"])
        #expect(reply.spooled == 1 && reply.counts == EventCounts(rejected: 1))
        try await database.execute("ALTER SYSTEM RESET synchronous_standby_names")
        _ = try await database.query("SELECT pg_reload_conf()")
        try await spooled.replayer.replayAll()
      }
      #expect(try await fixture.count("events") == 2)
      // Once by the commit that nobody heard of, once by the replay.
      #expect(try await fixture.recorded() == EventCounts(stored: 2, duplicate: 1, rejected: 2))
      await database.close()
      try await cluster.stop()
    }
  }

  @Test("A replay that was cut off begins again, stores nothing twice, and every count still adds up")
  func crashInTheMiddle() async throws {
    try await withTestDatabase { database in
      let fixture = try await Fixture(database)
      try await withTemporaryFolder { folder in
        let copy = folder.appendingPathComponent("copy")
        let original = folder.appendingPathComponent("spool")
        try await SpooledDoor.with(fixture, folder) { spooled in
          spooled.door.outage.begin()
          for number in 0..<20 {
            #expect(try await fixture.receive(spooled.door, [fixture.event("\(number)"), "{}"]).spooled == 1)
          }
          try FileManager.default.copyItem(at: original, to: copy)
          try await spooled.replayer.replayAll()
          #expect(try await fixture.recorded() == EventCounts(stored: 20, rejected: 20))
        }
        // As if the process had been killed before it could remove what it had replayed.
        try FileManager.default.removeItem(at: original)
        try FileManager.default.moveItem(at: copy, to: original)
        try await SpooledDoor.with(fixture, folder) { spooled in
          #expect(spooled.spool.status.records == 20 && spooled.spool.status.events == 20)
          try await spooled.replayer.replayAll()
        }
      }
      #expect(try await fixture.recorded() == EventCounts(stored: 20, duplicate: 20, rejected: 40))
      #expect(try await fixture.count("events") == 20)
      try await RollupFolder(database: database).foldAll()
      #expect(try await RollupAudit(database).differences().isEmpty)
    }
  }

  @Test(
    "Replayed events are those that would have been stored at once: same ids, pseudonyms and moment of receipt"
  )
  func sameEvents() async throws {
    try await withTestDatabase { database in
      let fixture = try await Fixture(database)
      // At the very edge of the window: seen from the moment of replay it would be too old.
      let body = Array("[\(fixture.event("edge", secondsAgo: 400 * 86_400))]".utf8)
      try await withTemporaryFolder { folder in
        try await SpooledDoor.with(fixture, folder, now: Fixture.now.addingTimeInterval(7200)) { spooled in
          spooled.door.outage.begin()
          for source in [EventSource.native, .beacon] {
            let reply = try await spooled.door.receive(
              body, workspace: fixture.workspace, source: source,
              client: ClientContext(isViewer: true, userAgent: "agent"), at: Fixture.now)
            #expect(reply.spooled == 1)
          }
          try await spooled.replayer.replayAll()
          for (source, stored) in [(EventSource.native, 0), (.beacon, 0), (.click, 1)] {
            let reply = try await spooled.door.receive(
              body, workspace: fixture.workspace, source: source, at: Fixture.now)
            #expect(reply.counts == EventCounts(stored: stored, duplicate: 1 - stored))
          }
        }
      }
      let rows = try await database.query("SELECT DISTINCT viewer_id, received_at FROM events")
        .decode(UUID.self, Date.self)
      #expect(rows.count == 1 && rows.first?.1 == Fixture.now)
    }
  }

  @Test("A damaged request is set aside with its file and counted; all others of the segment are stored")
  func damaged() async throws {
    try await withTestDatabase { database in
      let fixture = try await Fixture(database)
      try await withTemporaryFolder { folder in
        let file = folder.appendingPathComponent("spool/000000000001.spool")
        try await SpooledDoor.with(fixture, folder) { spooled in
          spooled.door.outage.begin()
          for name in ["a", "b", "c"] { _ = try await fixture.receive(spooled.door, [fixture.event(name)]) }
        }
        var bytes = try Data(contentsOf: file)
        bytes[bytes.count / 2] ^= 0x40
        try bytes.write(to: file)
        try await SpooledDoor.with(fixture, folder) { spooled in
          try await spooled.replayer.replayAll()
          let status = spooled.spool.status
          #expect(status.damagedRecords == 1 && status.damagedFiles == 1 && status.replayedEvents == 2)
          #expect(spooled.spool.isEmpty)
        }
        #expect(FileManager.default.fileExists(atPath: file.path + ".damaged"))
        let seen = try SpoolStatus.inspect(
          folder: folder.appendingPathComponent("spool"), settings: SpoolSettings())
        #expect(seen?.damagedFiles == 1 && seen?.records == 0)
      }
      #expect(try await fixture.recorded() == EventCounts(stored: 2))
    }
  }

  @Test("A request the database refuses for ever does not hold up those behind it")
  func poison() async throws {
    try await withTestDatabase { database in
      let fixture = try await Fixture(database)
      try await database.execute(
        "ALTER TABLE ingest_batch ADD CHECK (deltas::text NOT LIKE \(literal: "%skips%"))")
      try await withTemporaryFolder { folder in
        try await SpooledDoor.with(fixture, folder) { spooled in
          // Live it is refused at once and not kept: it would be refused again.
          let error = await #expect(throws: IngestError.self) {
            try await fixture.receive(spooled.door, [fixture.event("x", kind: .skip)])
          }
          #expect(error?.code == "database_refused" && !spooled.door.outage.isActive)
          spooled.door.outage.begin()
          for kind in [EventKind.click, .skip, .hide] {
            _ = try await fixture.receive(spooled.door, [fixture.event(kind.name, kind: kind)])
          }
          try await spooled.replayer.replayAll()
          #expect(spooled.spool.status.damagedRecords == 1 && spooled.spool.status.damagedFiles == 1)
        }
      }
      #expect(try await fixture.recorded() == EventCounts(stored: 2))
    }
  }

  @Test(
    "With the spool full or the disk low requests come back later, by name, and none of them is counted as kept"
  )
  func noRoom() async throws {
    try await withTestDatabase { database in
      let fixture = try await Fixture(database)
      for (settings, code) in [
        (SpoolSettings(budgetBytes: 100), "spool_full"),
        (SpoolSettings(reserveBytes: .max / 2), "storage_low"),
      ] {
        try await withTemporaryFolder { folder in
          try await SpooledDoor.with(fixture, folder, spool: settings) { (spooled) async throws in
            spooled.door.outage.begin()
            let error = await #expect(throws: IngestError.self) {
              try await fixture.receive(spooled.door, [fixture.event("a"), "{}"])
            }
            #expect(error?.code == code && (error?.retryAfterSeconds ?? 0) > 0)
            #expect(spooled.writer.counters.turnedAway == 2)
            #expect(spooled.spool.isEmpty && spooled.spool.status.spooledEvents == 0)
            // Nothing in the spool could find out that the database is back: a request must.
            spooled.clock.advance(bySeconds: 2)
            #expect(try await fixture.receive(spooled.door, [fixture.event(code)]).counts.stored == 1)
            #expect(!spooled.door.outage.isActive)
          }
        }
      }
    }
  }

  @Test("When more waits than may, the next request is kept on disk instead of being turned away")
  func overloaded() async throws {
    try await withTestDatabase { database in
      let fixture = try await Fixture(database)
      try await withTemporaryFolder { folder in
        let spool = Spool(folder: folder.appendingPathComponent("spool"), logger: Fixture.quiet)
        try await spool.open()
        // The writer does not run yet, so what is accepted waits.
        let writer = fixture.writer(EventWriterSettings(collectFor: .zero, waitingBytes: 1))
        let door = EventDoor(
          catalogue: fixture.catalogue, pseudonym: fixture.pseudonym, writer: writer, spool: spool,
          now: { Fixture.now }, logger: Fixture.quiet)
        let accepted = Task { try await fixture.receive(door, [fixture.event("a")]).counts }
        while writer.counters.waiting < 1 { await Task.yield() }
        #expect(try await fixture.receive(door, [fixture.event("b")]).spooled == 1)
        #expect(!door.outage.isActive)
        let running = Task { await writer.run() }
        #expect(try await accepted.value == EventCounts(stored: 1))
        try await SpoolReplayer(spool: spool, door: door, logger: Fixture.quiet).replayAll()
        writer.drain()
        await running.value
        await spool.close()
      }
      #expect(try await fixture.recorded() == EventCounts(stored: 2))
    }
  }

  @Test("Requests in flight hold no more memory than they may: the next is turned away before it is decoded")
  func memory() async throws {
    try await withTestDatabase { database in
      let fixture = try await Fixture(database)
      let memory = IngestMemory(limitBytes: 500)
      let writer = fixture.writer()
      let door = EventDoor(
        catalogue: fixture.catalogue, pseudonym: fixture.pseudonym, writer: writer, memory: memory,
        logger: Fixture.quiet)
      let accepted = Task {
        try await fixture.receive(door, [fixture.event("a"), fixture.event("b")]).counts
      }
      while writer.counters.waiting < 2 { await Task.yield() }
      #expect(memory.usedBytes > 500)
      let error = await #expect(throws: IngestError.self) { try await fixture.receive(door, ["{"]) }
      #expect(error?.code == "overloaded" && memory.turnedAway == 1)
      writer.drain()
      await writer.run()
      #expect(try await accepted.value == EventCounts(stored: 2))
      #expect(memory.usedBytes == 0)
    }
  }
}

/// A door with everything around it, running.
struct SpooledDoor: Sendable {
  let door: EventDoor
  let writer: EventWriter
  let spool: Spool
  let replayer: SpoolReplayer
  let clock: FixedClock

  /// The writer runs as long as `body`; the replayer only when it is told to.
  static func with(
    _ fixture: Fixture, _ folder: URL, spool settings: SpoolSettings = SpoolSettings(reserveBytes: 0),
    now: Date = Fixture.now, _ body: (SpooledDoor) async throws -> Void
  ) async throws {
    let clock = FixedClock(now)
    let spool = Spool(
      folder: folder.appendingPathComponent("spool"), settings: settings, logger: Fixture.quiet)
    try await spool.open()
    let writer = fixture.writer(EventWriterSettings(collectFor: .zero, patience: .milliseconds(300)))
    let door = EventDoor(
      catalogue: EventCatalogue(database: fixture.database), pseudonym: fixture.pseudonym, writer: writer,
      spool: spool, outage: DatabaseOutage(now: { clock.now }), now: { clock.now }, logger: Fixture.quiet)
    let replayer = SpoolReplayer(
      spool: spool, door: door, settings: .init(firstPause: .milliseconds(20), lastPause: .milliseconds(100)),
      logger: Fixture.quiet)
    let result: Result<Void, any Error>
    async let running: Void = writer.run()
    do {
      result = .success(
        try await body(
          SpooledDoor(door: door, writer: writer, spool: spool, replayer: replayer, clock: clock)))
    } catch { result = .failure(error) }
    writer.drain()
    await running
    await spool.close()
    try result.get()
  }
}
