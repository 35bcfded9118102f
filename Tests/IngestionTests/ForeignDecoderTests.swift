import Campaigns
import Foundation
import TestKit
import Testing

@testable import Ingestion

@Suite("Reading foreign formats")
struct ForeignDecoderTests {
  private static let variant = "\"variant_id\":\"019a0000-0000-7000-8000-000000000001\""

  @Test("One call, a list of calls and an object with a list of calls are all read")
  func forms() throws {
    let call = ForeignSample.track()
    for (body, count) in [
      (call, 1), ("[\(call),\(call)]", 2), ("{\"batch\":[\(call), \(call)],\"sentAt\":null}", 2),
      ("{\"sentAt\":\"2026-11-16T10:00:00Z\",\"batch\":[]}", 0), ("[]", 0), (" { \"batch\" : [ ] } ", 0),
    ] {
      let read = try ForeignSample(body, .segment)
      #expect(read.events.count == count && read.rejections.isEmpty, "\(body)")
    }
  }

  @Test("A body that is not whole JSON is refused, with the byte where it breaks")
  func malformed() throws {
    let call = ForeignSample.track()
    for body in [
      "", "  ", "7", "{\"batch\":[\(call)", "{\"batch\":[\(call)]} x", "[\(call)] 1", "[\(call),]",
      "{\"batch\":[],\"batch\":[]}", "{\"batch\":[\(call)\(call)]}",
    ] {
      #expect(throws: BodyError.self, "\(body)") { try ForeignSample(body, .segment) }
    }
    let deep = String(repeating: "[", count: 10_000)
    #expect(throws: BodyError.self) { try ForeignSample("{\"batch\":\(deep)", .segment) }
  }

  @Test("An element that is no event is rejected alone and its neighbours are read")
  func aloneRejected() throws {
    let tooLarge = ForeignSample.track(["x": "\"\(String(repeating: "x", count: 40_000))\""])
    let body = "{\"batch\":[5,\(ForeignSample.track()),\(tooLarge),null,{},\(ForeignSample.track())]}"
    let read = try ForeignSample(body, .segment)
    #expect(read.events.count == 2)
    #expect(read.codes == [.notAnObject, .eventTooLarge, .notAnObject, .notEngagement])
    #expect(read.rejections.map(\.index) == [0, 2, 3, 4])
  }

  @Test("What is missing, wrong or given twice is named by its place")
  func problems() throws {
    let cases: [([String: String], Rejection.Code, String)] = [
      (["event": "\"Cart Viewed\""], .notEngagement, "Cart Viewed"),
      (["type": "\"page\""], .notEngagement, "page"),
      (["properties": "{}"], .missingField, "properties.variant_id"),
      (["properties": "{\"variant_id\":\"x\"}"], .invalidValue, "properties.variant_id"),
      (["anonymousId": "null"], .missingField, "'userId'"),
      (["anonymousId": "{}"], .wrongType, "anonymousId"),
      (["timestamp": "\"yesterday\""], .malformedTimestamp, "timestamp"),
      (["timestamp": "null"], .missingField, "timestamp"),
      (["properties": "{\(Self.variant),\"revenue\":\"9\"}"], .wrongType, "properties.revenue"),
      (["properties": "{\(Self.variant),\"value\":-1}"], .numberOutOfRange, "properties.value"),
      (["properties": "{\(Self.variant),\"currency\":\"eur\"}"], .invalidValue, "currency"),
      (["properties": "{\(Self.variant),\(Self.variant)}"], .duplicateField, "properties.variant_id"),
      (["messageId": "\"\(String(repeating: "m", count: 257))\""], .tooLong, "messageId"),
      (["anonymousId": "\"\\ud800\""], .invalidText, "surrogate"),
    ]
    for (changes, code, words) in cases {
      let read = try ForeignSample("{\"batch\":[\(ForeignSample.track(changes))]}", .segment)
      #expect(read.codes == [code], "\(changes)")
      #expect(read.rejections.first?.message.contains(words) == true, "\(read.rejections)")
    }
  }

  @Test("The viewer is the one named for us, else the anonymous id, else the user's, else the distinct id")
  func viewers() throws {
    let both = ForeignSample.track([
      "userId": "7", "properties": "{\(Self.variant),\"viewer_id\":\"v\"}",
    ])
    #expect(try ForeignSample(both, .segment).events.first?.viewer == "v")
    #expect(try ForeignSample(ForeignSample.track(["userId": "7"]), .segment).events.first?.viewer == "a")
    let user = ForeignSample.track(["userId": "7", "anonymousId": "\"\""])
    #expect(try ForeignSample(user, .segment).events.first?.viewer == "7")
    let own = ForeignSample.track(["distinct_id": "\"d\""])
    #expect(try ForeignSample(own, .postHog).events.first?.viewer == "d")
  }

  @Test("The client's own time is taken before a corrected one, and the body's only where there is none")
  func times() throws {
    let original = ForeignSample.track(["originalTimestamp": "\"2026-11-16T09:00:00.5+01:00\""])
    #expect(try ForeignSample(original, .segment).events.first?.timestampMs == 1_794_816_000_500)
    let none = ForeignSample.track(["timestamp": "null"])
    let body = "{\"batch\":[\(none)],\"sentAt\":\"2026-11-16T10:00:01Z\"}"
    #expect(try ForeignSample(body, .segment).events.first?.timestampMs == 1_794_823_201_000)
    let bare =
      "{\"event\":\"click\",\"distinct_id\":\"d\",\"timestamp\":\"2026-11-16T10:00:00.123456\","
      + "\"properties\":{\(Self.variant)}}"
    #expect(try ForeignSample(bare, .postHog).events.first?.timestampMs == 1_794_823_200_123)
    let vague = ForeignSample.track(["timestamp": "\"2026-11-16T10:00:00\""])
    #expect(try ForeignSample(vague, .segment).codes == [.malformedTimestamp])
  }

  @Test("A campaign's content is the variant where it is a UUID and nothing else says so")
  func campaignContent() throws {
    let id = "019a0000-0000-7000-8000-000000000001"
    let utm = ForeignSample.track(["properties": "{}", "context": "{\"campaign\":{\"content\":\"\(id)\"}}"])
    #expect(try ForeignSample(utm, .segment).events.first?.variant == ForeignSample.variant)
    let text = ForeignSample.track(["properties": "{\"utm_content\":\"blue\"}"])
    #expect(try ForeignSample(text, .segment).codes == [.missingField])
  }

  @Test("Measurement that is not clearly allowed is denied; other categories say nothing of it")
  func consent() throws {
    func statement(_ context: String) throws -> ConsentStatement? {
      try ForeignSample(ForeignSample.track(["context": context]), .segment).events.first?.consent
    }
    func categories(_ preferences: String) throws -> ConsentStatement? {
      try statement("{\"consent\":{\"categoryPreferences\":\(preferences)}}")
    }
    #expect(try categories("{\"Advertising\":false,\"Analytics\":true}") == .granted)
    #expect(try categories("{\"ANALYTICS\":false}") == .denied)
    #expect(try categories("{\"Analytics\":true,\"C0002\":false}") == .denied)
    #expect(try categories("{\"Analytics\":\"yes\"}") == .denied)
    #expect(try categories("{\"Advertising\":false}") == .unstated)
    #expect(try categories("[]") == .denied)
    #expect(try categories("null") == .unstated)
    #expect(try statement("{\"consentManagement\":{\"deniedConsentIds\":[\"Analytics\"]}}") == .denied)
    #expect(try statement("{\"consentManagement\":{\"allowedConsentIds\":[\"Analytics\"]}}") == .granted)
    #expect(try statement("{\"consentManagement\":{\"deniedConsentIds\":\"Analytics\"}}") == .denied)
  }

  @Test("Names are compared without case, spaces, underscores and dashes")
  func names() throws {
    for name in ["Video Ad Started", "video_ad_started", "VIDEO-AD-STARTED", "videoadstarted", "start"] {
      let read = try ForeignSample(ForeignSample.track(["event": "\"\(name)\""]), .segment)
      #expect(read.events.map(\.kind) == [.start], "\(name)")
    }
  }

  @Test("A vocabulary that gives one name to two kinds, or names no kind, is refused with the line")
  func vocabularyProblems() throws {
    let file = FileManager.default.temporaryDirectory.appending(path: "events-\(UUID().uuidString).yaml")
    defer { unlink(file.path) }
    let text = """
      schema: retake.events/1
      names:
        click: [Tapped]
        skip: [tapped]
        clik: [x]
      measurement_categories: []
      """
    try Data(text.utf8).write(to: file)
    let error = #expect(throws: (any Error).self) { try EventVocabulary(path: file.path) }
    let message = error.map { "\($0)" } ?? ""
    #expect(message.contains(":4:") && message.contains("is a name of click already"), "\(message)")
    #expect(message.contains("clik"), "\(message)")
  }

  @Test("A key in the body is found wherever SDKs put it, and not in events that only mention one")
  func keys() {
    func key(_ body: String) -> String? { BodyKey.find(in: Array(body.utf8)) }
    #expect(key("{\"batch\":[{\"a\":1}],\"api_key\":\"k\"}") == "k")
    #expect(key("{\"token\":\"k\",\"event\":\"e\"}") == "k")
    #expect(key("[{\"event\":\"e\",\"properties\":{\"token\":\"k\"}},{}]") == "k")
    #expect(key("{\"batch\":[{\"api_key\":\"k\"}]}") == nil)
    #expect(key("{\"api_key\":5}") == nil)
    #expect(key("not JSON") == nil)
    #expect(key("") == nil)
  }
}
