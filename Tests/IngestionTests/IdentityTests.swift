import Campaigns
import Foundation
import Testing

@testable import Ingestion

/// Figures of Python's hashlib, hmac and uuid. They stand in databases: nothing that makes ids faster may change them.
@Suite("Ids that must never change")
struct IdentityTests {
  private let workspace = Identifier<Workspace>(
    UUID(uuidString: "018f2f6e-7b1a-7c3d-9e4f-001122334455") ?? UUID())

  private func withText<R>(_ text: String, _ body: (RawEvent.Text) throws -> R) rethrows -> R {
    try Array(text.utf8).withUnsafeBufferPointer(body)
  }

  private func id(of messageID: String, source: EventSource = .native) -> String {
    withText(messageID) { text in
      var event = RawEvent()
      event.timestampMs = 1_793_613_600_123
      event.messageID = text
      return EventIdentity(workspace: workspace, source: source).id(of: event).uuid.uuidString.lowercased()
    }
  }

  @Test(
    "An event's id is that of its message id, whether that fills one block of the hash or many",
    arguments: [
      ("m-1", "01a19bb3-957b-8eaf-8a5a-98e818861b28"),
      (String(repeating: "x", count: 31), "01a19bb3-957b-8b0a-9881-834f1fd8abe1"),
      (String(repeating: "x", count: 32), "01a19bb3-957b-8756-bd35-9f1631057c46"),
      (String(repeating: "0123456789abcdef", count: 16), "01a19bb3-957b-8e39-85cb-609f0824d1d5"),
    ])
  func messageIDs(messageID: String, expected: String) {
    #expect(id(of: messageID) == expected)
    #expect(id(of: messageID, source: .file) == expected)
  }

  @Test("The same message id through another door is another event")
  func otherSource() {
    #expect(id(of: "m-1", source: .segment) == "01a19bb3-957b-8789-b8b4-0562ab7dfcc1")
  }

  @Test("An event without message id has the id of its fields")
  func fields() throws {
    let id = try withText("v-1") { viewer in
      try withText("tiktok.infeed") { placement in
        var event = RawEvent()
        event.timestampMs = 1_793_613_600_123
        event.variant = try #require(UUID(uuidString: "018f2f6e-7b1a-7c3d-9e4f-0011223344ff"))
        event.kind = .click
        event.viewer = viewer
        event.placement = placement
        return EventIdentity(workspace: workspace, source: .native).id(of: event)
      }
    }
    #expect(id.uuid.uuidString.lowercased() == "01a19bb3-957b-8197-891e-4c630f17fcac")
  }

  @Test(
    "A viewer's pseudonym is its HMAC, whether the name fills one block or many",
    arguments: [
      ("v-1", "e2e51dc6-edaf-8c8d-850a-543750df6cee"),
      (String(repeating: "v", count: 39), "6ec639a3-8272-80df-b34d-dc6e13a98b3a"),
      (String(repeating: "v", count: 40), "b1deec6e-94c4-8a14-b3c3-a90c7d679626"),
      (String(repeating: "v", count: 256), "a6340dd7-b735-8d75-8d2a-61293e986006"),
      ("é😀", "4e0e9e54-e53b-8419-8c02-240f97173949"),
    ])
  func pseudonyms(viewer: String, expected: String) {
    let pseudonym = ViewerPseudonym(secret: [UInt8](repeating: 7, count: 32))
    let id = withText(viewer) { pseudonym.id(of: $0, in: workspace) }
    #expect(id.uuidString.lowercased() == expected)
  }
}
