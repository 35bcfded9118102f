import Hummingbird
import HummingbirdCore
import Logging
import Synchronization

/// How many connections are open, known to all of them.
final class ConnectionCensus: Sendable {
  private let open = Atomic(0)
  let limit: Int

  init(limit: Int) { self.limit = limit }

  var count: Int { open.load(ordering: .relaxed) }
  /// Whether idle connections should make room.
  var isCrowded: Bool { count >= limit / 4 * 3 }

  fileprivate func add(_ difference: Int) { open.add(difference, ordering: .relaxed) }
}

/// Takes connections up to the census' limit; further ones wait in the system's queue.
struct CountedConnections: AvailableConnectionsDelegate {
  let census: ConnectionCensus
  let logger: Logger
  private var nextWarning = ContinuousClock.now

  init(census: ConnectionCensus, logger: Logger) {
    self.census = census
    self.logger = logger
  }

  mutating func connectionOpened() {
    census.add(1)
    if census.count >= census.limit, ContinuousClock.now >= nextWarning {
      nextWarning = .now + .seconds(60)
      logger.warning(
        "All \(census.limit) connections are taken; others wait until some close (service.max_connections)")
    }
  }

  func connectionClosed() { census.add(-1) }

  func isAcceptingNewConnections() -> Bool { census.count < census.limit }
}
