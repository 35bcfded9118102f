extension Optional: PostgresEncodable where Wrapped: PostgresEncodable {
  public static var postgresType: PostgresType { Wrapped.postgresType }
  /// `nil` never comes here: `Parameter` and `BinaryCopyWriter` send NULL by a length of -1.
  public func encode(into buffer: inout ByteBuffer) { self?.encode(into: &buffer) }
}

extension Optional: PostgresDecodable where Wrapped: PostgresDecodable {
  public static func decode(_ cell: Cell) throws(PostgresError) -> Wrapped? {
    if cell.bytes == nil { return nil }
    return try Wrapped.decode(cell)
  }
}

extension Optional: PostgresArrayElement where Wrapped: PostgresArrayElement & PostgresCodable {
  public static var postgresArrayType: PostgresType { Wrapped.postgresArrayType }
}

/// Lets code that is generic over values ask whether one is NULL.
protocol Nullable {
  var isNull: Bool { get }
}

extension Optional: Nullable {
  var isNull: Bool {
    guard let self else { return true }
    return (self as? any Nullable)?.isNull ?? false
  }
}

// Ids and closed sets of words are usually a raw value in a type of their own: conforming is one line for them.
extension PostgresEncodable where Self: RawRepresentable, RawValue: PostgresEncodable {
  public static var postgresType: PostgresType { RawValue.postgresType }
  public func encode(into buffer: inout ByteBuffer) { rawValue.encode(into: &buffer) }
}

extension PostgresDecodable where Self: RawRepresentable, RawValue: PostgresDecodable {
  public static func decode(_ cell: Cell) throws(PostgresError) -> Self {
    let raw = try RawValue.decode(cell)
    guard let value = Self(rawValue: raw) else {
      throw PostgresError(.decoding, "is '\(raw)', which is no \(Self.self)")
    }
    return value
  }
}

extension PostgresArrayElement where Self: RawRepresentable, RawValue: PostgresArrayElement {
  public static var postgresArrayType: PostgresType { RawValue.postgresArrayType }
}
