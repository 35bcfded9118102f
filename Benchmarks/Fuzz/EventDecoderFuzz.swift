import Campaigns
import FoundationEssentials
import ReferenceJSON

// Properties of the native decoder that must hold for any bytes:
// - it ends, without a crash and without reading outside (AddressSanitizer watches a buffer of exactly that size);
// - what it takes and refuses as JSON is what a plain reading of the grammar takes and refuses;
// - an array holds an element for each it decodes, and refusing one costs no other;
// - an event written anew from what was decoded decodes to the same.

private let limits = DecodingLimits(
  eventsPerBody: 64, bytesPerEvent: 4096, bytesPerIdentifier: 256, depth: 16)

/// What a body decoded to, its texts copied out; nil when it was refused as a whole.
private struct Decoded: Equatable {
  struct Event: Equatable {
    var kind: EventKind
    var variant: UUID
    var viewer: [UInt8]
    var timestampMs: Int64
    var messageID: [UInt8]?
    var placement: [UInt8]?
    var valueMicros: Int64?
    var currency: [UInt8]?
    var userAgent: [UInt8]?
    var device: DeviceType?
    var consent: ConsentStatement
  }

  var events: [Event] = []
  var rejections = 0

  init?(_ body: UnsafeBufferPointer<UInt8>) {
    do {
      var decoder = try EventDecoder(body, limits: limits)
      while let element = try decoder.next() {
        switch element {
        case .rejected: rejections += 1
        case .event(let event):
          events.append(
            Event(
              kind: event.kind, variant: event.variant, viewer: Array(event.viewer),
              timestampMs: event.timestampMs, messageID: event.messageID.map { Array($0) },
              placement: event.placement.map { Array($0) }, valueMicros: event.valueMicros,
              currency: event.currency.map { Array($0) }, userAgent: event.userAgent.map { Array($0) },
              device: event.device, consent: event.consent))
        }
      }
    } catch {
      return nil
    }
  }
}

extension Decoded.Event {
  /// The event as JSON, in another order and another form than most clients write.
  var json: [UInt8] {
    var json: [UInt8] = Array("{\"timestamp\":\(timestampMs),\"consent\":".utf8)
    json += Array((consent == .unstated ? "null" : consent == .granted ? "true" : "false").utf8)
    func add(_ name: String, _ text: [UInt8]?) {
      guard let text else { return }
      json += Array(",\"\(name)\":\"".utf8)
      for byte in text {
        switch byte {
        case 0x22, 0x5C, 0..<0x20:
          json += Array("\\u00".utf8)
          json += [byte >> 4, byte & 15].map { Array("0123456789abcdef".utf8)[Int($0)] }
        default: json.append(byte)
        }
      }
      json.append(0x22)
    }
    add("type", Array(kind.name.utf8))
    add("variant_id", Array(variant.uuidString.utf8))
    add("viewer_id", viewer)
    add("message_id", messageID)
    add("placement", placement)
    add("currency", currency)
    add("user_agent", userAgent)
    add("device", device.map { Array($0.name.utf8) })
    if let valueMicros { json += Array(",\"value\":\(valueMicros)e-6".utf8) }
    return json + [0x7D]
  }
}

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  // A copy of exactly this size, so that AddressSanitizer sees a read behind its end.
  let body = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: count)
  defer { body.deallocate() }
  _ = body.initialize(from: UnsafeBufferPointer(start: start, count: count))
  let bytes = Array(body)

  var scanner = JSONScanner(UnsafeBufferPointer(body), depthLimit: limits.depth)
  var verdict = ReferenceJSON.Verdict.notJSON
  if let textIsValid = try? scanner.skipValue(depth: 0), scanner.peek() == nil {
    verdict = .json(textIsValid: textIsValid)
  }
  let reference = ReferenceJSON.judge(bytes, depthLimit: limits.depth)
  precondition(verdict == reference, "the scanner says \(verdict), the grammar \(reference)")

  let decoded = Decoded(UnsafeBufferPointer(body))
  let first = bytes.first { $0 != 0x20 && $0 != 0x09 && $0 != 0x0A && $0 != 0x0D }
  if first == UInt8(ascii: "[") {
    // Deeper than an event may be is refused by both; a body of too many events by the decoder alone.
    if decoded != nil { precondition(reference != .notJSON, "an array was taken that is no JSON") }
  }
  if let decoded, !decoded.events.isEmpty {
    var again: [UInt8] = [0x5B]
    for (place, event) in decoded.events.enumerated() {
      if place > 0 { again.append(0x2C) }
      again += event.json
    }
    again.append(0x5D)
    again.withUnsafeBufferPointer {
      let second = Decoded($0)
      precondition(
        second?.events == decoded.events || again.count > limits.bytesPerEvent,
        "an event changed when read again")
    }
  }
  return 0
}
