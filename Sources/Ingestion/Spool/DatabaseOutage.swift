public import FoundationEssentials
import Synchronization

/// Whether the database is taken to be away: from the first commit it failed until the first one it takes again. In
/// between nobody waits for it; the spool's replay, or one request at a time, finds out when it is back.
public final class DatabaseOutage: Sendable {
  private struct State {
    var since: Date?
    var nextProbe = Date.distantPast
    var count = 0
  }

  private let state = Mutex(State())
  private let flag = Atomic(false)
  private let probeEvery: TimeInterval
  private let now: @Sendable () -> Date

  public init(probeEverySeconds: Double = 1, now: @escaping @Sendable () -> Date = { Date() }) {
    probeEvery = probeEverySeconds
    self.now = now
  }

  public var isActive: Bool { flag.load(ordering: .relaxed) }
  /// When the running outage was noticed.
  public var since: Date? { state.withLock { $0.since } }
  /// Outages since this process started.
  public var count: Int { state.withLock { $0.count } }

  /// - Returns: whether this is news.
  @discardableResult
  func begin() -> Bool {
    let moment = now()
    return state.withLock { state in
      state.nextProbe = moment.addingTimeInterval(probeEvery)
      if state.since != nil { return false }
      state.since = moment
      state.count += 1
      flag.store(true, ordering: .relaxed)
      return true
    }
  }

  /// - Returns: how many seconds it lasted; nil when there was none.
  @discardableResult
  func end() -> Double? {
    guard isActive else { return nil }
    let moment = now()
    return state.withLock { state in
      defer { state.since = nil }
      flag.store(false, ordering: .relaxed)
      return state.since.map { moment.timeIntervalSince($0) }
    }
  }

  /// True for one caller in every interval: it may try.
  func takesProbe() -> Bool {
    let moment = now()
    return state.withLock { state in
      guard moment >= state.nextProbe else { return false }
      state.nextProbe = moment.addingTimeInterval(probeEvery)
      return true
    }
  }
}
