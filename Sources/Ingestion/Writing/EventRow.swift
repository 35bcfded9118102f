import Campaigns
import FoundationEssentials

/// One row of `events` in COPY's binary form: the number of fields, then each field's length and bytes, in network
/// order (PostgreSQL documentation, COPY, "Binary Format").
enum EventRow {
  /// Bytes with a value; eight fewer without.
  static let most = 148

  /// Everything but the fields' bytes, which are zero.
  private static let form: [UInt8] = {
    var form: [UInt8] = [0, UInt8(EventStore.columns.count)]
    for width: UInt8 in [16, 16, 16, 16, 2, 2, 2, 2, 2, 8, 8, 8] {
      form += [0, 0, 0, width] + [UInt8](repeating: 0, count: Int(width))
    }
    return form
  }()

  /// - Parameter at: where at least ``most`` bytes are free.
  /// - Returns: the place behind the row.
  @inline(__always)
  static func write(
    _ event: Event, received: Int64, to at: UnsafeMutableRawPointer, form: UnsafeRawPointer
  ) -> UnsafeMutableRawPointer {
    at.copyMemory(from: form, byteCount: most)
    at.storeBytes(of: event.id.high.bigEndian, toByteOffset: 6, as: UInt64.self)
    at.storeBytes(of: event.id.low.bigEndian, toByteOffset: 14, as: UInt64.self)
    at.storeBytes(of: event.campaign.uuid.uuid, toByteOffset: 26, as: uuid_t.self)
    at.storeBytes(of: event.variant.uuid.uuid, toByteOffset: 46, as: uuid_t.self)
    at.storeBytes(of: event.viewer.uuid, toByteOffset: 66, as: uuid_t.self)
    at.storeBytes(of: event.kind.rawValue.bigEndian, toByteOffset: 86, as: Int16.self)
    at.storeBytes(of: event.placement.bigEndian, toByteOffset: 92, as: Int16.self)
    at.storeBytes(of: event.traffic.rawValue.bigEndian, toByteOffset: 98, as: Int16.self)
    at.storeBytes(of: event.source.rawValue.bigEndian, toByteOffset: 104, as: Int16.self)
    at.storeBytes(of: event.device.rawValue.bigEndian, toByteOffset: 110, as: Int16.self)
    let occurred = (event.occurredAtMs &- 946_684_800_000) &* 1000
    at.storeBytes(of: occurred.bigEndian, toByteOffset: 116, as: Int64.self)
    at.storeBytes(of: received.bigEndian, toByteOffset: 128, as: Int64.self)
    guard let value = event.valueMicros else {
      at.storeBytes(of: -1, toByteOffset: 136, as: Int32.self)
      return at + 140
    }
    at.storeBytes(of: value.bigEndian, toByteOffset: 140, as: Int64.self)
    return at + most
  }

  /// Gives `body` the form that `write` starts from.
  static func withForm<R>(_ body: (UnsafeRawPointer) -> R) -> R {
    form.withUnsafeBytes { body($0.baseAddress.unsafelyUnwrapped) }
  }
}
