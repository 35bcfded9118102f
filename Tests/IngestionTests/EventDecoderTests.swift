import Campaigns
import Foundation
import Testing

@testable import Ingestion

/// What a body decodes to, with the texts copied out.
struct Decoded: Equatable {
  struct Event: Equatable {
    var index: Int
    var kind: EventKind
    var variant: UUID
    var viewer: String
    var timestampMs: Int64
    var messageID: String?
    var placement: String?
    var valueMicros: Int64?
    var currency: String?
    var device: DeviceType?
  }
  var events: [Event] = []
  var rejections: [Rejection] = []

  init(_ body: some Collection<UInt8>, limits: DecodingLimits = DecodingLimits()) throws {
    let bytes = Array(body)
    try bytes.withUnsafeBufferPointer { buffer in
      var decoder = try EventDecoder(buffer, limits: limits)
      func text(_ text: RawEvent.Text?) -> String? { text.map { String(decoding: $0, as: UTF8.self) } }
      while let element = try decoder.next() {
        switch element {
        case .event(let event):
          events.append(
            Event(
              index: event.index, kind: event.kind, variant: event.variant, viewer: text(event.viewer) ?? "",
              timestampMs: event.timestampMs, messageID: text(event.messageID),
              placement: text(event.placement), valueMicros: event.valueMicros,
              currency: text(event.currency),
              device: event.device))
        case .rejected(let rejection): rejections.append(rejection)
        }
      }
    }
  }

  init(_ body: String, limits: DecodingLimits = DecodingLimits()) throws {
    try self.init(body.utf8, limits: limits)
  }
}

let someVariant = "018f2f6e-7b1a-7c3d-9e4f-001122334455"

/// One event as JSON, with fields replaced or (by nil) left out; values are JSON.
func eventJSON(_ changes: [String: String?] = [:]) -> String {
  var fields = [
    ("type", "\"impression\""), ("variant_id", "\"\(someVariant)\""), ("viewer_id", "\"v-1\""),
    ("timestamp", "1793527200123"),
  ]
  for (key, value) in changes.sorted(by: { $0.key < $1.key }) {
    fields.removeAll { $0.0 == key }
    if let value { fields.append((key, value)) }
  }
  return "{" + fields.map { "\"\($0.0)\":\($0.1)" }.joined(separator: ",") + "}"
}

@Suite("Decoding events")
struct EventDecoderTests {
  @Test("Every field of an event is read, in any order, with unknown keys skipped")
  func readsEveryField() throws {
    let body = """
      [ {"currency":"EUR","x":{"y":[1,{"z":null}],"w":"\\u00e9"},"value":12.50,"placement":"tiktok.infeed",
        "message_id":"m-\\u00e9\\ud83d\\ude00\\n","timestamp":"2026-11-02T10:00:00.123Z","viewer_id":"v-é",
        "variant_id":"\(someVariant.uppercased())","type":"first_quartile"} ]
      """
    let decoded = try Decoded(body)
    #expect(
      decoded.events == [
        Decoded.Event(
          index: 0, kind: .firstQuartile, variant: try #require(UUID(uuidString: someVariant)), viewer: "v-é",
          timestampMs: 1_793_613_600_123, messageID: "m-é😀\n", placement: "tiktok.infeed",
          valueMicros: 12_500_000, currency: "EUR")
      ])
    #expect(decoded.rejections.isEmpty)
  }

  @Test("An array and the same events on lines decode alike")
  func arrayAndLinesAgree() throws {
    let events = (0..<5).map { eventJSON(["viewer_id": "\"v-\($0)\""]) }
    let array = try Decoded("[" + events.joined(separator: " ,\n") + "]\n")
    #expect(array.events.count == 5)
    #expect(try Decoded(events.joined(separator: "\n")) == array)
    #expect(try Decoded("\n" + events.joined(separator: "\r\n\n ") + "\n\n") == array)
    #expect(try Decoded("\u{FEFF}" + events.joined(separator: "\n")) == array)
  }

  @Test("An object printed over several lines is one event")
  func prettyPrintedObject() throws {
    #expect(try Decoded(eventJSON().replacingOccurrences(of: ",", with: ",\n  ")).events.count == 1)
  }

  @Test(
    "One bad element costs only itself and says what is wrong",
    arguments: [
      ("42", Rejection.Code.notAnObject), ("null", .notAnObject), ("[]", .notAnObject),
      ("{}", .missingField),
      (eventJSON(["type": nil]), .missingField), (eventJSON(["viewer_id": nil]), .missingField),
      (eventJSON(["timestamp": nil]), .missingField), (eventJSON(["variant_id": "null"]), .missingField),
      (eventJSON(["type": "\"impresion\""]), .unknownType), (eventJSON(["type": "1"]), .wrongType),
      (eventJSON(["viewer_id": "17"]), .wrongType), (eventJSON(["viewer_id": "\"\""]), .invalidValue),
      (eventJSON(["viewer_id": "\"\(String(repeating: "v", count: 257))\""]), .tooLong),
      (eventJSON(["variant_id": "\"018f2f6e\""]), .invalidValue),
      (eventJSON(["variant_id": "\"g18f2f6e-7b1a-7c3d-9e4f-001122334455\""]), .invalidValue),
      (eventJSON(["timestamp": "\"2026-11-02\""]), .malformedTimestamp),
      (eventJSON(["timestamp": "1.5"]), .malformedTimestamp),
      (eventJSON(["timestamp": "1e400"]), .malformedTimestamp),
      (eventJSON(["timestamp": "true"]), .wrongType), (eventJSON(["value": "\"12\""]), .wrongType),
      (eventJSON(["value": "1e400"]), .numberOutOfRange), (eventJSON(["value": "-1"]), .numberOutOfRange),
      (eventJSON(["currency": "\"eur\""]), .invalidValue), (eventJSON(["placement": "{}"]), .wrongType),
      (eventJSON(["x": "\"\\ud800\""]), .invalidText), (eventJSON(["viewer_id": "\"\\q\""]), .invalidText),
      (eventJSON(["x": "0,\"type\":\"click\""]), .duplicateField),
      (eventJSON(["x": "\"\(String(repeating: "x", count: 40_000))\""]), .eventTooLarge),
    ])
  func rejectsAlone(element: String, code: Rejection.Code) throws {
    let good = eventJSON()
    for body in ["[\(good),\(element),\(good)]", "\(good)\n\(element)\n\(good)"] {
      let decoded = try Decoded(body)
      #expect(decoded.events.map(\.index) == [0, 2])
      #expect(decoded.rejections.map(\.index) == [1])
      #expect(decoded.rejections.map(\.code) == [code])
    }
  }

  @Test("Broken UTF-8 costs only the event it stands in")
  func brokenUTF8() throws {
    let good = Array(eventJSON().utf8)
    for bad: [UInt8] in [
      [0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xE2, 0x82],
    ] {
      let broken = Array("{\"viewer_id\":\"".utf8) + bad + Array("\"}".utf8)
      let decoded = try Decoded(Array("[".utf8) + good + [0x2C] + broken + [0x2C] + good + [0x5D])
      #expect(decoded.events.map(\.index) == [0, 2])
      #expect(decoded.rejections.map(\.code) == [.invalidText])
    }
  }

  @Test("A line that is not JSON costs only itself, even when its rest could swallow the next")
  func brokenLine() throws {
    let good = eventJSON()
    for bad in [
      "{", "{\"type\":\"click\",", "{\"x\":", "{\"x\":[", "{\"x\":\"", "}", "nul", "\(good)\(good)",
      "{\"a\" 1}",
    ] {
      let decoded = try Decoded([good, bad, good, good].joined(separator: "\n"))
      #expect(decoded.events.map(\.index) == [0, 2, 3], "\(bad)")
      #expect(decoded.rejections.map(\.code) == [.malformedJSON], "\(bad)")
    }
  }

  @Test(
    "A broken array is refused as a whole, at the byte where it breaks",
    arguments: [
      ("[", 1), ("[{}", 3), ("[{},]", 4), ("[{}] x", 5), ("[{\"a\":1 \"b\"}]", 8), ("[{\"a\":01}]", 7),
      ("[{\"a\":1.}]", 8), ("[{\"a\":\"\u{1}\"}]", 7), ("[nul]", 4), ("[{a:1}]", 2), ("x", 0), ("\"x\"", 0),
      ("[-]", 2), ("[1e]", 3), ("[tru", 4), ("[\"", 2),
    ])
  func brokenArray(body: String, offset: Int) throws {
    let error = #expect(throws: BodyError.self) { _ = try Decoded(body) }
    #expect(error?.code == .malformedJSON)
    #expect(error?.offset == offset)
  }

  @Test("Nothing, a nest too deep and too many events are refused by name")
  func limits() throws {
    #expect(throws: BodyError(code: .emptyBody, offset: 2, message: "the body holds no event")) {
      _ = try Decoded(" \n")
    }
    #expect(try Decoded("[]") == Decoded("[ ]\n"))
    let deep = "[" + String(repeating: "[", count: 10_000)
    #expect(#expect(throws: BodyError.self) { _ = try Decoded(deep) }?.code == .tooDeep)
    let two = DecodingLimits(eventsPerBody: 2)
    #expect(try Decoded("[{},{}]", limits: two).rejections.count == 2)
    #expect(
      #expect(throws: BodyError.self) { _ = try Decoded("[{},{},{}]", limits: two) }?.code == .tooManyEvents)
  }

  @Test("A nested value at the depth limit is read, one deeper is not", arguments: [3, 8, 32, 64])
  func depthLimit(limit: Int) throws {
    let limits = DecodingLimits(depth: limit)
    func body(_ depth: Int) -> String {
      "[{\"x\":" + String(repeating: "[", count: depth) + String(repeating: "]", count: depth) + "}]"
    }
    #expect(try Decoded(body(limit - 2), limits: limits).rejections.map(\.code) == [.missingField])
    #expect(throws: BodyError.self) { _ = try Decoded(body(limit - 1), limits: limits) }
  }

  @Test(
    "Money is read exactly",
    arguments: [
      ("0", 0), ("12.50", 12_500_000), ("0.000001", 1), ("1e3", 1_000_000_000), ("1E-6", 1),
      ("19.99", 19_990_000),
      ("0.0000005", 1), ("0.0000004", 0), ("-0", 0), ("1000000000", 1_000_000_000_000_000), ("1e-400", 0),
      ("0e400", 0), ("123.45600000000000000000000", 123_456_000),
    ] as [(String, Int64)])
  func money(text: String, micros: Int64) throws {
    #expect(try Decoded("[\(eventJSON(["value": text]))]").events.map(\.valueMicros) == [micros])
  }

  @Test("An event reads the same wherever it stands, to the last byte of the buffer and with any key escaped")
  func everyPlace() throws {
    let event = eventJSON([
      "timestamp": "\"2026-11-02T10:00:00.123Z\"", "message_id": "\"m\"", "placement": "\"p\"", "value": "1",
      "currency": "\"EUR\"",
    ])
    let expected = try Decoded(event)
    #expect(expected.events.count == 1 && expected.events[0].timestampMs == 1_793_613_600_123)
    for spaces in 0..<20 {
      #expect(try Decoded(String(repeating: " ", count: spaces) + event) == expected)
      #expect(try Decoded(event + String(repeating: " ", count: spaces)) == expected)
      #expect(
        try Decoded(
          event.replacingOccurrences(of: ":", with: String(repeating: " ", count: spaces) + ": ")
            .replacingOccurrences(of: "10 *: *00 *: *00", with: "10:00:00", options: .regularExpression))
          == expected)
    }
    for key in [
      "type", "variant_id", "viewer_id", "timestamp", "message_id", "placement", "value", "currency",
    ] {
      let escaped = "\\u00" + String(key.utf8.first ?? 0, radix: 16) + key.dropFirst()
      #expect(
        try Decoded(event.replacingOccurrences(of: "\"\(key)\"", with: "\"\(escaped)\"")) == expected,
        "\(key)")
      // A key that only begins or ends like one of ours is nobody's.
      for other in [key + "x", "x" + key, String(key.dropLast()), key.uppercased()] {
        let decoded = try Decoded(event.replacingOccurrences(of: "\"\(key)\"", with: "\"\(other)\""))
        #expect(decoded != expected, "\(other)")
      }
    }
  }

  @Test(
    "A body cut off anywhere is refused, and damaged anywhere it yields one event or none", arguments: 0..<2)
  func cutAndDamaged(seed: UInt64) throws {
    let event = eventJSON([
      "timestamp": "\"2026-11-02T10:00:00.123Z\"", "message_id": "\"m\\u00e9\"", "value": "12.50",
    ])
    let body = Array("[\(event)]".utf8)
    for length in 0..<body.count {
      #expect(throws: BodyError.self) { _ = try Decoded(body[..<length]) }
    }
    var random = Seeded(seed: seed)
    for at in body.indices {
      for _ in 0..<12 {
        var damaged = body
        damaged[at] = .random(in: .min ... .max, using: &random)
        do {
          let decoded = try Decoded(damaged)
          #expect(decoded.events.count + decoded.rejections.count == 1)
        } catch let error as BodyError {
          #expect(error.offset <= damaged.count)
        }
      }
    }
  }

  @Test("Every kind is read by its name, and no other name is a kind")
  func kinds() throws {
    for kind in EventKind.allCases {
      #expect(try Decoded(eventJSON(["type": "\"\(kind.name)\""])).events.map(\.kind) == [kind])
      for wrong in [
        kind.name + "s", String(kind.name.dropLast()), kind.name.uppercased(), "x" + kind.name.dropFirst(),
      ] {
        #expect(try Decoded(eventJSON(["type": "\"\(wrong)\""])).rejections.map(\.code) == [.unknownType])
      }
    }
  }

  @Test("A UUID with any one character damaged is refused, in upper and lower case it is the same")
  func damagedUUIDs() throws {
    for at in 0..<36 {
      for byte in UInt8(0x20)..<0x7F where byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\") {
        var text = Array(someVariant.utf8)
        let isHyphen = text[at] == UInt8(ascii: "-")
        text[at] = byte
        let decoded = try Decoded(eventJSON(["variant_id": "\"\(String(decoding: text, as: UTF8.self))\""]))
        let isRight = isHyphen ? byte == UInt8(ascii: "-") : Character(UnicodeScalar(byte)).isHexDigit
        #expect(decoded.events.count == (isRight ? 1 : 0), "\(at) \(byte)")
        if isRight {
          #expect(decoded.events.first?.variant == UUID(uuidString: String(decoding: text, as: UTF8.self)))
        }
      }
    }
  }

  @Test("A duplicate of an unknown key is nobody's business")
  func unknownDuplicates() throws {
    #expect(try Decoded(eventJSON(["x": "1,\"x\":2"])).events.count == 1)
  }
}
