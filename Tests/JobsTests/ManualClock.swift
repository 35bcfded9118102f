import Foundation
import Jobs
import Logging
import Postgres
import Synchronization

/// A clock whose sleepers wake when the test moves it, so that heartbeats and polls take no time.
final class ManualClock: Clock {
  struct Instant: InstantProtocol {
    var offset: Duration
    func advanced(by duration: Duration) -> Instant { Instant(offset: offset + duration) }
    func duration(to other: Instant) -> Duration { other.offset - offset }
    static func < (left: Instant, right: Instant) -> Bool { left.offset < right.offset }
  }

  private struct State {
    var now = Instant(offset: .zero)
    var nextID = 0
    var sleepers: [Int: (until: Instant, wake: CheckedContinuation<Void, any Error>)] = [:]
    var cancelled: Set<Int> = []
    var watchers: [(count: Int, wake: CheckedContinuation<Void, Never>)] = []
  }
  private let state = Mutex(State())

  var now: Instant { state.withLock(\.now) }
  var minimumResolution: Duration { .nanoseconds(1) }

  func sleep(until deadline: Instant, tolerance: Duration?) async throws {
    let id = state.withLock { state in
      state.nextID += 1
      return state.nextID
    }
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        let (over, watchers) = state.withLock {
          state -> (Result<Void, any Error>?, [CheckedContinuation<Void, Never>]) in
          if state.cancelled.remove(id) != nil { return (.failure(CancellationError()), []) }
          if deadline <= state.now { return (.success(()), []) }
          state.sleepers[id] = (deadline, continuation)
          let ready = state.watchers.filter { $0.count <= state.sleepers.count }.map(\.wake)
          state.watchers.removeAll { $0.count <= state.sleepers.count }
          return (nil, ready)
        }
        if let over { continuation.resume(with: over) }
        for watcher in watchers { watcher.resume() }
      }
    } onCancel: {
      let sleeper = state.withLock { state in
        let sleeper = state.sleepers.removeValue(forKey: id)
        if sleeper == nil { state.cancelled.insert(id) }
        return sleeper
      }
      sleeper?.wake.resume(throwing: CancellationError())
    }
  }

  /// Returns when so many sleep at the same time.
  func awaitSleepers(_ count: Int) async {
    await withCheckedContinuation { continuation in
      let ready = state.withLock { state in
        if state.sleepers.count >= count { return true }
        state.watchers.append((count, continuation))
        return false
      }
      if ready { continuation.resume() }
    }
  }

  func advance(by duration: Duration) {
    let due = state.withLock { state in
      state.now = state.now.advanced(by: duration)
      let due = state.sleepers.filter { $0.value.until <= state.now }
      for id in due.keys { state.sleepers[id] = nil }
      return due.values.map(\.wake)
    }
    for sleeper in due { sleeper.resume() }
  }
}

/// Tells a test that something happened in another task, and how often.
actor Signal {
  private(set) var count = 0
  private var waiting: [(Int, CheckedContinuation<Void, Never>)] = []

  func fire() {
    count += 1
    let ready = waiting.filter { $0.0 <= count }
    waiting.removeAll { $0.0 <= count }
    for (_, continuation) in ready { continuation.resume() }
  }

  func wait(for wanted: Int = 1) async {
    if count >= wanted { return }
    await withCheckedContinuation { waiting.append((wanted, $0)) }
  }
}

struct Greeting: Codable, Sendable, Equatable {
  var name: String
}

extension JobKind where Payload == Greeting {
  static var greet: Self { JobKind(name: "greet", maxAttempts: 3) }
}

/// 2026-11-02T06:00:00Z, a Monday.
let start = Date(timeIntervalSince1970: 1_793_599_200)

func surroundings(
  clock: any Clock<Duration> = ContinuousClock(), now: @escaping @Sendable () -> Date = { start }
) -> WorkerSurroundings {
  var logger = Logger(label: "test")
  logger.logLevel = .critical
  return WorkerSurroundings(now: now, clock: clock, draw: { 0.5 }, logger: logger)
}
