import CMedia
import Foundation
import Synchronization

/// Work that keeps a core busy for seconds, on a thread of its own: the cooperative pool stays free.
enum RenderThread {
  /// Runs `body` there and gives its result. Cancelling the task sets the flag `body` is to look at.
  static func run<Result: Sendable>(
    _ name: String, _ body: @escaping @Sendable (CancellationFlag) throws -> Result
  ) async throws -> Result {
    let flag = CancellationFlag()
    _ = MediaLog.isQuiet
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        let thread = Thread {
          let result = Swift.Result { try body(flag) }
          // What this work freed would stay with this thread's part of the heap; the next runs on others.
          malloc_trim(0)
          continuation.resume(with: result)
        }
        thread.name = name
        // librsvg and x264 go deeper than the 512 KiB a secondary thread may get.
        thread.stackSize = 8 << 20
        thread.start()
      }
    } onCancel: {
      flag.set()
    }
  }
}

/// Set once, from any thread, when the work is no longer wanted.
final class CancellationFlag: Sendable {
  private let isSet = Atomic(false)

  func set() { isSet.store(true, ordering: .relaxed) }

  func check() throws(CancellationError) {
    if isSet.load(ordering: .relaxed) { throw CancellationError() }
  }
}
