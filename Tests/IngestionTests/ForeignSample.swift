import Campaigns
import Foundation
import TestKit

@testable import Ingestion

/// What a body in a foreign format decodes to, with the texts copied out.
struct ForeignSample {
  struct Read: Equatable {
    var kind: EventKind
    var variant: UUID
    var viewer: String
    var timestampMs: Int64
    var messageID: String?
    var placement: String?
    var valueMicros: Int64?
    var currency: String?
    var userAgent: String?
    var device: DeviceType?
    var isMobile = false
    var consent: ConsentStatement
  }

  var events: [Read] = []
  var rejections: [Rejection] = []

  var codes: [Rejection.Code] { rejections.map(\.code) }

  private static let vocabulary = Result {
    try EventVocabulary(path: Repository.file("config/events.yaml").path)
  }

  init(_ body: String, _ format: ForeignFormat, limits: DecodingLimits = DecodingLimits()) throws {
    try self.init(bytes: Array(body.utf8), format, limits: limits)
  }

  init(bytes: [UInt8], _ format: ForeignFormat, limits: DecodingLimits = DecodingLimits()) throws {
    let vocabulary = try Self.vocabulary.get()
    try bytes.withUnsafeBufferPointer { bytes in
      var decoder = try ForeignDecoder.open(bytes, format: format, vocabulary: vocabulary, limits: limits)
      func text(_ text: RawEvent.Text?) -> String? { text.map { String(decoding: $0, as: UTF8.self) } }
      while let element = try decoder.next() {
        switch element {
        case .event(let event):
          events.append(
            Read(
              kind: event.kind, variant: event.variant, viewer: text(event.viewer) ?? "",
              timestampMs: event.timestampMs, messageID: text(event.messageID),
              placement: text(event.placement), valueMicros: event.valueMicros,
              currency: text(event.currency),
              userAgent: text(event.userAgent), device: event.device, isMobile: event.isMobile,
              consent: event.consent))
        case .rejected(let rejection): rejections.append(rejection)
        }
      }
    }
  }

  /// A body an SDK sent, as it was captured.
  static func captured(_ name: String) throws -> String {
    try String(contentsOf: Repository.file("Tests/Golden/Doors/\(name).json"), encoding: .utf8)
  }

  static let variant = UUID(uuidString: "019A0000-0000-7000-8000-000000000001")

  /// A call of Segment's with its fields replaced by JSON values.
  static func track(_ changes: [String: String] = [:]) -> String {
    var fields = [
      "type": "\"track\"", "event": "\"Promotion Viewed\"", "anonymousId": "\"a\"", "messageId": "\"m\"",
      "timestamp": "\"2026-11-16T10:00:00Z\"",
      "properties": "{\"variant_id\":\"019a0000-0000-7000-8000-000000000001\"}",
    ]
    fields.merge(changes) { _, new in new }
    return "{" + fields.sorted { $0.key < $1.key }.map { "\"\($0.key)\":\($0.value)" }.joined(separator: ",")
      + "}"
  }
}
