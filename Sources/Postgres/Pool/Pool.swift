import Logging
import Synchronization

/// Lends connections. The state machine decides under a lock, the effects happen outside of it.
final class Pool: Sendable {
  private typealias State = PoolState<Connection>
  private typealias Waiter = CheckedContinuation<Result<State.Grant, PostgresError>, Never>

  private struct Guarded {
    var state: State
    var waiters: [UInt64: Waiter] = [:]
    var nextWaiter: UInt64 = 0
    /// Ends waits that took too long; there is one while anybody waits.
    var sweeper: Task<Void, Never>?
    var lastError: PostgresError?
  }

  let configuration: DatabaseConfiguration
  let logger: Logger
  private let guarded: Mutex<Guarded>

  init(_ configuration: DatabaseConfiguration, logger: Logger) {
    self.configuration = configuration
    self.logger = logger
    guarded = Mutex(Guarded(state: State(limit: configuration.maximumConnections)))
  }

  var health: DatabaseHealth {
    guarded.withLock { guarded in
      DatabaseHealth(
        open: guarded.state.openCount, idle: guarded.state.idle.count, waiting: guarded.state.waitingCount,
        limit: guarded.state.limit, lastError: guarded.lastError)
    }
  }

  func lease() async throws(PostgresError) -> Connection {
    let deadline = ContinuousClock.now.advanced(by: configuration.acquireTimeout)
    let answer = guarded.withLock { guarded in
      guarded.state.lease { $0.status.load(ordering: .acquiring) == .idle }
    }
    let grant: State.Grant
    switch answer {
    case .closed: throw closedError
    case .granted(let granted): grant = granted
    case .mustWait: grant = try await wait(until: deadline)
    }
    switch grant {
    case .connection(let connection):
      // It may have been lost between being given back and being passed on.
      if connection.status.load(ordering: .acquiring) != .broken { return connection }
      return try await open(until: deadline)
    case .slot: return try await open(until: deadline)
    }
  }

  func giveBack(_ connection: Connection) async {
    if connection.status.load(ordering: .acquiring) == .inTransaction { await connection.rollBackAbandoned() }
    let isUsable = connection.status.load(ordering: .acquiring) == .idle
    let (next, mustClose) = guarded.withLock { guarded in
      (
        isUsable ? guarded.state.giveBack(connection) : guarded.state.drop(),
        guarded.state.isClosed || !isUsable
      )
    }
    pass(next)
    if mustClose { await connection.close() }
  }

  /// Lent connections are closed when they come back.
  func close() async {
    let (idle, waiters, sweeper) = guarded.withLock { guarded in
      let closed = guarded.state.close()
      let waiters = closed.waiters.compactMap { guarded.waiters.removeValue(forKey: $0) }
      return (closed.idle, waiters, guarded.sweeper)
    }
    sweeper?.cancel()
    for waiter in waiters { waiter.resume(returning: .failure(closedError)) }
    for connection in idle { await connection.close() }
  }

  private var closedError: PostgresError {
    PostgresError(.closed, "the pool of \(configuration) was closed")
  }

  // MARK: - Opening

  /// Opens a connection in a granted slot. While the server is away it tries again after 50 ms, 100 ms … 1 s.
  private func open(until deadline: ContinuousClock.Instant) async throws(PostgresError) -> Connection {
    let patience = min(ContinuousClock.now.advanced(by: configuration.reconnectPatience), deadline)
    var pause = Duration.milliseconds(50)
    while true {
      do {
        let connection = try await Connection.open(configuration, logger: logger)
        guarded.withLock { $0.lastError = nil }
        return connection
      } catch {
        let mayTryAgain = error.kind == .connection && ContinuousClock.now.advanced(by: pause) < patience
        guarded.withLock { $0.lastError = error }
        if mayTryAgain, await slept(pause) {
          pause = min(pause * 2, .seconds(1))
          continue
        }
        pass(guarded.withLock { $0.state.drop() })
        throw error
      }
    }
  }

  private func slept(_ pause: Duration) async -> Bool {
    do {
      try await ContinuousClock().sleep(for: pause)
      return true
    } catch {
      return false
    }
  }

  // MARK: - Waiting

  private func wait(until deadline: ContinuousClock.Instant) async throws(PostgresError) -> State.Grant {
    let waiter = guarded.withLock { guarded in
      guarded.nextWaiter += 1
      return guarded.nextWaiter
    }
    let result = await withTaskCancellationHandler {
      await withCheckedContinuation { (continuation: Waiter) in enqueue(waiter, continuation, until: deadline)
      }
    } onCancel: {
      remove(waiter)?.resume(
        returning: .failure(
          PostgresError(.cancelled, "the task was cancelled while waiting for a connection")))
    }
    return try result.get()
  }

  private func enqueue(_ waiter: UInt64, _ continuation: Waiter, until deadline: ContinuousClock.Instant) {
    // Between the first look and now a connection may have come back, or the task been cancelled: look again.
    let immediate: Result<State.Grant, PostgresError>? = guarded.withLock { guarded in
      if Task.isCancelled {
        return .failure(PostgresError(.cancelled, "the task was cancelled while waiting for a connection"))
      }
      switch guarded.state.lease(isUsable: { $0.status.load(ordering: .acquiring) == .idle }) {
      case .granted(let grant): return .success(grant)
      case .closed: return .failure(closedError)
      case .mustWait:
        guarded.state.wait(waiter, until: deadline)
        guarded.waiters[waiter] = continuation
        if guarded.sweeper == nil {
          guarded.sweeper = Task { [weak self] in await self?.sweep(from: deadline) }
        }
        return nil
      }
    }
    if let immediate { continuation.resume(returning: immediate) }
  }

  private func remove(_ waiter: UInt64) -> Waiter? {
    guarded.withLock { guarded in
      guard guarded.state.leave(waiter) else { return nil }
      return guarded.waiters.removeValue(forKey: waiter)
    }
  }

  private func pass(_ next: (waiter: UInt64, State.Grant)?) {
    guard let next else { return }
    let continuation = guarded.withLock { $0.waiters.removeValue(forKey: next.waiter) }
    continuation?.resume(returning: .success(next.1))
  }

  private func sweep(from first: ContinuousClock.Instant) async {
    var next: ContinuousClock.Instant? = first
    while let instant = next {
      do { try await ContinuousClock().sleep(until: instant) } catch { return }
      let late: [Waiter]
      (late, next) = guarded.withLock { guarded in
        let (expired, next) = guarded.state.expire(at: .now)
        if next == nil { guarded.sweeper = nil }
        return (expired.compactMap { guarded.waiters.removeValue(forKey: $0) }, next)
      }
      for waiter in late { waiter.resume(returning: .failure(exhausted)) }
    }
  }

  private var exhausted: PostgresError {
    PostgresError(
      .timeout,
      "no connection came free within \(configuration.acquireTimeout): all \(configuration.maximumConnections) are lent",
      hint: "Raise the pool's size, or look for work that keeps a connection too long")
  }
}

/// What `/readyz` and `/metrics` want to know.
public struct DatabaseHealth: Sendable {
  public let open: Int
  public let idle: Int
  public let waiting: Int
  public let limit: Int
  /// Why the last attempt to connect failed; `nil` after one that did not.
  public let lastError: PostgresError?
}
