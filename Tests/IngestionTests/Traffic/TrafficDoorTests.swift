import Campaigns
import Foundation
import Postgres
import TestKit
import Testing

@testable import Ingestion

extension Fixture {
  /// A door with rules, whose writer runs as long as the body.
  func withDoor<R>(
    _ policy: TrafficPolicy?, consent: ConsentPolicy = ConsentPolicy(),
    pseudonym: (any PseudonymSource)? = nil,
    _ body: (EventDoor) async throws -> R
  ) async throws -> R {
    let writer = writer()
    let door = EventDoor(
      catalogue: catalogue, pseudonym: pseudonym ?? self.pseudonym, writer: writer, consent: consent,
      traffic: policy.map { TrafficRules($0) }, logger: Self.quiet)
    return try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { await writer.run() }
      let result: Result<R, any Error>
      do { result = .success(try await body(door)) } catch { result = .failure(error) }
      writer.drain()
      try await group.waitForAll()
      return try result.get()
    }
  }

  func receive(
    _ door: EventDoor, _ events: [String], client: ClientContext, at moment: Date = now
  ) async throws -> IngestReply {
    try await door.receive(
      Array("[\(events.joined(separator: ","))]".utf8), workspace: workspace, client: client, at: moment)
  }

  /// How many events are stored by reason.
  func traffic() async throws -> [TrafficReason: Int] {
    let rows = try await database.query("SELECT traffic, count(*) FROM events GROUP BY 1")
      .decode(Int16.self, Int.self)
    return Dictionary(rows.map { (TrafficReason(rawValue: $0.0) ?? .counted, $0.1) }) { $0 + $1 }
  }
}

@Suite("Invalid traffic at the door")
struct TrafficDoorTests {
  private static let policy = TrafficPolicy(
    bots: BotList([.init(token: "googlebot", category: .searchEngine)]), capsPerHour: [.hide: 2])
  private static let browser = "Mozilla/5.0 (X11; Linux x86_64; rv:131.0) Gecko/20100101 Firefox/131.0"

  @Test(
    "A bot is known by the event's user agent, or by the request's where the viewer made it; not by a server's"
  )
  func userAgents() async throws {
    try await withTestDatabase { database in
      let fixture = try await Fixture(database)
      try await fixture.withDoor(Self.policy) { door in
        let bot = ",\"user_agent\":\"Mozilla/5.0 (compatible; GoogleBot/2.1)\""
        let person = ",\"user_agent\":\"\(Self.browser)\""
        let server = ClientContext(isViewer: false, userAgent: "googlebot")
        let crawler = ClientContext(isViewer: true, userAgent: "Googlebot/2.1")
        // A server's own name says nothing of its viewers, what it says of them does.
        let first = try await fixture.receive(
          door, [fixture.event("a"), fixture.event("b", extra: bot), fixture.event("c", extra: person)],
          client: server)
        #expect(first.counts.stored == 3)
        #expect(try await fixture.traffic() == [.counted: 2, .declaredBot: 1])
        _ = try await fixture.receive(
          door, [fixture.event("d"), fixture.event("e", extra: person)], client: crawler)
        #expect(try await fixture.traffic() == [.counted: 3, .declaredBot: 2])
      }
    }
  }

  @Test(
    "A viewer without a user agent, or an event that states an empty one, does not count; a server's silence does"
  )
  func emptyUserAgents() async throws {
    try await withTestDatabase { database in
      let fixture = try await Fixture(database)
      try await fixture.withDoor(Self.policy) { door in
        _ = try await fixture.receive(
          door,
          [
            fixture.event("a"), fixture.event("b", extra: ",\"user_agent\":\"\""),
            fixture.event("c", extra: ",\"user_agent\":\" \""),
            fixture.event("d", extra: ",\"user_agent\":null"),
          ], client: .server)
        #expect(try await fixture.traffic() == [.counted: 2, .emptyUserAgent: 2])
        _ = try await fixture.receive(door, [fixture.event("e")], client: ClientContext(isViewer: true))
        _ = try await fixture.receive(
          door, [fixture.event("f")], client: ClientContext(isViewer: true, userAgent: Self.browser))
        #expect(try await fixture.traffic() == [.counted: 3, .emptyUserAgent: 3])
      }
    }
  }

  @Test("What was fetched ahead of need does not count, unless a bot did it, which says more")
  func prefetches() async throws {
    try await withTestDatabase { database in
      let fixture = try await Fixture(database)
      try await fixture.withDoor(Self.policy) { door in
        for (message, agent) in [("a", Self.browser), ("b", "googlebot"), ("c", "")] {
          _ = try await fixture.receive(
            door, [fixture.event(message)],
            client: ClientContext(isViewer: true, userAgent: agent, isPrefetch: true))
        }
        #expect(try await fixture.traffic() == [.prefetch: 2, .declaredBot: 1])
      }
    }
  }

  @Test("Filtered events are stored and answered like any other, and sent again they stay what they were")
  func stored() async throws {
    try await withTestDatabase { database in
      let fixture = try await Fixture(database)
      try await fixture.withDoor(Self.policy) { door in
        let events = (0..<3).map { number in
          fixture.event("h\(number)", kind: .hide).replacing(
            #/"viewer_id":"[^"]*"/#, with: "\"viewer_id\":\"one\"")
        }
        let first = try await fixture.receive(door, events, client: .server)
        #expect(first.counts == EventCounts(stored: 3) && first.rejected.isEmpty)
        let again = try await fixture.receive(door, events.reversed(), client: .server)
        #expect(again.counts == EventCounts(duplicate: 3))
        #expect(try await fixture.traffic() == [.counted: 2, .excess: 1])
      }
      _ = try await RollupFolder(database: database, logger: Fixture.quiet).foldAll()
      let hides = try await database.query("SELECT sum(hides)::bigint FROM rollup_hour").decode(Int.self)
      #expect(hides == [2])
      #expect(try await RollupAudit(database).differences().isEmpty)
    }
  }

  @Test("Without rules everything counts")
  func without() async throws {
    try await withTestDatabase { database in
      let fixture = try await Fixture(database)
      try await fixture.withDoor(nil) { door in
        _ = try await fixture.receive(
          door, [fixture.event("a", extra: ",\"user_agent\":\"googlebot\"")],
          client: ClientContext(isViewer: true, isPrefetch: true))
        #expect(try await fixture.traffic() == [.counted: 1])
      }
    }
  }
}
