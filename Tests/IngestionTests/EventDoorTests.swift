import Campaigns
import Foundation
import Postgres
import TestKit
import Testing

@testable import Ingestion

@Suite("The door")
struct EventDoorTests {
  @Test("An answered event stands in the table with every field, its viewer under a pseudonym")
  func stores() async throws {
    try await withTestDatabase { database in
      let fixture = try await Fixture(database)
      let extra = ",\"placement\":\"youtube.bumper\",\"value\":12.5,\"currency\":\"EUR\""
      let reply = try await fixture.withDoor { (door, _) async throws in
        try await fixture.receive(door, [fixture.event("m", kind: .conversion, variant: 1, extra: extra)])
      }
      #expect(reply == IngestReply(counts: EventCounts(stored: 1), rejected: []))
      let row = try await database.query(
        """
        SELECT event_id, campaign_id, variant_id, viewer_id, kind, placement.name, occurred_at, received_at,
          value_micros FROM events JOIN placement ON placement.id = events.placement
        """
      ).decode(
        UUID.self, UUID.self, UUID.self, UUID.self, Int16.self, String.self, Date.self, Date.self, Int64?.self
      )[0]
      #expect(row.1 == fixture.campaign.uuid && row.2 == fixture.variants[1])
      #expect(row.4 == EventKind.conversion.rawValue && row.5 == "youtube.bumper" && row.8 == 12_500_000)
      #expect(row.6 == Fixture.now.addingTimeInterval(-60) && row.7 == Fixture.now)
      #expect(EventID(row.0).milliseconds == Int64(Fixture.now.timeIntervalSince1970 * 1000) - 60_000)
      #expect(row.0.uuidString.dropFirst(14).first == "8" && row.3.uuidString.dropFirst(14).first == "8")
    }
  }

  @Test(
    "What is not believed is quarantined with its reason and what is not understood rejected, beside good events"
  )
  func reasons() async throws {
    try await withTestDatabase { database in
      let fixture = try await Fixture(database)
      let stranger = try await Fixture(database, name: "stranger")
      let unknown = fixture.event("u").replacingOccurrences(
        of: fixture.variants[0].uuidString, with: UUID().uuidString)
      let reply = try await fixture.withDoor { (door, _) async throws in
        try await fixture.receive(
          door,
          [
            fixture.event("a"), fixture.event("b", secondsAgo: 401 * 86_400),
            fixture.event("c", secondsAgo: -90_000),
            unknown, stranger.event("d"), fixture.event("e", extra: ",\"placement\":\"nowhere\\u0000\""),
            fixture.event("f", extra: ",\"value\":1,\"currency\":\"USD\""), "{}", fixture.event("g"),
          ])
      }
      #expect(reply.counts == EventCounts(stored: 2, quarantined: 6, rejected: 1))
      #expect(
        reply.rejected.map(\.code) == [
          .timestampOutOfRange, .timestampOutOfRange, .unknownVariant, .unknownVariant, .unknownPlacement,
          .foreignCurrency, .missingField,
        ])
      #expect(reply.rejected.map(\.index) == Array(1...7))
      let kept = try await database.query("SELECT reason, body, workspace_id FROM quarantine ORDER BY reason")
        .decode(String.self, String.self, UUID.self)
      #expect(kept.count == 6 && kept.allSatisfy { $0.2 == fixture.workspace.uuid })
      #expect(kept.first { $0.0 == "unknown_placement" }?.1.contains("nowhere\\u0000") == true)
      #expect(try await fixture.recorded() == reply.counts)
      #expect(try await stranger.recorded() == EventCounts())
    }
  }

  @Test("Times at the edge of the window are believed, and sent again they are quarantined once")
  func window() async throws {
    try await withTestDatabase { database in
      let fixture = try await Fixture(database)
      let edges = [fixture.event("a", secondsAgo: 400 * 86_400), fixture.event("b", secondsAgo: -86_400)]
      let absurd =
        "{\"type\":\"click\",\"variant_id\":\"\(fixture.variants[0])\",\"viewer_id\":\"v\",\"timestamp\":0}"
      let far = absurd.replacingOccurrences(of: ":0}", with: ":-9000000000000000}")
      let (first, second) = try await fixture.withDoor { (door, _) async throws in
        (
          try await fixture.receive(door, edges + [absurd, far]),
          try await fixture.receive(door, edges + [absurd, far])
        )
      }
      #expect(first.counts == EventCounts(stored: 2, quarantined: 2))
      #expect(second.counts == EventCounts(duplicate: 2, quarantined: 2))
      #expect(try await fixture.count("quarantine") == 2)
    }
  }

  @Test("A variant that appears while the service runs is known at once")
  func newVariant() async throws {
    try await withTestDatabase { database in
      let fixture = try await Fixture(database)
      try await fixture.withDoor { (door, _) async throws in
        let unknown = UUID()
        let event = fixture.event("x").replacingOccurrences(
          of: fixture.variants[0].uuidString, with: unknown.uuidString)
        #expect(try await fixture.receive(door, [event, fixture.event("y")]).counts.quarantined == 1)
        try await database.execute(
          """
          INSERT INTO variant (id, campaign_id, segment_id, name, origin, generation, levels, status, created_at)
          SELECT \(unknown), campaign_id, segment_id, 'C', 'imported', 1, '{}', 'ready', created_at
          FROM variant WHERE id = \(fixture.variants[0])
          """)
        #expect(try await fixture.receive(door, [event]).counts.stored == 1)
      }
    }
  }

  @Test("A body that is no JSON stores nothing and is counted by its reason")
  func brokenBody() async throws {
    try await withTestDatabase { database in
      let fixture = try await Fixture(database)
      try await fixture.withDoor { (door, writer) async throws in
        let error = await #expect(throws: IngestError.self) {
          try await fixture.receive(door, [fixture.event("a"), "{"])
        }
        guard case .body(let body) = error else {
          Issue.record("\(String(describing: error))")
          return
        }
        #expect(body.code == .malformedJSON && error?.retryAfterSeconds == nil)
        #expect(writer.counters.refusedBodies == [.malformedJSON: 1])
        #expect(try await fixture.count("events") == 0)
        #expect(try await fixture.receive(door, []).counts == EventCounts())
      }
    }
  }

  @Test("Without a message id, equal events are one and events that differ in any field are not")
  func derivedIdentity() async throws {
    try await withTestDatabase { database in
      let fixture = try await Fixture(database)
      let base = fixture.event("m").replacingOccurrences(of: ",\"message_id\":\"m\"", with: "")
      let others = [
        base.replacingOccurrences(of: "impression", with: "click"),
        base.replacingOccurrences(of: "}", with: ",\"value\":1}"),
        base.replacingOccurrences(of: "}", with: ",\"placement\":\"tiktok.infeed\"}"),
        base.replacingOccurrences(of: fixture.variants[0].uuidString, with: fixture.variants[1].uuidString),
        base.replacingOccurrences(of: "\"viewer_id\":\"", with: "\"viewer_id\":\"x"),
      ]
      let reply = try await fixture.withDoor { (door, _) async throws in
        try await fixture.receive(door, [base] + others + [base])
      }
      #expect(reply.counts == EventCounts(stored: 6, duplicate: 1))
    }
  }

  @Test("The pseudonym secret is made once, whoever asks first")
  func secret() async throws {
    try await withTestDatabase { database in
      let store = PseudonymSecretStore(database)
      let secrets = try await withThrowingTaskGroup(of: [UInt8].self) { group in
        for _ in 0..<6 { group.addTask { try await store.current(at: Fixture.now) } }
        return try await group.reduce(into: Set<[UInt8]>()) { $0.insert($1) }
      }
      #expect(secrets.count == 1 && secrets.first?.count == 32)
    }
  }
}
