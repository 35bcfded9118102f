extension Array: PostgresEncodable where Element: PostgresArrayElement {
  public static var postgresType: PostgresType { Element.postgresArrayType }
  public func encode(into buffer: inout ByteBuffer) { Element.encodeArray(self, into: &buffer) }
}

extension Array: PostgresDecodable where Element: PostgresArrayElement {
  public static func decode(_ cell: Cell) throws(PostgresError) -> [Element] { try Element.decodeArray(cell) }
}

// The binary form of an array (array_send in the PostgreSQL sources): dimensions, whether it holds NULLs, type of the
// elements, then length and lower bound of every dimension, then the elements with their lengths.
extension PostgresArrayElement where Self: PostgresEncodable {
  public static func encodeArray(_ elements: [Self], into buffer: inout ByteBuffer) {
    // Inside an array every element must name its type, so inferred text is text.
    let type = postgresType == .inferred ? PostgresType.text : postgresType
    let hasNull = elements.contains { ($0 as? any Nullable)?.isNull == true }
    buffer.append(Int32(elements.isEmpty ? 0 : 1))
    buffer.append(Int32(hasNull ? 1 : 0))
    buffer.append(type.rawValue)
    if elements.isEmpty { return }
    buffer.append(Int32(truncatingIfNeeded: elements.count))
    buffer.append(Int32(1))
    for element in elements {
      if hasNull, (element as? any Nullable)?.isNull == true {
        buffer.append(Int32(-1))
      } else {
        buffer.appendLengthPrefixed { element.encode(into: &$0) }
      }
    }
  }
}

extension PostgresArrayElement where Self: PostgresDecodable {
  public static func decodeArray(_ cell: Cell) throws(PostgresError) -> [Self] {
    let bytes = try cell.value(as: [Self].self)
    guard bytes.count >= 12 else { throw cell.mismatch([Self].self) }
    let dimensions = bytes.integer(Int32.self)
    let elementType = PostgresType(bytes.integer(UInt32.self, at: 8))
    if dimensions == 0 { return [] }
    guard dimensions == 1, bytes.count >= 20 else {
      throw PostgresError(.decoding, "has \(dimensions) dimensions, only arrays of one are read")
    }
    let count = Int(bytes.integer(Int32.self, at: 12))
    guard count >= 0, count <= bytes.count / 4 else { throw cell.malformed([Self].self, bytes) }
    var elements: [Self] = []
    elements.reserveCapacity(count)
    var offset = 20
    for _ in 0..<count {
      guard offset + 4 <= bytes.count else { throw cell.malformed([Self].self, bytes) }
      let length = Int(bytes.integer(Int32.self, at: offset))
      offset += 4
      guard length >= 0 else {
        elements.append(try Self.decode(Cell(bytes: nil, type: elementType)))
        continue
      }
      guard offset + length <= bytes.count else { throw cell.malformed([Self].self, bytes) }
      elements.append(
        try Self.decode(Cell(bytes: bytes.part(offset..<offset + length), type: elementType)))
      offset += length
    }
    return elements
  }
}

/// `[UInt8]` is `bytea`.
extension UInt8: PostgresArrayElement {
  public static var postgresArrayType: PostgresType { .bytea }

  public static func encodeArray(_ elements: [UInt8], into buffer: inout ByteBuffer) {
    buffer.append(contentsOf: elements)
  }

  public static func decodeArray(_ cell: Cell) throws(PostgresError) -> [UInt8] {
    [UInt8](try cell.require(.bytea, as: [UInt8].self))
  }
}
