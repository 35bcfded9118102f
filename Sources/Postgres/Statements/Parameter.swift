/// A bound value in the form it is sent.
struct Parameter: Sendable {
  let type: PostgresType
  /// `nil` is NULL.
  let bytes: [UInt8]?
  let refusal: String?

  init<T: PostgresEncodable>(_ value: T) {
    type = T.postgresType
    if let nullable = value as? any Nullable, nullable.isNull {
      bytes = nil
      refusal = nil
      return
    }
    var buffer = ByteBuffer()
    value.encode(into: &buffer)
    bytes = buffer.bytes
    refusal = buffer.refusal
  }

  /// Text whose type the server infers goes as text, which it then parses as a literal; all else goes binary.
  var format: Int32 { type == .inferred ? 0 : 1 }
}
