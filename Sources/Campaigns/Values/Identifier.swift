internal import Cryptography
public import FoundationEssentials

/// The id of one `Subject`. Ids of different subjects are different types, so they cannot be mixed up.
///
/// Retake makes them as UUIDv7 (RFC 9562, section 5.7): ordered by time of creation, so that the primary keys
/// they become stay dense.
public struct Identifier<Subject>: Hashable, Sendable, Codable, CustomStringConvertible {
  public let uuid: UUID

  public init(_ uuid: UUID) { self.uuid = uuid }

  public init(from decoder: any Decoder) throws {
    uuid = try decoder.singleValueContainer().decode(UUID.self)
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(uuid)
  }

  /// Lower case, as PostgreSQL prints it.
  public var description: String { uuid.uuidString.lowercased() }

  /// A new id that sorts by `moment` among the others.
  public static func new(at moment: Date, using randomness: inout some RandomNumberGenerator) -> Self {
    Self(.version7(at: moment, using: &randomness))
  }
}
