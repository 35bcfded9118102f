import Campaigns
import Foundation
import Testing

@testable import Ingestion

/// CloudEvents 1.0.2: the JSON event format and the HTTP protocol binding.
@Suite("CloudEvents")
struct CloudEventTests {
  private static let data =
    "{\"variant_id\":\"019a0000-0000-7000-8000-000000000001\",\"viewer_id\":\"v\",\"value\":1.5}"

  private func event(_ changes: [String: String?] = [:]) -> String {
    var fields: [String: String] = [
      "specversion": "\"1.0\"", "id": "\"A234-1234\"", "source": "\"/player/7\"",
      "type": "\"com.example.ads.video-ad-started\"", "time": "\"2026-11-16T10:00:00Z\"",
      "datacontenttype": "\"application/json\"", "data": Self.data,
    ]
    for (key, value) in changes { fields[key] = value }
    return "{" + fields.sorted { $0.key < $1.key }.map { "\"\($0.key)\":\($0.value)" }.joined(separator: ",")
      + "}"
  }

  @Test("A structured event and a batch of them are read")
  func structured() throws {
    let read = try ForeignSample(event(), .cloudEvents)
    #expect(read.events.map(\.kind) == [.start])
    #expect(read.events.map(\.viewer) == ["v"])
    #expect(read.events.map(\.messageID) == ["/player/7\0A234-1234"])
    #expect(read.events.map(\.valueMicros) == [1_500_000])
    let batch = try ForeignSample("[\(event()), \(event(["id": "\"B\""]))]", .cloudEvents)
    #expect(batch.events.map(\.messageID) == ["/player/7\0A234-1234", "/player/7\0B"])
    #expect(try ForeignSample("[]", .cloudEvents).events.isEmpty)
  }

  @Test("The attributes the specification requires are required, and only JSON data is read")
  func required() throws {
    for (changes, code, words) in [
      (["specversion": nil], .missingField, "specversion"), (["id": nil], .missingField, "'id'"),
      (["source": nil], .missingField, "source"), (["type": nil], .missingField, "type"),
      (["specversion": "\"0.3\""], .invalidValue, "1.0"), (["time": nil], .missingField, "time"),
      (["datacontenttype": "\"application/xml\""], .invalidValue, "JSON"),
      (["data": nil, "data_base64": "\"e30=\""], .wrongType, "data_base64"),
      (["data": "\"text\""], .missingField, "data.variant_id"),
      (["type": "\"com.github.pull_request.opened\""], .notEngagement, "pull_request"),
    ] as [([String: String?], Rejection.Code, String)] {
      let read = try ForeignSample(event(changes), .cloudEvents)
      #expect(read.codes == [code], "\(changes)")
      #expect(read.rejections.first?.message.contains(words) == true, "\(read.rejections)")
    }
  }

  @Test("A binary event's headers and body say the same as a structured event")
  func binary() throws {
    let body = try CloudEventBinding.structured(
      attributes: [
        ("specversion", "1.0"), ("id", "A 1"), ("Source", "/caf%C3%A9%20%22x%22"), ("type", "click"),
        ("time", "2026-11-16T10:00:00Z"), ("subject", "019a0000-0000-7000-8000-000000000001"),
      ], contentType: "application/vnd.acme+json; charset=utf-8", data: Array("{\"viewer_id\":\"v\"}".utf8))
    let read = try ForeignSample(String(decoding: body, as: UTF8.self), .cloudEvents)
    #expect(read.rejections.isEmpty, "\(read.rejections)")
    #expect(read.events.map(\.messageID) == ["/café \"x\"\0A 1"])
    #expect(read.events.map(\.variant) == [ForeignSample.variant])
  }

  @Test("A body that is not one JSON value cannot break out of its place")
  func binaryBody() throws {
    for data in ["{}, \"id\":\"other\"", "{} {}", "{", "\u{FEFF}{}", "nul"] {
      #expect(throws: BodyError.self, "\(data)") {
        try CloudEventBinding.structured(attributes: [], contentType: nil, data: Array(data.utf8))
      }
    }
    let empty = try CloudEventBinding.structured(
      attributes: [("id", "1")], contentType: nil, data: Array(" \n".utf8))
    #expect(String(decoding: empty, as: UTF8.self) == "{\"id\":\"1\"}")
  }
}
