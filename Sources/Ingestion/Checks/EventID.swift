import Campaigns
import Cryptography
public import FoundationEssentials

/// The id of an event: a UUIDv8 (RFC 9562, section 5.8) of the client's own milliseconds and a hash of
/// (workspace, source, message id).
///
/// A retry carries the same timestamp and message id, so it gets the same id and meets its twin in the table's
/// only index, whenever it comes. Ids sort by the client's time, which keeps that index dense.
public struct EventID: Hashable, Comparable, Sendable {
  let high: UInt64
  let low: UInt64

  public init(_ uuid: UUID) {
    (high, low) = withUnsafeBytes(of: uuid.uuid) { bytes in
      (
        UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self)),
        UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
      )
    }
  }

  /// As `UUID.version8(milliseconds:hash:)` makes it, without the way through its bytes.
  init(milliseconds: Int64, hash: SHA256Digest) {
    let bits = hash.first128Bits
    high = UInt64(bitPattern: milliseconds) << 16 | 8 << 12 | bits.high >> 52
    low = 1 << 63 | (bits.high << 10 | bits.low >> 54) & (.max >> 2)
  }

  public var uuid: UUID {
    withUnsafeBytes(of: (high.bigEndian, low.bigEndian)) { UUID(uuid: $0.loadUnaligned(as: uuid_t.self)) }
  }

  /// Milliseconds since 1970, as the client sent them.
  public var milliseconds: Int64 { Int64(high >> 16) }

  /// Whole days since 1970 (UTC): the partition the event lives in.
  public var day: Int { Int(milliseconds / 86_400_000) }

  public static func < (left: EventID, right: EventID) -> Bool {
    left.high != right.high ? left.high < right.high : left.low < right.low
  }

  public func hash(into hasher: inout Hasher) {
    // The last 62 bits are those of a cryptographic hash: one word is as good as both.
    hasher.combine(low)
  }
}

/// Makes the ids of the events that come from one source of one workspace.
struct EventIdentity {
  /// Hashed before a message id, and before all fields of an event that has none.
  private let prefixes: (messageID: [UInt8], fields: [UInt8])
  /// Whether events may be our own, exported and brought back.
  private let mayBeExported: Bool

  /// - Parameter source: the door events come through, so that two clients' message ids never meet.
  init(workspace: Identifier<Workspace>, source: EventSource) {
    mayBeExported = source == .file
    let source = source.identityName
    var prefix = withUnsafeBytes(of: workspace.uuid.uuid) { Array($0) }
    prefix.append(UInt8(truncatingIfNeeded: source.utf8.count))
    prefix.append(contentsOf: source.utf8)
    prefixes = (prefix + [1], prefix + [2])
  }

  func id(of event: RawEvent) -> EventID {
    if let message = event.messageID {
      if mayBeExported, let id = ExportedMessageID.eventID(message, milliseconds: event.timestampMs) {
        return id
      }
      return id(event.timestampMs, prefixes.messageID, message)
    }
    // Without a message id, two events are one when all that was said of them is the same. The device is left out, as
    // it was not read at first: ids of events never change.
    var fields = withUnsafeBytes(of: event.variant.uuid) { Array($0) }
    withUnsafeBytes(of: event.kind.rawValue.bigEndian) { fields.append(contentsOf: $0) }
    for text in [event.placement, event.currency, event.viewer] {
      fields.append(contentsOf: [
        UInt8(truncatingIfNeeded: (text?.count ?? 0) >> 8), UInt8(truncatingIfNeeded: text?.count ?? 0),
      ])
      if let text { fields.append(contentsOf: text) }
    }
    withUnsafeBytes(of: (event.valueMicros ?? -1).bigEndian) { fields.append(contentsOf: $0) }
    return fields.withUnsafeBufferPointer { id(event.timestampMs, prefixes.fields, $0) }
  }

  private func id(_ milliseconds: Int64, _ prefix: [UInt8], _ message: RawEvent.Text) -> EventID {
    let hash = prefix.withUnsafeBytes { SHA256State().digest(of: $0, UnsafeRawBufferPointer(message)) }
    return EventID(milliseconds: milliseconds, hash: hash)
  }
}
