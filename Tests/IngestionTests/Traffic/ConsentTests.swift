import Campaigns
import Foundation
import Postgres
import TestKit
import Testing

@testable import Ingestion

@Suite("Consent")
struct ConsentTests {
  @Test(
    "Anything but a clear yes is a no; the policy decides what silence means; the event's own word goes first"
  )
  func table() {
    let statements: [ConsentStatement] = [.unstated, .granted, .denied]
    for (requirement, silence) in [(ConsentPolicy.Requirement.whenStated, true), (.required, false)] {
      let policy = ConsentPolicy(requirement)
      for event in statements {
        for client in statements {
          let wanted =
            event == .granted || event == .unstated && (client == .granted || client == .unstated && silence)
          #expect(policy.admits(event: event, client: client) == wanted, "\(requirement) \(event) \(client)")
        }
      }
    }
  }

  @Test("A consent text that no reading knows is a no, and readings are asked in their order")
  func readings() {
    struct Odd: ConsentReading {
      func statement(of text: [UInt8]) -> ConsentStatement? { text.first == 0x43 ? .granted : nil }
    }
    let plain = ConsentPolicy()
    #expect(plain.statement(of: "YES".utf8) == .granted && plain.statement(of: "0".utf8) == .denied)
    for text in ["", "maybe", "CPXxRfAPXxRfAAfKABENB-CgAAAAAAAAAAYgAAAAAAAA", "yes "] {
      #expect(plain.statement(of: text.utf8) == .denied)
    }
    let both = ConsentPolicy(readings: [Odd(), PlainConsentReading()])
    #expect(both.statement(of: "CPXx".utf8) == .granted && both.statement(of: "no".utf8) == .denied)
  }

  @Test("Of an event without consent nothing is kept, even where it would be quarantined; it is only counted")
  func nothingKept() async throws {
    try await withTestDatabase { database in
      let fixture = try await Fixture(database)
      let no = ",\"consent\":false"
      let yes = ",\"consent\":true"
      try await fixture.withDoor(nil) { door in
        let reply = try await fixture.receive(
          door,
          [
            fixture.event("a"), fixture.event("b", extra: no), fixture.event("c", extra: yes),
            fixture.event("d", secondsAgo: 500 * 86_400, extra: no),
            fixture.event("e", extra: ",\"consent\":\"perhaps\""),
          ], client: .server)
        #expect(reply.counts == EventCounts(stored: 2, rejected: 3))
        #expect(reply.rejected.map(\.code) == [.noConsent, .noConsent, .wrongType])
        // A browser that says no, and a viewer who said yes all the same.
        let client = ClientContext(isViewer: true, consent: .denied)
        let second = try await fixture.receive(
          door, [fixture.event("f"), fixture.event("g", extra: yes)], client: client)
        #expect(second.counts == EventCounts(stored: 1, rejected: 1))
      }
      #expect(try await fixture.count("quarantine") == 0)
      #expect(try await fixture.recorded() == EventCounts(stored: 3, rejected: 4))
    }
  }

  @Test("Where consent is required, silence is a no and the link's yes is enough")
  func required() async throws {
    try await withTestDatabase { database in
      let fixture = try await Fixture(database)
      try await fixture.withDoor(nil, consent: ConsentPolicy(.required)) { door in
        let silent = try await fixture.receive(door, [fixture.event("a")], client: .server)
        #expect(silent.counts == EventCounts(rejected: 1) && silent.rejected.first?.code == .noConsent)
        let linked = try await fixture.receive(
          door, [fixture.event("b"), fixture.event("c", extra: ",\"consent\":false")],
          client: ClientContext(isViewer: true, consent: .granted))
        #expect(linked.counts == EventCounts(stored: 1, rejected: 1))
      }
    }
  }
}
