import Cryptography
public import FoundationEssentials
public import Postgres

/// Table `link_secret`.
public struct LinkSecretStore: Sendable {
  private let database: Database

  public init(_ database: Database) { self.database = database }

  /// The secrets that are believed; the first process of a deployment makes the first.
  public func ensure(at moment: Date) async throws -> [UInt16: [UInt8]] {
    let known = try await valid(at: moment)
    if !known.isEmpty { return known }
    _ = try await database.execute(
      """
      INSERT INTO link_secret (number, secret, created_at)
      SELECT coalesce(max(number), 0) + 1, \(try SecureRandom.bytes(32)), \(moment) FROM link_secret
      ON CONFLICT DO NOTHING
      """)
    return try await valid(at: moment)
  }

  private func valid(at moment: Date) async throws -> [UInt16: [UInt8]] {
    let rows = try await database.query(
      "SELECT number, secret FROM link_secret WHERE coalesce(valid_until > \(moment), true)"
    ).decode(Int32.self, [UInt8].self)
    return Dictionary(
      rows.map { (UInt16(truncatingIfNeeded: $0.0), $0.1) }, uniquingKeysWith: { first, _ in first })
  }

  /// Makes a new secret that signs from now on. Links of the older ones are believed for `grace` more seconds, those
  /// whose time has ended are deleted.
  public func rotate(at moment: Date, grace: TimeInterval) async throws {
    let secret = try SecureRandom.bytes(32)
    let end = moment.addingTimeInterval(grace)
    try await database.pipeline([
      """
      INSERT INTO link_secret (number, secret, created_at)
      SELECT coalesce(max(number), 0) + 1, \(secret), \(moment) FROM link_secret
      """,
      """
      UPDATE link_secret SET valid_until = least(coalesce(valid_until, \(end)), \(end))
      WHERE number < (SELECT max(number) FROM link_secret)
      """,
      "DELETE FROM link_secret WHERE valid_until <= \(moment)",
    ])
  }
}
