public import FoundationEssentials
public import Logging
public import Postgres
import Synchronization

/// Which secret a viewer's pseudonym is made with.
public protocol PseudonymSource: Sendable {
  /// - Parameter moment: when the event was received, so that an event replayed later gets the same pseudonym.
  func pseudonym(at moment: Date) -> ViewerPseudonym
}

/// One secret for ever.
extension ViewerPseudonym: PseudonymSource {
  public func pseudonym(at moment: Date) -> ViewerPseudonym { self }
}

/// Keeps a deployment's secrets at hand, rotates them and destroys old ones; every process runs one.
///
/// Asking for a pseudonym never asks the database. A secret is written down at least `lead` before it takes effect and
/// every process looks four times within that, so all of them change at the same moment. While the database is away
/// the secrets known stay in use; nothing can be stored then either, and what is spooled gets its pseudonyms when it is
/// replayed.
public final class PseudonymKeeper: PseudonymSource {
  private let database: Database
  /// How long a secret is in use; nil: for ever.
  private let rotation: Duration?
  private let keptFor: Duration
  private let lead: Duration
  private let clock: any Clock<Duration>
  private let now: @Sendable () -> Date
  private let logger: Logger
  /// In order of time; never empty.
  private let known: Mutex<[(validFrom: Date, pseudonym: ViewerPseudonym)]>

  /// - Parameters:
  ///   - rotation: how long each secret is in use; nil: the first one for ever.
  ///   - keptFor: how long a secret that is out of use is kept for events received in its time and replayed later.
  ///   - lead: how long before it takes effect a secret is written down.
  public init(
    database: Database, rotation: Duration?, keptFor: Duration, lead: Duration = .seconds(3600),
    clock: any Clock<Duration> = ContinuousClock(), now: @escaping @Sendable () -> Date = { Date() },
    logger: Logger = Logger(label: "retake.ingestion")
  ) async throws {
    self.database = database
    self.rotation = rotation
    self.keptFor = keptFor
    self.lead = lead
    self.clock = clock
    self.now = now
    self.logger = logger
    known = Mutex(Self.pseudonyms(try await PseudonymSecretStore(database).ensure(at: now())))
  }

  public func pseudonym(at moment: Date) -> ViewerPseudonym {
    known.withLock { known in
      // Received in the time of a secret that is destroyed: the oldest that is left.
      (known.last { $0.validFrom <= moment } ?? known[0]).pseudonym
    }
  }

  /// Rotates, destroys and looks, until cancelled.
  public func run() async {
    while !Task.isCancelled {
      do {
        try await upkeep()
      } catch {
        if Task.isCancelled { return }
        logger.warning(
          "the secrets of pseudonyms could not be looked after, those known stay in use: \(error)")
      }
      do { try await clock.sleep(for: lead / 4) } catch { return }
    }
  }

  /// One round of `run`.
  public func upkeep() async throws {
    let moment = now()
    let (rotation, lead, keptFor) = (rotation?.timeInterval, lead.timeInterval, keptFor.timeInterval)
    let destroyed = try await database.transaction { connection in
      // One process at a time, though two would do no harm: the numbers are a key.
      _ = try await connection.query(
        "SELECT pg_advisory_xact_lock(hashtextextended('pseudonym_secret', 0))")
      let store = PseudonymSecretStore(connection)
      if let rotation { _ = try await store.schedule(at: moment, every: rotation, lead: lead) }
      return try await store.destroy(at: moment, outOfUseFor: keptFor)
    }
    if destroyed > 0 {
      try await PseudonymSecretStore(database).shred()
      logger.notice("\(destroyed) old secret(s) of pseudonyms destroyed")
    }
    try await refresh()
  }

  /// Reads what other processes may have written.
  public func refresh() async throws {
    let fresh = Self.pseudonyms(try await PseudonymSecretStore(database).ensure(at: now()))
    known.withLock { $0 = fresh }
  }

  private static func pseudonyms(
    _ secrets: [PseudonymSecretStore.Secret]
  ) -> [(validFrom: Date, pseudonym: ViewerPseudonym)] {
    secrets.map { ($0.validFrom, ViewerPseudonym(secret: $0.bytes)) }
  }
}

extension Duration {
  fileprivate var timeInterval: TimeInterval {
    Double(components.seconds) + Double(components.attoseconds) * 1e-18
  }
}
