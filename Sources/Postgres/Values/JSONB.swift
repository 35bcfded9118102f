import Foundation

/// A `jsonb` value as text. Keys come back from the server in its own order and without duplicates.
public struct JSONB: Hashable, Sendable {
  public let text: String

  public init(text: String) { self.text = text }

  /// Dates are written as ISO 8601 text; keys are sorted, so that equal values give equal text.
  public init(encoding value: some Encodable) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.dateEncodingStrategy = .iso8601
    text = String(decoding: try encoder.encode(value), as: UTF8.self)
  }

  public func decode<T: Decodable>(_ type: T.Type = T.self) throws -> T {
    let decoder = JSONDecoder()
    decoder.dateDecodingStrategy = .iso8601
    return try decoder.decode(type, from: Data(text.utf8))
  }
}

extension JSONB: PostgresCodable, PostgresArrayElement {
  public static var postgresType: PostgresType { .jsonb }
  public static var postgresArrayType: PostgresType { .jsonbArray }
  /// The only version of jsonb's binary form there is.
  private static let version: UInt8 = 1

  public func encode(into buffer: inout ByteBuffer) {
    buffer.append(Self.version)
    buffer.append(contentsOf: text.utf8)
  }

  public static func decode(_ cell: Cell) throws(PostgresError) -> JSONB {
    if cell.type == .json { return JSONB(text: try String.decode(cell)) }
    let bytes = try cell.require(.jsonb, as: JSONB.self)
    guard let first = bytes.first, first == version,
      let text = String(validating: bytes.part(1..<bytes.count), as: UTF8.self)
    else { throw cell.malformed(JSONB.self, bytes) }
    return JSONB(text: text)
  }
}
