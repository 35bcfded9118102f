import ArgumentParser
import Service

struct Serve: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Answer HTTP: events, API, dashboard; and run jobs unless worker.concurrency is 0.",
    discussion: "Stops gracefully on Ctrl-C or SIGTERM; what was acknowledged is stored.")

  @OptionGroup var common: CommonOptions

  @Option(help: "Address to listen on (service.host).")
  var host: String?

  @Option(help: "Port to listen on; 0 takes any free one (service.port).")
  var port: Int?

  func validate() throws {
    guard port.map({ (0...65_535).contains($0) }) ?? true else {
      throw ValidationError("--port must be 0 to 65535.")
    }
  }

  func run() async throws {
    try await withRuntime(common, isLongRunning: true) { runtime in
      let settings = runtime.settings
      let host = host ?? settings.service.host
      let hasWorker = settings.worker.concurrency > 0
      let service = try await runtime.service(
        host: host, port: port ?? settings.service.port, hasWorker: hasWorker
      ) { port in
        Console.note("Listening on \(ServiceAddress.base(host: host, port: port, settings)). Ctrl-C stops.")
        Console.note(
          hasWorker
            ? "\(settings.worker.concurrency) jobs at a time run here."
            : "No jobs run here; run them with: retake worker")
      }
      try await service.run(shutdownGrace: settings.service.shutdownGrace)
      Console.note("Stopped; everything acknowledged is stored.")
    }
  }
}

/// How others reach the service.
enum ServiceAddress {
  static func base(host: String, port: Int, _ settings: Settings) -> String {
    if let base = settings.service.baseURL { return base.hasSuffix("/") ? String(base.dropLast()) : base }
    // An address that means "all of this machine's" is none to go to.
    let name = host == "0.0.0.0" || host == "::" ? "127.0.0.1" : host
    return "http://\(name.contains(":") ? "[\(name)]" : name):\(port)"
  }
}
