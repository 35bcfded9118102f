import Dispatch
import Foundation
import Synchronization

/// SIGINT and SIGTERM cancel the command, which then cleans up after itself; a second one ends the process at once.
final class Interruption: Sendable {
  private let received = Mutex<Int32?>(nil)

  /// The signal that came, if one did.
  var signal: Int32? { received.withLock { $0 } }

  /// Runs `body` in a task that signals cancel.
  func cancelling<Result: Sendable>(
    _ body: @escaping @Sendable () async throws -> Result
  ) async throws -> Result {
    let task = Task { try await body() }
    let sources = [SIGINT, SIGTERM].map { number in
      // The source only hears of a signal whose usual effect is off.
      Foundation.signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler { [self] in
        let isFirst = received.withLock { received in
          defer { received = received ?? number }
          return received == nil
        }
        guard isFirst else { _exit(128 + number) }
        task.cancel()
      }
      source.activate()
      return source
    }
    defer { for source in sources { source.cancel() } }
    return try await task.value
  }
}

/// Runs `body` where our own cancellation does not reach it; cancelling calls `stop` instead, which asks `body` to
/// come to its end.
func stoppable<Result: Sendable>(
  _ body: @escaping @Sendable () async throws -> Result, stop: @escaping @Sendable () -> Void
) async throws -> Result {
  let task = Task { try await body() }
  return try await withTaskCancellationHandler {
    try await task.value
  } onCancel: {
    stop()
  }
}
