/// Bytes on their way to the server, in network order.
public struct ByteBuffer: Sendable {
  @usableFromInline var storage: [UInt8] = []
  /// Why what was appended cannot be sent; the first reason stays.
  public private(set) var refusal: String?

  public init(capacity: Int = 0) {
    if capacity > 0 { storage.reserveCapacity(capacity) }
  }

  /// With bytes that `fill` writes to where it is told; it gives their number, at most `capacity`.
  init(capacity: Int, fill: (UnsafeMutableRawPointer) -> Int) {
    guard capacity > 0 else { return }
    storage = [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
      guard let start = buffer.baseAddress else { return }
      count = fill(UnsafeMutableRawPointer(start))
      precondition(count <= capacity, "more bytes were written than there was room for")
    }
  }

  public var bytes: [UInt8] { storage }
  public var count: Int { storage.count }

  @inlinable
  public mutating func append<T: FixedWidthInteger>(_ value: T) {
    withUnsafeBytes(of: value.bigEndian) { storage.append(contentsOf: $0) }
  }

  @inlinable
  public mutating func append(contentsOf other: some Sequence<UInt8>) { storage.append(contentsOf: other) }

  public mutating func append(raw other: UnsafeRawBufferPointer) { storage.append(contentsOf: other) }

  public mutating func refuse(_ reason: String) {
    if refusal == nil { refusal = reason }
  }

  /// Appends what `body` appends, with its length in bytes before it, as every field of COPY and of an array is.
  @inlinable
  public mutating func appendLengthPrefixed(_ body: (inout ByteBuffer) -> Void) {
    let start = storage.count
    append(Int32(0))
    body(&self)
    let length = Int32(truncatingIfNeeded: storage.count - start - 4)
    withUnsafeBytes(of: length.bigEndian) { source in
      for index in 0..<4 { storage[start + index] = source[index] }
    }
  }

  mutating func removeAll() { storage.removeAll(keepingCapacity: true) }
}

extension UnsafeRawBufferPointer {
  func integer<T: FixedWidthInteger>(_ type: T.Type, at offset: Int = 0) -> T {
    T(bigEndian: loadUnaligned(fromByteOffset: offset, as: T.self))
  }

  func part(_ range: Range<Int>) -> UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: self[range]) }
}
