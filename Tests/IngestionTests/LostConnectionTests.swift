import Campaigns
import Foundation
import Postgres
import TestKit
import Testing

@testable import Ingestion

@Suite("Lost connections")
struct LostConnectionTests {
  @Test("A connection lost before COMMIT: the commit is made again and counted once")
  func lostBefore() async throws {
    try await withTestDatabase { database in
      let fixture = try await Fixture(database)
      // The first transaction that comes to its end kills its own connection; sequences survive that.
      try await database.execute("CREATE SEQUENCE once")
      try await database.execute(
        """
        CREATE FUNCTION die_once() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
          IF nextval('once') = 1 THEN PERFORM pg_terminate_backend(pg_backend_pid()); END IF;
          RETURN NULL;
        END $$
        """)
      try await database.execute(
        """
        CREATE CONSTRAINT TRIGGER die AFTER INSERT ON ingest_batch DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW EXECUTE FUNCTION die_once()
        """)
      try await fixture.withDoor { (door, writer) async throws in
        let reply = try await fixture.receive(
          door, [fixture.event("a"), fixture.event("b"), fixture.event("a"), "{}"])
        #expect(reply.counts == EventCounts(stored: 2, duplicate: 1, rejected: 1))
        #expect(writer.counters.commits == 1)
      }
      #expect(try await fixture.count("events") == 2)
      #expect(try await fixture.count("ingest_batch") == 1)
      #expect(try await fixture.recorded() == EventCounts(stored: 2, duplicate: 1, rejected: 1))
    }
  }

  @Test(
    "A connection lost after the server committed: the answer is the commit's own, and nothing is counted twice"
  )
  func lostAfter() async throws {
    try await withTemporaryFolder { folder in
      let cluster = try PrivateCluster(folder: folder.appendingPathComponent("pg"))
      let database = Database(try await cluster.start())
      try await Migrator(folder: Repository.schema).migrate(database)
      let fixture = try await Fixture(database)
      try await fixture.withDoor { door, _ in _ = try await fixture.receive(door, [fixture.event("first")]) }
      // With a standby that does not exist, COMMIT is done here and waits for it: there it can be cut.
      try await database.execute("ALTER SYSTEM SET synchronous_commit = 'on'")
      try await database.execute("ALTER SYSTEM SET synchronous_standby_names = 'nobody'")
      _ = try await database.query("SELECT pg_reload_conf()")
      try await fixture.withDoor { (door, writer) async throws in
        async let reply = fixture.receive(door, [fixture.event("first"), fixture.event("second")])
        var victim: Int32?
        while victim == nil {
          victim = try await database.query("SELECT pid FROM pg_stat_activity WHERE wait_event = 'SyncRep'")
            .decode(Int32.self).first
        }
        try await database.execute("ALTER SYSTEM RESET synchronous_standby_names")
        // Terminated while it waits: what it committed stays committed, and its client never hears of it.
        _ = try await database.query("SELECT pg_terminate_backend(\(victim))")
        _ = try await database.query("SELECT pg_reload_conf()")
        #expect(try await reply.counts == EventCounts(stored: 1, duplicate: 1))
        #expect(writer.counters.commits == 1)
      }
      #expect(try await fixture.count("events") == 2)
      #expect(try await fixture.recorded() == EventCounts(stored: 2, duplicate: 1))
      #expect(try await fixture.count("ingest_batch") == 2)
      await database.close()
      try await cluster.stop()
    }
  }

  @Test(
    "Connections killed at random under load: what was answered is stored, nothing twice, and counts add up")
  func killedAtRandom() async throws {
    try await withTestDatabase { database in
      let fixture = try await Fixture(database)
      let settings = EventWriterSettings(collectFor: .zero, patience: .seconds(120), recentIDs: 50)
      let answered = try await fixture.withDoor(settings) {
        door, _ in
        try await withThrowingTaskGroup(of: EventCounts.self) { group in
          for client in 0..<6 {
            group.addTask {
              var sum = EventCounts()
              for request in 0..<25 {
                // Every event is sent by two clients.
                let events = (0..<10).map {
                  fixture.event("\(client / 2)-\(request)-\($0)", secondsAgo: request)
                }
                sum += try await fixture.receive(door, events).counts
                if request % 5 == client % 5 {
                  try await Self.killOthers(fixture)
                }
              }
              return sum
            }
          }
          return try await group.reduce(into: EventCounts()) { $0 += $1 }
        }
      }
      #expect(answered == EventCounts(stored: 750, duplicate: 750))
      #expect(try await fixture.count("events") == 750)
      #expect(try await fixture.recorded() == answered)
      try await RollupFolder(database: database).foldAll()
      #expect(try await RollupAudit(database).differences().isEmpty)
    }
  }

  /// Ends every connection to the database, whatever it is doing. A killer may be killed by another.
  private static func killOthers(_ fixture: Fixture) async throws {
    do {
      _ = try await fixture.database.query(
        """
        SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid()
        """)
    } catch {
      let isKilled = error.isRetryable || error.sqlState?.hasPrefix("57") == true
      if !isKilled { throw error }
    }
  }

  @Test("A database that is away makes requests come back later, and is written to again when it returns")
  func away() async throws {
    try await Fixture.withClusterOfItsOwn { fixture, cluster, _ in
      let settings = EventWriterSettings(collectFor: .zero, patience: .milliseconds(500))
      try await fixture.withDoor(settings) { (door, writer) async throws in
        _ = try await fixture.receive(door, [fixture.event("a")])
        try await cluster.stop()
        let error = await #expect(throws: IngestError.self) {
          try await fixture.receive(door, [fixture.event("b")])
        }
        #expect(error?.retryAfterSeconds == 2)
        _ = try await cluster.start()
        #expect(
          try await fixture.receive(door, [fixture.event("a"), fixture.event("b")]).counts
            == EventCounts(stored: 1, duplicate: 1))
        #expect(writer.counters.turnedAway == 1)
      }
    }
  }
}
