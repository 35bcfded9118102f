/// A value that can be bound to a statement or written by COPY, in PostgreSQL's binary form.
public protocol PostgresEncodable: Sendable {
  static var postgresType: PostgresType { get }
  /// Appends the value's binary form without its length. Values that have none (a `Date` that is not a number)
  /// call `buffer.refuse(_:)`, and the statement fails before it is sent.
  func encode(into buffer: inout ByteBuffer)
}

/// A value that can be read from a column.
public protocol PostgresDecodable: Sendable {
  static func decode(_ cell: Cell) throws(PostgresError) -> Self
}

public typealias PostgresCodable = PostgresEncodable & PostgresDecodable

/// A value that may stand in an array. The two static functions exist because `[UInt8]` is `bytea` and not an array.
public protocol PostgresArrayElement: Sendable {
  static var postgresArrayType: PostgresType { get }
  static func encodeArray(_ elements: [Self], into buffer: inout ByteBuffer)
  static func decodeArray(_ cell: Cell) throws(PostgresError) -> [Self]
}

/// One field of a row. The bytes belong to the row: they are valid only while `decode` runs.
public struct Cell {
  /// `nil` is SQL's NULL.
  public let bytes: UnsafeRawBufferPointer?
  public let type: PostgresType

  /// The bytes of a value that must not be NULL and must be of one of these types.
  public func require(_ types: PostgresType..., as wanted: Any.Type) throws(PostgresError)
    -> UnsafeRawBufferPointer
  {
    guard types.contains(type) else { throw mismatch(wanted) }
    return try value(as: wanted)
  }

  func value(as wanted: Any.Type) throws(PostgresError) -> UnsafeRawBufferPointer {
    guard let bytes else {
      throw PostgresError(.decoding, "is NULL, read as \(wanted)", hint: "Read it as \(wanted)?")
    }
    return bytes
  }

  func mismatch(_ wanted: Any.Type) -> PostgresError {
    var error = PostgresError(.decoding, "is \(type), which does not read as \(wanted)")
    switch type {
    case .numeric: error.hint = "Cast it in the statement: ::bigint or ::double precision"
    case .timestamp: error.hint = "Use timestamptz, or AT TIME ZONE 'UTC' in the statement"
    case .interval: error.hint = "Use extract(epoch FROM …)::double precision in the statement"
    default: break
    }
    return error
  }

  func malformed(_ wanted: Any.Type, _ bytes: UnsafeRawBufferPointer) -> PostgresError {
    PostgresError(.decoding, "is \(type) of \(bytes.count) bytes, which is no \(wanted)")
  }
}
