import Glibc

/// An event that was not stored, and why. `index` counts the body's events from 0, blank lines not counted.
public struct Rejection: Hashable, Sendable {
  /// Machine-readable reason. Rejected events were not understood; quarantined ones were not believed.
  public enum Code: String, Hashable, Sendable, CaseIterable {
    /// A line of NDJSON that is not JSON.
    case malformedJSON = "malformed_json"
    case notAnObject = "not_an_object"
    case missingField = "missing_field"
    /// A field given twice: which one is meant cannot be known.
    case duplicateField = "duplicate_field"
    case wrongType = "wrong_type"
    case unknownType = "unknown_type"
    case invalidValue = "invalid_value"
    case malformedTimestamp = "malformed_timestamp"
    /// Not UTF-8, a lone surrogate, or an escape JSON does not have.
    case invalidText = "invalid_text"
    case numberOutOfRange = "number_out_of_range"
    case tooLong = "too_long"
    case eventTooLarge = "event_too_large"
    /// The viewer did not agree to being measured; nothing of the event is kept.
    case noConsent = "no_consent"
    /// Understood, but nothing a viewer did with an ad: a call that only names a user, an unmapped event.
    case notEngagement = "not_engagement"

    // Quarantined:
    case timestampOutOfRange = "timestamp_out_of_range"
    case unknownVariant = "unknown_variant"
    case unknownPlacement = "unknown_placement"
    case foreignCurrency = "foreign_currency"

    /// Whether such events are kept, to be explained later.
    public var isQuarantine: Bool {
      switch self {
      case .timestampOutOfRange, .unknownVariant, .unknownPlacement, .foreignCurrency: true
      default: false
      }
    }
  }

  public var index: Int
  public var code: Code
  public var message: String

  public init(index: Int, code: Code, message: String) {
    self.index = index
    self.code = code
    self.message = message
  }
}

/// The keys of an event that Retake reads; all others are skipped.
enum EventField: Int, CaseIterable {
  case type, variantID, viewerID, timestamp, messageID, placement, value, currency, userAgent, consent, device

  var name: StaticString {
    switch self {
    case .type: "type"
    case .variantID: "variant_id"
    case .viewerID: "viewer_id"
    case .timestamp: "timestamp"
    case .messageID: "message_id"
    case .placement: "placement"
    case .value: "value"
    case .currency: "currency"
    case .userAgent: "user_agent"
    case .consent: "consent"
    case .device: "device"
    }
  }

  @inline(__always)
  init?(key: UnsafeBufferPointer<UInt8>) {
    let candidate: EventField
    switch key.count {
    case 4: candidate = .type
    case 5: candidate = .value
    case 6: candidate = .device
    case 7: candidate = .consent
    case 8: candidate = .currency
    case 9:
      switch key[0] {
      case UInt8(ascii: "v"): candidate = .viewerID
      case UInt8(ascii: "t"): candidate = .timestamp
      default: candidate = .placement
      }
    case 10:
      switch key[0] {
      case UInt8(ascii: "v"): candidate = .variantID
      case UInt8(ascii: "m"): candidate = .messageID
      default: candidate = .userAgent
      }
    default: return nil
    }
    guard key.equals(candidate.name) else { return nil }
    self = candidate
  }

  static let required: [EventField] = [.type, .variantID, .viewerID, .timestamp]
}

extension UnsafeBufferPointer<UInt8> {
  /// With a literal this becomes a comparison of a word or two.
  @inline(__always)
  func equals(_ text: StaticString) -> Bool {
    guard count == text.utf8CodeUnitCount, let start = baseAddress else { return false }
    return memcmp(start, text.utf8Start, text.utf8CodeUnitCount) == 0
  }
}
