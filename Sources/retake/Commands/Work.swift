import ArgumentParser
import Jobs

struct Work: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "worker", abstract: "Run jobs: renders and scheduled autopilot rounds.",
    discussion: "Stops gracefully on Ctrl-C or SIGTERM: running jobs are finished or handed back.")

  @OptionGroup var common: CommonOptions

  @Option(help: "Jobs at the same time (worker.concurrency).")
  var concurrency: Int?

  func validate() throws {
    guard concurrency.map({ (1...64).contains($0) }) ?? true else {
      throw ValidationError("--concurrency must be 1 to 64.")
    }
  }

  func run() async throws {
    try await withRuntime(common, isLongRunning: true) { runtime in
      let worker = runtime.worker(concurrency: concurrency ?? max(1, runtime.settings.worker.concurrency))
      let upkeep = runtime.upkeep
      Console.note("Working as \(worker.name). Ctrl-C stops.")
      try await stoppable {
        await withTaskGroup(of: Void.self) { group in
          group.addTask { await upkeep.run() }
          await worker.run()
          group.cancelAll()
        }
      } stop: {
        worker.stop()
      }
      Console.note("Stopped.")
    }
  }
}
