import Campaigns
import FoundationEssentials
import Hummingbird
import Logging
import Postgres
import Synchronization

/// Knows which workspace a key opens. Remembers keys for a few seconds, so that a stream of events does not ask
/// the database for each; a revoked key is refused after that time, and one look-up, at the latest.
///
/// While the database does not answer, keys that it vouched for not long ago stay good, for the service goes on taking
/// events meanwhile. A key it was never asked about is answered with 503: nobody knows whether it is right.
final class KeyRing: Sendable {
  private struct Entry {
    let identity: Identity
    /// When the database said so.
    let confirmed: Date
    /// When it is asked again.
    var askAgain: Date
  }

  private struct State {
    var known: [APIKeySecret: Entry] = [:]
    /// No key is asked about before that has nothing to fall back on: the database has just failed to answer.
    var quietUntil = Date.distantPast
  }

  private static let capacity = 4096

  private let keys: KeyStore
  private let workspaces: WorkspaceStore
  private let memory: TimeInterval
  private let memoryWithoutDatabase: TimeInterval
  private let now: @Sendable () -> Date
  private let logger: Logger
  private let state = Mutex(State())

  init(
    keys: KeyStore, workspaces: WorkspaceStore, memory: TimeInterval = 5,
    memoryWithoutDatabase: TimeInterval = 900, now: @escaping @Sendable () -> Date,
    logger: Logger = Logger(label: "retake.service")
  ) {
    self.keys = keys
    self.workspaces = workspaces
    self.memory = memory
    self.memoryWithoutDatabase = memoryWithoutDatabase
    self.now = now
    self.logger = logger
  }

  private enum Answer {
    case known(Identity)
    /// Ask the database; the entry is what to fall back on.
    case ask(Entry?)
    case away
  }

  /// The identity of a key the database need not be asked about now.
  func remembered(_ text: String) -> Identity? {
    guard let secret = APIKeySecret(text) else { return nil }
    let moment = now()
    return state.withLock { state in
      state.known[secret].flatMap { moment < $0.askAgain ? $0.identity : nil }
    }
  }

  /// - Throws: `Problem` 401 when no living key has this secret, 503 when that cannot be found out now.
  func identity(of text: String) async throws -> Identity {
    guard let secret = APIKeySecret(text) else { throw Self.unknownKey }
    let moment = now()
    let answer: Answer = state.withLock { state in
      let entry = state.known[secret]
      if let entry, moment < entry.askAgain { return .known(entry.identity) }
      guard let entry, moment < entry.confirmed.addingTimeInterval(memoryWithoutDatabase) else {
        return moment < state.quietUntil ? .away : .ask(nil)
      }
      // Others go on with what is known while this request asks, so that a slow database is asked once.
      state.known[secret]?.askAgain = moment.addingTimeInterval(memory)
      return .ask(entry)
    }
    switch answer {
    case .known(let identity): return identity
    case .away: throw Self.databaseAway
    case .ask(let entry): return try await ask(secret, entry, at: moment)
    }
  }

  private func ask(_ secret: APIKeySecret, _ entry: Entry?, at moment: Date) async throws -> Identity {
    do {
      guard let key = try await keys.authenticate(secret) else {
        state.withLock { $0.known[secret] = nil }
        throw Self.unknownKey
      }
      let identity = Identity(
        workspace: try await workspaces.find(key.workspace), keyName: key.name, key: key)
      state.withLock { state in
        if state.known.count >= Self.capacity { state.known.removeAll() }
        state.known[secret] = Entry(
          identity: identity, confirmed: moment, askAgain: moment.addingTimeInterval(memory))
        state.quietUntil = .distantPast
      }
      return identity
    } catch let error as PostgresError {
      state.withLock { $0.quietUntil = now().addingTimeInterval(1) }
      if let entry { return entry.identity }
      logger.error("A key could not be looked up", metadata: ["error": "\(error)"])
      throw Self.databaseAway
    }
  }

  private static let unknownKey = Problem(
    .unauthorized, "key_unknown",
    "This API key is not known or was revoked. Make one with: retake key create --scope ingest NAME")

  private static let databaseAway = Problem(
    .serviceUnavailable, "database_unavailable",
    "The database does not answer, and whether this API key is good is not known here yet. Send the request again.",
    retryAfter: 2)
}
