import Foundation
import FoundationNetworking

/// `retake serve` as a process of its own, over a data folder of its own.
struct ServiceProcess {
  let program: Program.Running
  let data: URL
  let base: String

  /// Starts on a free port without a worker and waits until it listens.
  static func start(data: URL, environment: [String: String] = [:]) async throws -> ServiceProcess {
    var environment = environment
    environment["RETAKE_WORKER_CONCURRENCY"] = "0"
    let program = try Program.start(
      ["serve", "--port", "0", "--data", data.path], environment: environment)
    try await program.wait(forWords: "Listening on ")
    guard let match = program.told.firstMatch(of: #/Listening on (http://\S+?)\. /#) else {
      throw Program.TookTooLong(what: "did not say where it listens: \(program.told)")
    }
    return ServiceProcess(program: program, data: data, base: String(match.1))
  }

  func key(_ scopes: [String]) async throws -> String {
    let outcome = try await Program.run(
      ["key", "create", "test", "--data", data.path] + scopes.flatMap { ["--scope", $0] })
    guard outcome.status == 0 else { throw Program.TookTooLong(what: "made no key: \(outcome.errors)") }
    return outcome.output.trimmingCharacters(in: .whitespacesAndNewlines)
  }

  func send(
    _ method: String, _ path: String, key: String?, body: String? = nil
  ) async throws -> (status: Int, json: [String: Any]) {
    guard let url = URL(string: base + path) else { throw URLError(.badURL) }
    var request = URLRequest(url: url)
    request.httpMethod = method
    request.httpBody = body.map { Data($0.utf8) }
    if let key { request.setValue("Bearer \(key)", forHTTPHeaderField: "Authorization") }
    let session = URLSession(configuration: .ephemeral)
    defer { session.finishTasksAndInvalidate() }
    let (data, response) = try await session.data(for: request)
    let json = try? JSONSerialization.jsonObject(with: data) as? [String: Any]
    return ((response as? HTTPURLResponse)?.statusCode ?? 0, json ?? [:])
  }

  /// Asks it to stop and waits until it has.
  func stop() async throws -> Program.Outcome {
    program.signal(SIGTERM)
    return try await program.wait(atMost: .seconds(60))
  }
}
