import Campaigns
import FoundationEssentials
import Hummingbird
import Synchronization

/// Knows which workspace a key opens. Remembers keys for a few seconds, so that a stream of events does not ask
/// the database for each; a revoked key is refused after that time at the latest.
final class KeyRing: Sendable {
  private struct Entry {
    let identity: Identity
    let validUntil: Date
  }

  private static let capacity = 4096

  private let keys: KeyStore
  private let workspaces: WorkspaceStore
  private let memory: TimeInterval
  private let now: @Sendable () -> Date
  private let known = Mutex<[APIKeySecret: Entry]>([:])

  init(
    keys: KeyStore, workspaces: WorkspaceStore, memory: TimeInterval = 5,
    now: @escaping @Sendable () -> Date
  ) {
    self.keys = keys
    self.workspaces = workspaces
    self.memory = memory
    self.now = now
  }

  /// - Throws: `Problem` 401 when no living key has this secret.
  func identity(of text: String) async throws -> Identity {
    guard let secret = APIKeySecret(text) else { throw Self.unknownKey }
    let moment = now()
    if let entry = known.withLock({ $0[secret] }), entry.validUntil > moment { return entry.identity }

    guard let key = try await keys.authenticate(secret) else {
      known.withLock { $0[secret] = nil }
      throw Self.unknownKey
    }
    let identity = Identity(
      workspace: try await workspaces.find(key.workspace), keyName: key.name, key: key)
    known.withLock {
      if $0.count >= Self.capacity { $0.removeAll() }
      $0[secret] = Entry(identity: identity, validUntil: moment.addingTimeInterval(memory))
    }
    return identity
  }

  private static let unknownKey = Problem(
    .unauthorized, "key_unknown",
    "This API key is not known or was revoked. Make one with: retake key create --scope ingest NAME")
}
