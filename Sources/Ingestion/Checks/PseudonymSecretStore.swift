import Cryptography
public import FoundationEssentials
public import Postgres

/// Table `pseudonym_secret`.
public struct PseudonymSecretStore: Sendable {
  private let database: any Queryable

  public init(_ database: any Queryable) { self.database = database }

  /// The secret in use; the first process of a deployment makes it.
  public func current(at moment: Date) async throws -> [UInt8] {
    if let secret = try await newest() { return secret }
    let secret = try SecureRandom.bytes(32)
    _ = try await database.execute(
      """
      INSERT INTO pseudonym_secret (number, secret, created_at) VALUES (1, \(secret), \(moment))
      ON CONFLICT (number) DO NOTHING
      """)
    return try await newest() ?? secret
  }

  private func newest() async throws -> [UInt8]? {
    try await database.query("SELECT secret FROM pseudonym_secret ORDER BY number DESC LIMIT 1")
      .decode([UInt8].self).first
  }
}
