import Foundation

/// Renders a document again whenever it or one of its assets was saved. What goes wrong is told, and the next save
/// waited for; a save while it renders begins anew.
struct RenderWatch {
  let pass: RenderPass

  /// Ends by cancellation only.
  func run() async throws {
    try await FileWatch.watching { watch in
      try watch.follow([pass.document])
      while true {
        try await round(watch)
        try Task.checkCancellation()
      }
    }
  }

  private enum Event {
    case rendered, changed
  }

  /// From one save to the next.
  private func round(_ watch: FileWatch) async throws {
    try await withThrowingTaskGroup(of: Event.self) { group in
      group.addTask {
        try await watch.change()
        return .changed
      }
      group.addTask {
        await render(watch)
        return .rendered
      }
      for try await event in group {
        if event == .changed {
          group.cancelAll()
          break
        }
        if !Task.isCancelled { Console.note("Watching \(pass.document) and what it shows. Ctrl-C ends.") }
      }
    }
  }

  private func render(_ watch: FileWatch) async {
    do {
      try await pass.run { assets in try watch.follow([pass.document] + assets) }
    } catch is CancellationError {
      return
    } catch {
      Console.note("error: \(FailureText.of(error))")
    }
  }
}
