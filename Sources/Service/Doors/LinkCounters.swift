import Synchronization

/// What signed links met since the process started, for `/metrics`.
final class LinkCounters: Sendable {
  private let lost = Mutex<[String: Int]>([:])

  /// Clicks that led to their target without being stored, by reason.
  var lostClicks: [String: Int] { lost.withLock { $0 } }

  func noteLostClick(_ reason: String) { lost.withLock { $0[reason, default: 0] += 1 } }
}
