import Campaigns
import Foundation
import Postgres
import TestKit
import Testing

@testable import Ingestion

@Suite("Explaining an event")
struct EventExplainerTests {
  private let sent = Fixture.now.addingTimeInterval(-60)

  private func id(_ message: String, _ fixture: Fixture, at moment: Date) async throws -> UUID {
    let ids = try await EventExplainer(fixture.database, workspace: fixture.workspace)
      .ids(messageID: message, source: .native, timestamp: moment)
    return try #require(ids.first)
  }

  @Test(
    "A stored event is told with version, door, batch and folding, whether by id, by message id or by search")
  func stored() async throws {
    try await withTestDatabase { database in
      let fixture = try await Fixture(database)
      let explainer = EventExplainer(database, workspace: fixture.workspace)
      let extra = ",\"placement\":\"youtube.bumper\",\"value\":12.5,\"currency\":\"EUR\""
      try await fixture.withDoor { (door, _) async throws in
        _ = try await fixture.receive(
          door,
          [
            fixture.event("other", variant: 0),
            fixture.event("m", kind: .conversion, variant: 1, extra: extra),
          ])
      }
      let id = try await id("m", fixture, at: sent)
      #expect(try await explainer.ids(messageID: "m", source: .native, timestamp: nil) == [id])
      #expect(try await explainer.ids(messageID: "m", source: .segment, timestamp: nil) == [])
      let waiting = try await explainer.explain(id)
      #expect(waiting.outcome == .stored && waiting.timestamp == sent)
      #expect(waiting.stored?.batch != nil && waiting.stored?.batch?.foldedAt == nil)
      #expect(
        waiting.sentences[0]
          == "Stored: a conversion of version B in segment s of campaign c, shown as youtube.bumper, worth 12.5 EUR."
      )
      #expect(waiting.sentences.contains { $0.contains("waits to be added to the hourly counts") })
      #expect(waiting.sentences.contains("It counts."))
      try await RollupFolder(database: database, now: { Fixture.now }).foldAll()
      let folded = try await explainer.explain(id)
      #expect(folded.stored?.batch?.foldedAt == Fixture.now)
      try await database.execute("UPDATE events SET traffic = 1")
      try await database.execute("DELETE FROM ingest_batch")
      let filtered = try await explainer.explain(id).sentences
      #expect(
        filtered.contains("It does not count (declared_bot): the user agent names a known bot."),
        "\(filtered)")
      #expect(filtered.contains { $0.contains("its record is gone") })
      let stranger = try await Fixture(database, name: "stranger")
      let foreign = try await EventExplainer(database, workspace: stranger.workspace).explain(id)
      #expect(foreign.outcome == .unseen && foreign.stored == nil)
    }
  }

  @Test("A quarantined event is told with its reason and its body")
  func quarantined() async throws {
    try await withTestDatabase { database in
      let fixture = try await Fixture(database)
      try await fixture.withDoor { (door, _) async throws in
        _ = try await fixture.receive(door, [fixture.event("old", secondsAgo: 401 * 86_400)])
      }
      let explainer = EventExplainer(database, workspace: fixture.workspace)
      let ids = try await explainer.ids(messageID: "old", source: .native, timestamp: nil)
      let fate = try await explainer.explain(try #require(ids.first))
      #expect(fate.outcome == .quarantined && fate.quarantined?.reason == "timestamp_out_of_range")
      #expect(fate.sentences[0].contains("too long ago to be true"), "\(fate.sentences)")
      #expect(fate.sentences[1].contains("\"message_id\":\"old\""))
    }
  }

  @Test("An event that is not there is told apart by whether its day is, and what was rejected around then")
  func absent() async throws {
    try await withTestDatabase { database in
      let fixture = try await Fixture(database)
      let explainer = EventExplainer(database, workspace: fixture.workspace)
      let id = try await id("never", fixture, at: sent)
      let before = try await explainer.explain(id)
      #expect(before.outcome == .unseen && before.retention?.day == "2026-11-15")
      #expect(before.sentences[0] == "Never stored: there are no events of 2026-11-15 at all.")
      #expect(before.sentences.last == "Around then no event came in at all.")
      try await fixture.withDoor { (door, _) async throws in
        _ = try await fixture.receive(door, [fixture.event("m"), "{}"])
      }
      let after = try await explainer.explain(id)
      #expect(after.retention == nil && after.outcome == .unseen)
      #expect(after.sentences[0].contains("others of its day are there"))
      #expect(
        after.sentences.last?.contains("2 events came in, of which 1 were rejected") == true,
        "\(after.sentences)")
      let other = try await explainer.explain(UUID())
      #expect(other.sentences.count == 1 && other.sentences[0].contains("version 8"))
    }
  }
}
