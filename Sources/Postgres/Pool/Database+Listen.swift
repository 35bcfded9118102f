import Logging
import Synchronization

extension Database {
  /// What is sent to a channel from now on, over a connection of its own that is replaced when it is lost; see
  /// `Notification.mayHaveMissedEarlier`. Ends when the database is closed; throws when the server refuses us.
  public func listen(_ channel: String) -> AsyncThrowingStream<Notification, any Error> {
    AsyncThrowingStream { continuation in
      let listener = Listener(channel: channel, pool: pool)
      let task = Task { await listener.run(continuation) }
      let identifier = listeners.add(task)
      continuation.onTermination = { [listeners] _ in
        task.cancel()
        listeners.remove(identifier)
      }
    }
  }
}

/// The tasks of `listen`, owned by the database so that closing it ends them.
final class Listeners: Sendable {
  private let tasks = Mutex<(next: Int, running: [Int: Task<Void, Never>])>((0, [:]))

  func add(_ task: Task<Void, Never>) -> Int {
    tasks.withLock { tasks in
      tasks.next += 1
      tasks.running[tasks.next] = task
      return tasks.next
    }
  }

  func remove(_ identifier: Int) { tasks.withLock { _ = $0.running.removeValue(forKey: identifier) } }

  func stop() {
    let running = tasks.withLock { tasks in
      defer { tasks.running = [:] }
      return tasks.running.values
    }
    for task in running { task.cancel() }
  }
}

private struct Listener: Sendable {
  let channel: String
  let pool: Pool

  func run(_ output: AsyncThrowingStream<Notification, any Error>.Continuation) async {
    var pause = Duration.milliseconds(50)
    var isFirst = true
    while !Task.isCancelled {
      do {
        try await listenUntilLost(output, isFirst: isFirst) {
          pause = .milliseconds(50)
          isFirst = false
        }
      } catch  where error.kind == .connection || error.kind == .timeout {
        pool.logger.warning("listening to \(channel) stopped, trying again: \(error)")
      } catch  where error.kind == .cancelled {
        break
      } catch {
        output.finish(throwing: error)
        return
      }
      do { try await ContinuousClock().sleep(for: pause) } catch { break }
      pause = min(pause * 2, .seconds(5))
    }
    output.finish()
  }

  private func listenUntilLost(
    _ output: AsyncThrowingStream<Notification, any Error>.Continuation, isFirst: Bool, listening: () -> Void
  ) async throws(PostgresError) {
    let connection = try await Connection.open(pool.configuration, logger: pool.logger)
    let (losses, loss) = AsyncStream.makeStream(of: Void.self)
    await connection.observe(onNotification: { output.yield($0) }, onLoss: { loss.finish() })
    _ = try await connection.query("LISTEN \(identifier: channel)" as SQL)
    listening()
    if !isFirst {
      output.yield(Notification(channel: channel, payload: "", mayHaveMissedEarlier: true))
    }
    // Ends when the connection is lost, or at once when this task is cancelled.
    for await _ in losses {}
    await connection.close()
  }
}
