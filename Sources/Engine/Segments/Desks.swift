import Dispatch

/// Places to work at, shared by all films of a renderer: however many are rendered at the same time, no more
/// segments are painted and encoded at once than there are desks.
final class Desks: Sendable {
  let count: Int
  private let free: DispatchSemaphore

  init(_ count: Int) {
    self.count = count
    free = DispatchSemaphore(value: count)
  }

  /// Runs `body` at a desk, on the calling thread, which waits for one as long as it must.
  ///
  /// - Throws: `CancellationError` when `flag` was set while waiting; what `body` throws.
  func take<Result>(_ flag: CancellationFlag, _ body: () throws -> Result) throws -> Result {
    while free.wait(timeout: .now() + .milliseconds(50)) == .timedOut { try flag.check() }
    defer { free.signal() }
    return try body()
  }
}
