import Campaigns
import Cryptography
public import FoundationEssentials
import Postgres

/// Signs and reads links with the deployment's secrets, kept in memory for a minute and longer while the database is
/// away. A secret that another process made meanwhile is fetched when its first link comes.
public actor LinkKeyRing {
  private let store: LinkSecretStore
  private let keptFor: TimeInterval
  public nonisolated let lifetime: TimeInterval
  private var known: (keys: LinkKeys, since: Date)?

  /// - Parameter lifetime: seconds a link is believed after it was issued.
  public init(store: LinkSecretStore, lifetime: TimeInterval, keptFor: TimeInterval = 60) {
    self.store = store
    self.lifetime = lifetime
    self.keptFor = keptFor
  }

  public func token(of link: SignedLink, at moment: Date) async throws -> String {
    try await keys(at: moment, knowing: nil).token(of: link)
  }

  /// - Throws: ``LinkError``, or `PostgresError` when no secret could be had.
  public func link(of token: String, at moment: Date) async throws -> SignedLink {
    guard let bytes = Base64URL.decode(token), let number = SignedLink.secretNumber(of: bytes) else {
      throw LinkError.unknown
    }
    let keys = try await keys(at: moment, knowing: number)
    return try keys.link(of: token, lifetime: lifetime, at: moment)
  }

  private func keys(at moment: Date, knowing number: UInt16?) async throws -> LinkKeys {
    if let known {
      let age = abs(moment.timeIntervalSince(known.since))
      let suffices = number.map { known.keys.knows($0) } ?? true
      // Whoever makes up numbers costs one question a second.
      if age < (suffices ? keptFor : 1) { return known.keys }
    }
    do {
      guard let keys = LinkKeys(secrets: try await store.ensure(at: moment)) else { throw LinkError.unknown }
      known = (keys, moment)
      return keys
    } catch let error as PostgresError {
      guard let known else { throw error }
      return known.keys
    }
  }
}
