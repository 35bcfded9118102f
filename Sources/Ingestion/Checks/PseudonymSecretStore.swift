import Cryptography
public import FoundationEssentials
public import Postgres

/// Table `pseudonym_secret`.
public struct PseudonymSecretStore: Sendable {
  /// A secret that has not been destroyed.
  public struct Secret: Hashable, Sendable {
    public var number: Int32
    public var bytes: [UInt8]
    /// In use for events received from then on, until the next one's.
    public var validFrom: Date
  }

  private let database: any Queryable

  /// - Parameter database: the pool, or the connection of a transaction to take part in.
  public init(_ database: any Queryable) { self.database = database }

  /// The secret in use at a moment; the first process of a deployment makes the first one.
  public func current(at moment: Date) async throws -> [UInt8] {
    let known = try await ensure(at: moment)
    return (known.last { $0.validFrom <= moment } ?? known[0]).bytes
  }

  /// All secrets, in order of time; the first one of a deployment is made when there is none.
  public func ensure(at moment: Date) async throws -> [Secret] {
    let known = try await secrets()
    if !known.isEmpty { return known }
    _ = try await database.execute(
      """
      INSERT INTO pseudonym_secret (number, secret, created_at, valid_from)
      VALUES (1, \(try SecureRandom.bytes(32)), \(moment), timestamptz 'epoch')
      ON CONFLICT DO NOTHING
      """)
    let made = try await secrets()
    guard !made.isEmpty else {
      throw PostgresError(.server, "table pseudonym_secret holds only destroyed secrets; delete its rows")
    }
    return made
  }

  private func secrets() async throws -> [Secret] {
    try await database.query(
      """
      SELECT number, secret, valid_from FROM pseudonym_secret WHERE secret IS NOT NULL ORDER BY valid_from
      """
    ).decode(Int32.self, [UInt8].self, Date.self).map { Secret(number: $0.0, bytes: $0.1, validFrom: $0.2) }
  }

  /// Writes down the next secret when the newest one's time ends within `lead`; it takes effect `lead` from now.
  /// - Returns: whether it did.
  func schedule(at moment: Date, every rotation: TimeInterval, lead: TimeInterval) async throws -> Bool {
    let earliest = moment.addingTimeInterval(lead)
    return try await database.execute(
      """
      INSERT INTO pseudonym_secret (number, secret, created_at, valid_from)
      SELECT number + 1, \(try SecureRandom.bytes(32)), \(moment), \(earliest)
      FROM (
        SELECT number, greatest(created_at, valid_from) + make_interval(secs => \(rotation)) AS due
        FROM pseudonym_secret ORDER BY number DESC LIMIT 1
      ) AS newest
      WHERE due <= \(earliest)
      ON CONFLICT DO NOTHING
      """) > 0
  }

  /// Destroys secrets that have been out of use for so long.
  /// - Returns: how many.
  func destroy(at moment: Date, outOfUseFor kept: TimeInterval) async throws -> Int {
    try await database.execute(
      """
      UPDATE pseudonym_secret AS known SET secret = NULL, destroyed_at = \(moment)
      WHERE secret IS NOT NULL AND EXISTS (
        SELECT FROM pseudonym_secret AS later
        WHERE later.number > known.number AND later.valid_from <= \(moment.addingTimeInterval(-kept)))
      """)
  }

  /// Writes the table anew, so that nothing destroyed lingers in its pages. Not within a transaction.
  func shred() async throws { _ = try await database.execute("VACUUM FULL pseudonym_secret") }
}
