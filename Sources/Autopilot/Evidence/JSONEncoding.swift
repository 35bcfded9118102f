import Foundation
import Postgres

/// Evidence as it is stored: the same text for the same value, and the same value back.
enum JSONEncoding {
  static func text(_ value: some Encodable) throws -> String { try JSONB(encoding: value).text }

  static func value<T: Decodable>(_ type: T.Type, from text: String) throws -> T {
    try JSONB(text: text).decode(type)
  }
}
