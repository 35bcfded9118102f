import Cryptography
import FoundationEssentials

/// What stands before every payload, 32 bytes, little-endian: "RTS1", bytes of the payload, events, the moment of
/// receipt (bits of a Double, seconds since 1970), the first 8 bytes of the payload's SHA-256, and the first 4 of the
/// SHA-256 of the 28 bytes so far. A length that is protected by itself tells a record that was cut from one that
/// was damaged.
struct SpoolHeader: Hashable, Sendable {
  static let byteCount = 32
  private static let magic = UInt32(0x3153_5452)

  var payloadBytes: Int
  var events: Int
  var receivedAt: Date
  var digest: UInt64

  init(payloadBytes: Int, events: Int, receivedAt: Date, digest: UInt64) {
    self.payloadBytes = payloadBytes
    self.events = events
    self.receivedAt = receivedAt
    self.digest = digest
  }

  /// From at least 32 bytes; nil when they are not as they were written.
  init?(_ bytes: ArraySlice<UInt8>) {
    var rest = bytes.prefix(Self.byteCount)
    let check = rest.withUnsafeBytes { Self.digest(of: $0.prefix(Self.byteCount - 4)) }
    guard rest.count == Self.byteCount, rest.popLittleEndian(UInt32.self) == Self.magic,
      let payloadBytes = rest.popLittleEndian(UInt32.self), let events = rest.popLittleEndian(UInt32.self),
      let received = rest.popLittleEndian(UInt64.self), let digest = rest.popLittleEndian(UInt64.self),
      rest.popLittleEndian(UInt32.self) == UInt32(truncatingIfNeeded: check)
    else { return nil }
    self.init(
      payloadBytes: Int(payloadBytes), events: Int(events),
      receivedAt: Date(timeIntervalSince1970: Double(bitPattern: received)), digest: digest)
  }

  func encoded() -> [UInt8] {
    var bytes = [UInt8]()
    bytes.reserveCapacity(Self.byteCount)
    bytes.append(littleEndian: Self.magic)
    bytes.append(littleEndian: UInt32(payloadBytes))
    bytes.append(littleEndian: UInt32(events))
    bytes.append(littleEndian: receivedAt.timeIntervalSince1970.bitPattern)
    bytes.append(littleEndian: digest)
    bytes.append(littleEndian: UInt32(truncatingIfNeeded: bytes.withUnsafeBytes { Self.digest(of: $0[...]) }))
    return bytes
  }

  static func digest(of bytes: Slice<UnsafeRawBufferPointer>) -> UInt64 {
    SHA256.hash(UnsafeRawBufferPointer(rebasing: bytes)).first64Bits
  }
}

extension [UInt8] {
  mutating func append(littleEndian value: some FixedWidthInteger) {
    Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
  }
}

extension ArraySlice<UInt8> {
  mutating func popLittleEndian<Value: FixedWidthInteger>(_: Value.Type) -> Value? {
    guard count >= MemoryLayout<Value>.size else { return nil }
    let value = withUnsafeBytes { Value(littleEndian: $0.loadUnaligned(as: Value.self)) }
    self = dropFirst(MemoryLayout<Value>.size)
    return value
  }
}
