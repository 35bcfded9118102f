import Foundation
import Service

/// The HTTP service of a demo, up while `body` runs.
struct DemoService {
  let runtime: Runtime
  let display: ProgressDisplay
  /// nil: the settings' port.
  let port: Int?

  /// Takes a free port when the wished one is in use.
  func serving<Result: Sendable>(_ body: (URL) async throws -> Result) async throws -> Result {
    let host = runtime.settings.service.host
    let wished = port ?? runtime.settings.service.port
    do {
      return try await serving(host: host, port: wished, body)
    } catch let error as ServiceError {
      guard case .portInUse = error, wished != 0 else { throw error }
      display.say("Port \(wished) is in use by another program, so a free one is taken.")
      return try await serving(host: host, port: 0, body)
    }
  }

  private func serving<Result: Sendable>(
    host: String, port: Int, _ body: (URL) async throws -> Result
  ) async throws -> Result {
    let (ports, listening) = AsyncStream.makeStream(of: Int.self)
    // Jobs run beside the service, and no upkeep does: in a replay nothing comes due by the machine's clock.
    let service = try await runtime.service(host: host, port: port, hasWorker: false) { listening.yield($0) }
    let grace = runtime.settings.service.shutdownGrace
    return try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        defer { listening.finish() }
        try await service.run(shutdownGrace: grace)
      }
      guard let port = await ports.first(where: { _ in true }) else {
        try await group.waitForAll()
        throw CommandFailure("the service ended before it listened.")
      }
      let base = ServiceAddress.base(host: host, port: port, runtime.settings)
      guard let url = URL(string: base) else {
        throw CommandFailure("service.base_url \"\(base)\" is not a web address.")
      }
      display.say("The service listens on \(base)")
      let result = try await body(url)
      // Stops it gracefully: everything acknowledged is stored and folded.
      group.cancelAll()
      try await group.waitForAll()
      return result
    }
  }
}
