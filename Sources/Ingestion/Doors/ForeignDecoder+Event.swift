import Campaigns
import FoundationEssentials

/// Why an event in a foreign format was not understood.
struct ForeignProblem: Error {
  var code: Rejection.Code
  var message: String
}

/// From the values that were met to the event they mean.
extension ForeignDecoder {
  mutating func event() throws(ForeignProblem) -> RawEvent {
    // What is no engagement is not looked at more closely: other products share these protocols with us.
    let kind = try kind()
    guard walk.textIsValid else {
      throw ForeignProblem(
        code: .invalidText,
        message: "a text in the event is not valid UTF-8, or holds a lone surrogate or unknown escape")
    }
    if let duplicate = walk.duplicate {
      throw ForeignProblem(
        code: .duplicateField, message: "'\(format.fields[duplicate].path)' is given twice")
    }
    try requireCloudEvent()
    var event = RawEvent()
    event.kind = kind
    event.consent = try consent()
    event.variant = try variant()
    guard let viewer = try identifier(.viewer) else { throw missing(.viewer) }
    event.viewer = viewer
    event.timestampMs = try timestamp()
    event.messageID = try messageID()
    event.placement = try identifier(.placement)
    event.valueMicros = try value()
    event.currency = try currency()
    event.userAgent = try text(.userAgent)
    event.device = device()
    if case .bool(true)? = found(.isMobile).first?.value { event.isMobile = true }
    return event
  }

  private mutating func kind() throws(ForeignProblem) -> EventKind {
    let call = try text(.call)
    if let wanted = format.eventCall, let call, !call.elementsEqual(wanted.utf8) {
      throw ForeignProblem(
        code: .notEngagement,
        message: "a call of type '\(Self.quoted(call))' tells nothing a viewer did with an ad")
    }
    guard let name = try text(.name) else {
      if format.eventCall != nil, call == nil {
        throw ForeignProblem(
          code: .notEngagement, message: "only calls with an event tell what a viewer did with an ad")
      }
      throw missing(.name)
    }
    guard let kind = vocabulary.kind(of: name) else {
      throw ForeignProblem(
        code: .notEngagement,
        message: "'\(Self.quoted(name))' is not a name of any kind of event; config/events.yaml lists them")
    }
    return kind
  }

  private mutating func variant() throws(ForeignProblem) -> UUID {
    if let text = try text(.variant) {
      guard let variant = UUID(text) else { throw wrong(.variant, .invalidValue, "the variant's UUID") }
      return variant
    }
    for (_, value) in found(.campaignContent) {
      if case .text(let string) = value, let text = texts.text(of: string, in: scanner),
        let variant = UUID(text)
      {
        return variant
      }
    }
    throw missing(.variant)
  }

  private mutating func timestamp() throws(ForeignProblem) -> Int64 {
    guard let (_, value) = found(.timestamp).first else {
      guard let sentAt = envelope.sentAtMs else { throw missing(.timestamp) }
      return sentAt
    }
    switch value {
    case .number(let number, _): if let time = number.integer { return time }
    case .text(let string):
      guard let text = texts.text(of: string, in: scanner) else { break }
      if let time = Timestamp.milliseconds(rfc3339: text) { return time }
      guard format.assumesUTC, let withOffset = texts.appending(UInt8(ascii: "Z"), to: text) else { break }
      if let time = Timestamp.milliseconds(rfc3339: withOffset) { return time }
    default: break
    }
    throw wrong(
      .timestamp, .malformedTimestamp,
      "an RFC 3339 date and time with offset, or whole milliseconds since 1970")
  }

  /// A CloudEvent's id is its own within its source only.
  private mutating func messageID() throws(ForeignProblem) -> RawEvent.Text? {
    guard let id = try identifier(.messageID) else { return nil }
    guard let origin = try identifier(.origin) else { return id }
    return texts.join(origin, 0, id)
  }

  private func value() throws(ForeignProblem) -> Int64? {
    guard let (_, value) = found(.value).first else { return nil }
    guard case .number(let number, _) = value else {
      throw wrong(.value, .wrongType, "a number from 0 to 1,000,000,000")
    }
    guard let micros = number.scaled(byPowerOfTen: 6)?.value, (0...1_000_000_000_000_000).contains(micros)
    else { throw wrong(.value, .numberOutOfRange, "a number from 0 to 1,000,000,000") }
    return micros
  }

  private mutating func currency() throws(ForeignProblem) -> RawEvent.Text? {
    guard let text = try text(.currency) else { return nil }
    guard text.count == 3, text.allSatisfy({ (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) }) else {
      throw wrong(.currency, .invalidValue, "three upper-case letters (ISO 4217)")
    }
    return text
  }

  /// The first that is known. Other products say here what they like, so nothing of it costs an event.
  private mutating func device() -> DeviceType? {
    for (_, value) in found(.device) {
      switch value {
      case .text(let string) where string.isValid:
        if let word = texts.text(of: string, in: scanner), let type = DeviceType(word: word) { return type }
      case .number(let number, _):
        if let type = number.integer.flatMap({ DeviceType(adCOM: $0) }) { return type }
      default: continue
      }
    }
    return nil
  }

  private mutating func requireCloudEvent() throws(ForeignProblem) {
    guard format.fields.contains(where: { $0.meaning == .specVersion }) else { return }
    guard let version = try text(.specVersion) else { throw missing(.specVersion) }
    guard version.elementsEqual("1.0".utf8) else { throw wrong(.specVersion, .invalidValue, "1.0") }
    if try text(.origin) == nil { throw missing(.origin) }
    if try text(.messageID) == nil { throw missing(.messageID) }
    if !found(.encodedData).isEmpty {
      throw wrong(.encodedData, .wrongType, "left out: send the event's fields as JSON in 'data'")
    }
    if let type = try text(.contentType), !Self.isJSON(type) {
      throw wrong(.contentType, .invalidValue, "application/json or another JSON type")
    }
  }

  private static func isJSON(_ type: RawEvent.Text) -> Bool {
    let name = String(decoding: type, as: UTF8.self).lowercased().prefix { $0 != ";" && $0 != " " }
    return name.hasSuffix("/json") || name.hasSuffix("+json")
  }

  /// For messages: short, without control characters.
  private static func quoted(_ text: RawEvent.Text) -> String {
    String(decoding: text.prefix(60).map { $0 < 0x20 ? UInt8(ascii: "?") : $0 }, as: UTF8.self)
  }
}
