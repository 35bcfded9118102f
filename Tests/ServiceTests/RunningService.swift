import Autopilot
import Campaigns
import Foundation
import FoundationNetworking
import Ingestion
import Jobs
import Logging
import Postgres
import ServiceLifecycle
import TestKit

@testable import Service

/// A whole service on a free port over a database of its own, without a worker.
struct RunningService {
  let database: Database
  let backend: Backend
  let workspace: Workspace
  let port: Int
  let clock: FixedClock
  private let stop: @Sendable () async -> Void

  /// Runs `body` against the service and then stops it gracefully.
  static func with<R: Sendable>(
    limits: Backend.Limits = Backend.Limits(), connections: ConnectionLimits = ConnectionLimits(),
    hasSpool: Bool = false, rateLimit: EventRateLimit? = nil,
    _ body: @Sendable (RunningService) async throws -> R
  ) async throws -> R {
    try await withTestDatabase { database in
      try await withTemporaryFolder { folder in
        let clock = FixedClock()
        let backend = try backend(
          database, folder: folder, limits: limits, hasSpool: hasSpool, rateLimit: rateLimit, clock: clock)
        var randomness = SystemRandomNumberGenerator()
        let workspace = try await WorkspaceStore(database).ensure(
          name: "test", id: .new(at: clock.now, using: &randomness), at: clock.now)
        let (ports, told) = AsyncStream.makeStream(of: Int.self)
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let service = RetakeService(
          backend: backend, address: .init(host: "127.0.0.1", port: 0), connections: connections,
          foldEvery: .milliseconds(100),
          background: nil, logger: logger, onListening: { told.yield($0) })
        let group = ServiceGroup(
          configuration: .init(services: [try await service.application()], logger: logger))
        return try await withThrowingTaskGroup(of: Void.self) { tasks in
          tasks.addTask {
            defer { told.finish() }
            try await group.run()
          }
          guard let port = await ports.first(where: { _ in true }) else {
            try await tasks.waitForAll()
            throw NeverListened()
          }
          let running = RunningService(
            database: database, backend: backend, workspace: workspace, port: port, clock: clock,
            stop: { await group.triggerGracefulShutdown() })
          let result = try await body(running)
          await running.shutDown()
          try await tasks.waitForAll()
          return result
        }
      }
    }
  }

  struct NeverListened: Error {}

  func shutDown() async { await stop() }

  private static func backend(
    _ database: Database, folder: URL, limits: Backend.Limits, hasSpool: Bool, rateLimit: EventRateLimit?,
    clock: FixedClock
  ) throws -> Backend {
    let now: @Sendable () -> Date = { clock.now }
    let writer = EventWriter(
      database: database, settings: EventWriterSettings(patience: .milliseconds(500)), now: now)
    let spool =
      hasSpool ? Spool(folder: folder.appending(path: "spool"), settings: .init(reserveBytes: 0)) : nil
    let door = EventDoor(
      catalogue: EventCatalogue(database: database),
      pseudonym: ViewerPseudonym(secret: Array(repeating: 7, count: 32)), writer: writer,
      devices: try DeviceRules(path: Repository.file("config/devices.yaml").path),
      vocabulary: try EventVocabulary(path: Repository.file("config/events.yaml").path), spool: spool,
      now: now)
    return Backend(
      database: database, migrator: try Migrator(folder: Repository.schema), door: door,
      writer: writer, folder: EventFolding(database: database, now: now),
      eventUpkeep: EventUpkeep(
        database: database, folding: EventFolding(database: database, now: now), now: now),
      applier: CampaignApplier(database: database, vault: AssetVault(dataFolder: folder.path)),
      launcher: GenerationLauncher(database: database), queue: JobQueue(database: database),
      placementIDs: ["tiktok.infeed", "facebook.feed_square", "youtube.bumper"],
      renditionsFolder: folder.appending(path: "renditions"),
      pagesFolder: Repository.file("dashboards/web"), limits: limits, spool: spool,
      replayer: spool.map { SpoolReplayer(spool: $0, door: door) }, rateLimit: rateLimit, now: now)
  }

  func key(
    _ scopes: Set<Scope>, name: String = "test key", workspace: Workspace? = nil
  ) async throws -> String {
    var randomness = SystemRandomNumberGenerator()
    let made = try await KeyStore(database).create(
      id: .new(at: clock.now, using: &randomness), name: name, scopes: scopes,
      workspace: (workspace ?? self.workspace).id, at: clock.now)
    return made.secret.text
  }

  struct Answer {
    let status: Int
    let headers: [String: String]
    let body: Data

    var text: String { String(decoding: body, as: UTF8.self) }
    func json() throws -> [String: Any] {
      try JSONSerialization.jsonObject(with: body) as? [String: Any] ?? [:]
    }
  }

  func send(
    _ method: String, _ path: String, key: String? = nil, headers: [String: String] = [:], body: Data? = nil
  ) async throws -> Answer {
    var request = URLRequest(url: URL(string: "http://127.0.0.1:\(port)\(path)")!)
    request.httpMethod = method
    request.httpBody = body
    for (name, value) in headers { request.setValue(value, forHTTPHeaderField: name) }
    if let key { request.setValue("Bearer \(key)", forHTTPHeaderField: "Authorization") }
    let configuration = URLSessionConfiguration.ephemeral
    configuration.httpCookieStorage = nil
    let session = URLSession(configuration: configuration, delegate: NoRedirects(), delegateQueue: nil)
    defer { session.finishTasksAndInvalidate() }
    let (data, response) = try await session.data(for: request)
    let answer = response as? HTTPURLResponse
    let fields = answer?.allHeaderFields ?? [:]
    return Answer(
      status: answer?.statusCode ?? 0,
      headers: Dictionary(
        fields.map { ("\($0.key)".lowercased(), "\($0.value)") }, uniquingKeysWith: { first, _ in first }),
      body: data)
  }

  func post(_ path: String, key: String?, _ json: String) async throws -> Answer {
    try await send(
      "POST", path, key: key, headers: ["Content-Type": "application/json"], body: Data(json.utf8))
  }
}

/// Shows redirects instead of following them.
private final class NoRedirects: NSObject, URLSessionTaskDelegate, Sendable {
  func urlSession(
    _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse,
    newRequest request: URLRequest, completionHandler: @escaping (URLRequest?) -> Void
  ) {
    completionHandler(nil)
  }
}
