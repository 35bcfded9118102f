import Campaigns
import FoundationEssentials

/// An event whose shape is right. Its texts point into the decoder's buffers and are gone at the next event.
struct RawEvent {
  typealias Text = UnsafeBufferPointer<UInt8>

  var index = 0
  var kind = EventKind.impression
  var variant = UUID(uuid: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0))
  /// As the client names its viewer; never stored.
  var viewer = Text(start: nil, count: 0)
  /// As the client sent it: it becomes part of the event's id and is never corrected.
  var timestampMs: Int64 = 0
  var messageID: Text?
  var placement: Text?
  var valueMicros: Int64?
  /// Three upper-case letters.
  var currency: Text?
  /// The viewer's, as a server reports it; nil when it does not. Never stored.
  var userAgent: Text?
  /// As the client says; nil when it says nothing that is known.
  var device: DeviceType?
  /// Whether the client says that its browser asks for pages made for phones (`Sec-CH-UA-Mobile`).
  var isMobile = false
  var consent = ConsentStatement.unstated
  /// Where it stands in the body.
  var source = 0..<0
}

/// What the decoder makes of one element of the body.
enum DecodedEvent {
  case event(RawEvent)
  case rejected(Rejection)
}

/// What is wrong with one event, while the body around it can still be read.
struct EventProblem {
  var code: Rejection.Code
  var field: EventField?

  var message: String {
    let name = field.map { "'\($0.name)'" } ?? "the event"
    return switch code {
    case .missingField: "\(name) is missing"
    case .duplicateField: "\(name) is given twice"
    case .wrongType: "\(name) must be \(field?.expectation ?? "something else")"
    case .unknownType: "\(name) must be one of \(EventKind.allCases.map(\.name).joined(separator: ", "))"
    case .invalidValue: "\(name) must be \(field?.expectation ?? "something else")"
    case .malformedTimestamp: "\(name) must be \(EventField.timestamp.expectation)"
    case .invalidText: "a text in the event is not valid UTF-8, or holds a lone surrogate or unknown escape"
    case .numberOutOfRange: "\(name) is out of range; it must be \(field?.expectation ?? "a smaller number")"
    case .tooLong: "\(name) is too long"
    case .eventTooLarge: "the event is too large"
    case .notAnObject: "an event must be a JSON object"
    default: "the event was not accepted"
    }
  }
}

extension EventField {
  /// What a right value looks like.
  var expectation: String {
    switch self {
    case .type: "the name of a kind of event"
    case .variantID: "the variant's UUID"
    case .viewerID, .messageID: "a text that is not empty"
    case .timestamp: "an RFC 3339 date and time with offset, or whole milliseconds since 1970"
    case .placement: "the name of a placement"
    case .value: "a number from 0 to 1,000,000,000"
    case .currency: "three upper-case letters (ISO 4217)"
    case .userAgent, .device: "a text"
    case .consent: "true or false"
    }
  }
}
