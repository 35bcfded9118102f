import Cryptography
public import FoundationEssentials
public import Postgres

/// Names for viewers whose links name none: the HMAC-SHA256 of address and user agent under a random salt that lives
/// for one UTC day. A viewer stays the same within the day and is a new one on the next; once the salt is deleted
/// nobody can find out who was meant, or tell that two days' viewers were one. Address and user agent are not kept.
public actor AnonymousViewers {
  private let database: any Queryable
  private var today: (day: Int, key: HMACSHA256)?
  private var standIn: (day: Int, key: HMACSHA256)?

  public init(_ database: any Queryable) { self.database = database }

  /// While the database is away and the day's salt is not known, this process has one of its own.
  public func name(address: String, userAgent: String, at moment: Date) async throws -> String {
    let day = Int((moment.timeIntervalSince1970 / 86_400).rounded(.down))
    let key: HMACSHA256
    if let today, today.day == day {
      key = today.key
    } else {
      do {
        key = HMACSHA256(key: try await salt(at: moment))
        today = (day, key)
      } catch is PostgresError {
        if let standIn, standIn.day == day {
          key = standIn.key
        } else {
          key = HMACSHA256(key: try SecureRandom.bytes(32))
          standIn = (day, key)
        }
      }
    }
    let code = key.authenticationCode(for: "\(address)\0\(userAgent)")
    return "anonymous:" + Base64URL.encode(code.bytes.prefix(16))
  }

  private func salt(at moment: Date) async throws -> [UInt8] {
    let date = Date(timeIntervalSince1970: (moment.timeIntervalSince1970 / 86_400).rounded(.down) * 86_400)
    let day = String(date.ISO8601Format().prefix(10))
    _ = try await database.execute("DELETE FROM viewer_salt WHERE day < \(day)::text::date")
    _ = try await database.execute(
      """
      INSERT INTO viewer_salt (day, salt) VALUES (\(day)::text::date, \(try SecureRandom.bytes(32)))
      ON CONFLICT (day) DO NOTHING
      """)
    let rows = try await database.query("SELECT salt FROM viewer_salt WHERE day = \(day)::text::date")
      .decode([UInt8].self)
    guard let salt = rows.first else { return try SecureRandom.bytes(32) }
    return salt
  }
}
