extension Bool: PostgresCodable, PostgresArrayElement {
  public static var postgresType: PostgresType { .bool }
  public static var postgresArrayType: PostgresType { .boolArray }

  public func encode(into buffer: inout ByteBuffer) { buffer.append(self ? 1 : 0 as UInt8) }

  public static func decode(_ cell: Cell) throws(PostgresError) -> Bool {
    let bytes = try cell.require(.bool, as: Bool.self)
    guard bytes.count == 1 else { throw cell.malformed(Bool.self, bytes) }
    return bytes[0] != 0
  }
}

/// Integers read from any integer column at most as wide as they are.
private func decodeInteger<T: FixedWidthInteger>(_ cell: Cell) throws(PostgresError) -> T {
  let width: Int
  switch cell.type {
  case .int8: width = 8
  case .int4: width = 4
  case .int2: width = 2
  default: throw cell.mismatch(T.self)
  }
  guard width <= T.bitWidth / 8 else { throw cell.mismatch(T.self) }
  let bytes = try cell.value(as: T.self)
  guard bytes.count == width else { throw cell.malformed(T.self, bytes) }
  switch width {
  case 8: return T(truncatingIfNeeded: bytes.integer(Int64.self))
  case 4: return T(truncatingIfNeeded: bytes.integer(Int32.self))
  default: return T(truncatingIfNeeded: bytes.integer(Int16.self))
  }
}

extension Int16: PostgresCodable, PostgresArrayElement {
  public static var postgresType: PostgresType { .int2 }
  public static var postgresArrayType: PostgresType { .int2Array }
  public func encode(into buffer: inout ByteBuffer) { buffer.append(self) }
  public static func decode(_ cell: Cell) throws(PostgresError) -> Int16 { try decodeInteger(cell) }
}

extension Int32: PostgresCodable, PostgresArrayElement {
  public static var postgresType: PostgresType { .int4 }
  public static var postgresArrayType: PostgresType { .int4Array }
  public func encode(into buffer: inout ByteBuffer) { buffer.append(self) }
  public static func decode(_ cell: Cell) throws(PostgresError) -> Int32 { try decodeInteger(cell) }
}

extension Int64: PostgresCodable, PostgresArrayElement {
  public static var postgresType: PostgresType { .int8 }
  public static var postgresArrayType: PostgresType { .int8Array }
  public func encode(into buffer: inout ByteBuffer) { buffer.append(self) }
  public static func decode(_ cell: Cell) throws(PostgresError) -> Int64 { try decodeInteger(cell) }
}

extension Int: PostgresCodable, PostgresArrayElement {
  public static var postgresType: PostgresType { .int8 }
  public static var postgresArrayType: PostgresType { .int8Array }
  public func encode(into buffer: inout ByteBuffer) { buffer.append(Int64(self)) }
  public static func decode(_ cell: Cell) throws(PostgresError) -> Int { try decodeInteger(cell) }
}

extension Float: PostgresCodable, PostgresArrayElement {
  public static var postgresType: PostgresType { .float4 }
  public static var postgresArrayType: PostgresType { .float4Array }
  public func encode(into buffer: inout ByteBuffer) { buffer.append(bitPattern) }

  public static func decode(_ cell: Cell) throws(PostgresError) -> Float {
    let bytes = try cell.require(.float4, as: Float.self)
    guard bytes.count == 4 else { throw cell.malformed(Float.self, bytes) }
    return Float(bitPattern: bytes.integer(UInt32.self))
  }
}

extension Double: PostgresCodable, PostgresArrayElement {
  public static var postgresType: PostgresType { .float8 }
  public static var postgresArrayType: PostgresType { .float8Array }
  public func encode(into buffer: inout ByteBuffer) { buffer.append(bitPattern) }

  public static func decode(_ cell: Cell) throws(PostgresError) -> Double {
    if cell.type == .float4 { return Double(try Float.decode(cell)) }
    let bytes = try cell.require(.float8, as: Double.self)
    guard bytes.count == 8 else { throw cell.malformed(Double.self, bytes) }
    return Double(bitPattern: bytes.integer(UInt64.self))
  }
}
