import Campaigns
import FoundationEssentials

/// The fields of one event as they come: what was seen, and the first thing that is wrong.
struct EventReading {
  let limits: DecodingLimits
  let depth: Int
  private var seen: UInt16 = 0
  private var problem: EventProblem?

  init(limits: DecodingLimits, depth: Int) {
    self.limits = limits
    self.depth = depth
  }

  /// Reads or skips the value behind a key of any kind.
  @inline(never)
  mutating func field(
    _ key: JSONScanner.RawString, into event: inout RawEvent, from scanner: inout JSONScanner,
    scratch: inout Scratch
  ) throws(JSONSyntaxError) {
    guard key.isValid, let name = scratch.text(of: key, in: scanner) else {
      note(.invalidText, nil)
      _ = try scanner.skipValue(depth: depth)
      return
    }
    guard let field = EventField(key: name) else {
      if try !scanner.skipValue(depth: depth) { note(.invalidText, nil) }
      return
    }
    try value(of: field, into: &event, from: &scanner, scratch: &scratch)
  }

  /// Reads the value behind a key that is ours.
  @inline(__always)
  mutating func value(
    of field: EventField, into event: inout RawEvent, from scanner: inout JSONScanner,
    scratch: inout Scratch
  ) throws(JSONSyntaxError) {
    if field == .device { return try device(into: &event, from: &scanner, scratch: &scratch) }
    let bit: UInt16 = 1 << UInt16(field.rawValue)
    if seen & bit != 0 { note(.duplicateField, field) }
    guard let first = scanner.peek() else { throw scanner.error(.expectedValue) }
    switch first {
    case .quote:
      seen |= bit
      // What looks as it nearly always does is read without looking for its end first.
      if field == .variantID, let variant = scanner.plainUUID() {
        event.variant = variant
        return
      }
      if field == .timestamp, let time = scanner.plainTimestamp() {
        event.timestampMs = time
        return
      }
      let string = try scanner.string()
      guard string.isValid else { return note(.invalidText, field) }
      guard let text = scratch.text(of: string, in: scanner) else { return note(.tooLong, field) }
      take(text, for: field, into: &event)
    case .minus, UInt8.digits:
      seen |= bit
      take(try scanner.number(), for: field, into: &event)
    case UInt8(ascii: "n"):
      // null says the same as leaving the field out.
      try scanner.literal()
    case UInt8(ascii: "t") where field == .consent:
      seen |= bit
      try scanner.literal()
      event.consent = .granted
    case UInt8(ascii: "f") where field == .consent:
      seen |= bit
      try scanner.literal()
      event.consent = .denied
    default:
      seen |= bit
      note(.wrongType, field)
      _ = try scanner.skipValue(depth: depth)
    }
  }

  /// The first word or number for a device that is known. Clients sent keys of this name, with objects too, before it was read, so
  /// nothing that stands there costs an event.
  @inline(never)
  private mutating func device(
    into event: inout RawEvent, from scanner: inout JSONScanner, scratch: inout Scratch
  ) throws(JSONSyntaxError) {
    if let first = scanner.peek(), UInt8.digits.contains(first) {
      let number = try scanner.number()
      if event.device == nil { event.device = number.integer.flatMap { DeviceType(adCOM: $0) } }
      return
    }
    guard scanner.peek() == .quote else {
      if try !scanner.skipValue(depth: depth) { note(.invalidText, nil) }
      return
    }
    let string = try scanner.string()
    guard string.isValid else { return note(.invalidText, .device) }
    guard event.device == nil, let text = scratch.text(of: string, in: scanner) else { return }
    event.device = DeviceType(word: text)
  }

  /// The first problem of the event, now that all of it was read.
  func finish() -> EventProblem? {
    if let problem { return problem }
    if seen & 0b1111 == 0b1111 { return nil }
    return EventField.required.first { seen & (1 << UInt16($0.rawValue)) == 0 }
      .map { EventProblem(code: .missingField, field: $0) }
  }

  @inline(never)
  private mutating func note(_ code: Rejection.Code, _ field: EventField?) {
    if problem == nil { problem = EventProblem(code: code, field: field) }
  }

  @inline(__always)
  private mutating func take(_ text: RawEvent.Text, for field: EventField, into event: inout RawEvent) {
    switch field {
    case .type:
      guard let kind = EventKind(text) else { return note(.unknownType, field) }
      event.kind = kind
    case .variantID:
      guard let variant = UUID(text) else { return note(.invalidValue, field) }
      event.variant = variant
    case .viewerID:
      guard let text = identifier(text, field) else { return }
      event.viewer = text
    case .messageID:
      guard let text = identifier(text, field) else { return }
      event.messageID = text
    case .timestamp:
      guard let time = Timestamp.milliseconds(rfc3339: text) else { return note(.malformedTimestamp, field) }
      event.timestampMs = time
    case .placement:
      guard let text = identifier(text, field) else { return }
      event.placement = text
    case .currency:
      guard text.count == 3, text.allSatisfy({ (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) }) else {
        return note(.invalidValue, field)
      }
      event.currency = text
    case .userAgent: event.userAgent = text
    case .value, .consent, .device: note(.wrongType, field)
    }
  }

  private mutating func identifier(_ text: RawEvent.Text, _ field: EventField) -> RawEvent.Text? {
    if text.isEmpty { note(.invalidValue, field) }
    if text.count > limits.bytesPerIdentifier { note(.tooLong, field) }
    return text
  }

  private mutating func take(_ number: JSONNumber, for field: EventField, into event: inout RawEvent) {
    switch field {
    case .timestamp:
      guard let time = number.integer else { return note(.malformedTimestamp, field) }
      event.timestampMs = time
    case .value:
      guard let micros = number.scaled(byPowerOfTen: 6)?.value, (0...1_000_000_000_000_000).contains(micros)
      else { return note(.numberOutOfRange, field) }
      event.valueMicros = micros
    default: note(.wrongType, field)
    }
  }
}

extension EventKind {
  @inline(__always)
  init?(_ text: RawEvent.Text) {
    switch text.count {
    case 10 where text.equals("impression"): self = .impression
    case 8 where text.equals("viewable"): self = .viewable
    case 8 where text.equals("midpoint"): self = .midpoint
    case 8 where text.equals("complete"): self = .complete
    case 5 where text.equals("start"): self = .start
    case 5 where text.equals("click"): self = .click
    case 14 where text.equals("first_quartile"): self = .firstQuartile
    case 14 where text.equals("third_quartile"): self = .thirdQuartile
    case 10 where text.equals("conversion"): self = .conversion
    case 4 where text.equals("skip"): self = .skip
    case 4 where text.equals("mute"): self = .mute
    case 4 where text.equals("hide"): self = .hide
    case 11 where text.equals("interaction"): self = .interaction
    default: return nil
    }
  }
}
