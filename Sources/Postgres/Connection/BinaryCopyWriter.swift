public import FoundationEssentials

/// Rows in the binary form of COPY (PostgreSQL documentation, COPY, "Binary Format"): per row the number of fields,
/// per field its length and bytes. Fields must have exactly the columns' types: nothing is converted on the way in.
///
/// Appending makes no allocation but the growth of one byte array.
public struct BinaryCopyWriter: Sendable {
  var buffer: ByteBuffer
  public let columnCount: Int
  public private(set) var rowCount = 0
  private var fieldsLeft = 0
  /// The first thing that went wrong; the COPY fails with it.
  private(set) var problem: String?

  public init(columnCount: Int, capacity: Int = 64 * 1024) {
    self.columnCount = columnCount
    buffer = ByteBuffer(capacity: capacity)
  }

  /// Rows that the caller writes in COPY's form himself, for where every nanosecond of a row counts.
  /// - Parameters:
  ///   - capacity: bytes that are free at the pointer `fill` gets.
  ///   - fill: writes all rows, without what stands around them, and gives the number of bytes.
  public init(
    columnCount: Int, rowCount: Int, capacity: Int, fill: (UnsafeMutableRawPointer) -> Int
  ) {
    self.columnCount = columnCount
    self.rowCount = rowCount
    buffer = ByteBuffer(capacity: capacity, fill: fill)
  }

  /// What was written, for tests that compare.
  package var encodedBytes: [UInt8] { buffer.bytes }

  /// Bytes written so far.
  public var byteCount: Int { buffer.count }

  /// Must come before the fields of every row.
  public mutating func beginRow() {
    noteMissingFields()
    rowCount += 1
    fieldsLeft = columnCount
    buffer.append(Int16(truncatingIfNeeded: columnCount))
  }

  public mutating func append(_ value: Int64) { fixed(value) }
  public mutating func append(_ value: Int) { fixed(Int64(value)) }
  public mutating func append(_ value: Int32) { fixed(value) }
  public mutating func append(_ value: Int16) { fixed(value) }
  public mutating func append(_ value: Double) { fixed(value.bitPattern) }
  public mutating func append(_ value: Bool) { fixed(UInt8(value ? 1 : 0)) }

  /// A `timestamptz` in microseconds since 2000-01-01T00:00:00Z; see `Date.postgresMicroseconds`.
  public mutating func append(timestampMicroseconds value: Int64) { fixed(value) }

  public mutating func append(_ value: UUID) {
    take()
    buffer.append(Int32(16))
    withUnsafeBytes(of: value.uuid) { buffer.append(raw: $0) }
  }

  public mutating func append(_ value: String) {
    take()
    var value = value
    value.withUTF8 { utf8 in
      buffer.append(Int32(truncatingIfNeeded: utf8.count))
      buffer.append(raw: UnsafeRawBufferPointer(utf8))
    }
  }

  /// `bytea`.
  public mutating func append(_ value: [UInt8]) {
    take()
    buffer.append(Int32(truncatingIfNeeded: value.count))
    value.withUnsafeBytes { buffer.append(raw: $0) }
  }

  /// Bytes already in the column's binary form: `bytea`, or text that is already UTF-8.
  public mutating func append(raw bytes: UnsafeRawBufferPointer) {
    take()
    buffer.append(Int32(truncatingIfNeeded: bytes.count))
    buffer.append(raw: bytes)
  }

  public mutating func append<T: PostgresEncodable>(_ value: T) {
    take()
    buffer.appendLengthPrefixed { value.encode(into: &$0) }
  }

  public mutating func append<T: PostgresEncodable>(_ value: T?) {
    if let value { append(value) } else { appendNull() }
  }

  public mutating func appendNull() {
    take()
    buffer.append(Int32(-1))
  }

  private mutating func fixed<T: FixedWidthInteger>(_ value: T) {
    take()
    buffer.append(Int32(truncatingIfNeeded: MemoryLayout<T>.size))
    buffer.append(value)
  }

  private mutating func take() {
    fieldsLeft -= 1
    if fieldsLeft < 0, problem == nil {
      problem =
        "row \(rowCount) has more than the \(columnCount) fields of the columns, or beginRow() is missing"
    }
  }

  private mutating func noteMissingFields() {
    if fieldsLeft > 0, problem == nil {
      problem = "row \(rowCount) has \(columnCount - fieldsLeft) fields, the columns are \(columnCount)"
    }
  }

  /// Throws what went wrong while writing.
  mutating func check() throws(PostgresError) {
    noteMissingFields()
    if let reason = problem ?? buffer.refusal { throw PostgresError(.encoding, "COPY: \(reason)") }
  }

  /// Bytes leave, the room stays.
  mutating func drain() { buffer.removeAll() }
}
