import Campaigns
import Foundation
import HTTPTypes
import Ingestion
import Postgres
import TestKit
import Testing

@testable import Service

@Suite struct OutageTests {
  private static let variant = "019a0000-0000-7000-8000-000000000001"

  private static func event(_ id: String) -> String {
    """
    [{"type":"click","variant_id":"\(variant)","viewer_id":"v","message_id":"\(id)","timestamp":"2026-11-16T10:00:00Z"}]
    """
  }

  @Test func aKnownKeyStaysGoodWithoutTheDatabaseForAWhileAndAnUnknownOneIsAskedToComeBack() async throws {
    try await withTestDatabase { database in
      let clock = FixedClock()
      var randomness = SystemRandomNumberGenerator()
      let workspace = try await WorkspaceStore(database).ensure(
        name: "test", id: .new(at: clock.now, using: &randomness), at: clock.now)
      var texts: [String] = []
      for name in ["known", "unknown"] {
        let made = try await KeyStore(database).create(
          id: .new(at: clock.now, using: &randomness), name: name, scopes: [.ingest], workspace: workspace.id,
          at: clock.now)
        texts.append(made.secret.text)
      }
      let own = Database(database.configuration)
      let keys = KeyRing(
        keys: KeyStore(own), workspaces: WorkspaceStore(own), now: { clock.now })
      #expect(try await keys.identity(of: texts[0]).keyName == "known")
      // Closed, it fails at once, as a database that is away does after a while.
      await own.close()
      for seconds in [6.0, 6, 880] {
        clock.advance(bySeconds: seconds)
        #expect(try await keys.identity(of: texts[0]).keyName == "known")
      }
      let unknown = await #expect(throws: Problem.self) { try await keys.identity(of: texts[1]) }
      #expect(unknown?.status == .serviceUnavailable && unknown?.retryAfter == 2)
      let malformed = await #expect(throws: Problem.self) { try await keys.identity(of: "no key") }
      #expect(malformed?.status == .unauthorized)
      clock.advance(bySeconds: 10)
      let late = await #expect(throws: Problem.self) { try await keys.identity(of: texts[0]) }
      #expect(late?.status == .serviceUnavailable)
    }
  }

  @Test func eventsBehindALockAreAnsweredAsSpooledAndStoredWhenItIsGone() async throws {
    try await RunningService.with(hasSpool: true) { service in
      try await service.addCampaign(variant: Self.variant)
      let key = try await service.key([.ingest])
      #expect(try await service.post("/v1/events", key: key, Self.event("a")).status == 200)
      try await service.database.transaction { connection in
        try await connection.execute("LOCK TABLE events IN ACCESS EXCLUSIVE MODE")
        let answer = try await service.post("/v1/events", key: key, Self.event("b"))
        #expect(answer.status == 200)
        let counts = try answer.json()["counts"] as? [String: Int]
        #expect(counts?["spooled"] == 1 && counts?["received"] == 1 && counts?["stored"] == 0)
      }
      // The service replays by itself; the event sent again waits for nobody.
      var stored: Int? = 1
      while stored == 1 {
        stored = try await service.database.first("SELECT count(*) FROM events", as: Int.self)
        await Task.yield()
      }
      #expect(stored == 2)
    }
  }
}
