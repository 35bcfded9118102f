public import Campaigns
import FoundationEssentials
public import Hummingbird
import HummingbirdCore
import Ingestion
public import Jobs
public import Logging
import Mustache
import NIOCore
public import ServiceLifecycle

/// The HTTP service with what runs beside it: the event writer, the folders, the upkeep of stored events and, unless told
/// otherwise, a worker with its upkeep.
///
/// Stopping (by cancelling its task) goes from the outside in: no new connection, requests in flight answered, running
/// jobs finished or handed back, the spool's replay halted, waiting events committed and answered, deltas folded.
/// Nothing acknowledged is lost.
public struct RetakeService: Sendable {
  public struct Address: Sendable {
    public var host: String
    public var port: Int

    public init(host: String, port: Int) {
      self.host = host
      self.port = port
    }
  }

  /// Work that runs in the service's process.
  public struct BackgroundWork: Sendable {
    let worker: Worker
    let upkeep: Upkeep

    public init(worker: Worker, upkeep: Upkeep) {
      self.worker = worker
      self.upkeep = upkeep
    }
  }

  /// In the `Server` field of answers.
  private static let serverName = "retake"

  let backend: Backend
  let address: Address
  let connections: ConnectionLimits
  let foldEvery: Duration
  let foldViewersEvery: Duration
  let background: BackgroundWork?
  let logger: Logger
  /// Called once with the port that is listened on.
  let onListening: @Sendable (Int) async -> Void

  public init(
    backend: Backend, address: Address, connections: ConnectionLimits = ConnectionLimits(),
    foldEvery: Duration = .seconds(1), foldViewersEvery: Duration = .seconds(2), background: BackgroundWork?,
    logger: Logger, onListening: @escaping @Sendable (Int) async -> Void = { _ in }
  ) {
    self.backend = backend
    self.address = address
    self.connections = connections
    self.foldEvery = foldEvery
    self.foldViewersEvery = foldViewersEvery
    self.background = background
    self.logger = logger
    self.onListening = onListening
  }

  /// - Throws: when the dashboard's templates cannot be read.
  public func application() async throws -> some ApplicationProtocol {
    let library = try await MustacheLibrary(directory: backend.pagesFolder.path)
    let router = Router(context: ServiceRequestContext.self)
    let keys = KeyRing(
      keys: KeyStore(backend.accessDatabase), workspaces: WorkspaceStore(backend.accessDatabase),
      now: backend.now, logger: logger)
    router.add(middleware: AnyOrigin())
    router.add(middleware: ProblemMiddleware())
    router.add(middleware: Authentication(keys: keys))
    HealthRoutes(backend: backend).add(to: router)
    MetricsRoutes(backend: backend).add(to: router)
    PageRoutes(backend: backend, keys: keys, library: library).add(to: router)
    MediaRoutes(backend: backend).add(to: router.group())
    let reception = EventReception(backend: backend, keys: keys)
    let large = OnSharedThreads(bodiesAbove: 65_536)
    PostHogSDKRoutes(reception: reception).add(to: router.group().add(middleware: large))
    LinkRoutes(backend: backend, reception: reception).add(to: router)
    let doors = router.group("v1").add(middleware: large)
    EventRoutes(reception: reception).add(to: doors)
    SegmentSDKRoutes(reception: reception).add(to: doors)
    let api = router.group("v1").add(middleware: OnSharedThreads())
    LinkIssueRoutes(backend: backend).add(to: api)
    CampaignRoutes(backend: backend).add(to: api)
    SegmentRoutes(backend: backend).add(to: api)
    VariantRoutes(backend: backend).add(to: api)
    ResultRoutes(backend: backend).add(to: api)
    AnalysisRoutes(backend: backend).add(to: api)
    DecisionRoutes(backend: backend).add(to: api)
    JobRoutes(backend: backend).add(to: api)
    ReportRoutes(backend: backend).add(to: api)
    InsightRoutes(backend: backend).add(to: api)

    // Stopped last to first, after the server: the writer outlives whoever may still hand it events.
    var services: [any Service] = [
      FoldingService(
        folding: backend.folder, every: foldEvery, viewersEvery: foldViewersEvery, logger: logger),
      EventUpkeepService(upkeep: backend.eventUpkeep),
      WritingService(writer: backend.writer),
    ]
    if let pseudonyms = backend.pseudonyms { services.append(PseudonymService(keeper: pseudonyms)) }
    if let spool = backend.spool, let replayer = backend.replayer {
      services.append(ReplayService(spool: spool, replayer: replayer))
    }
    if let background {
      services.append(UpkeepService(upkeep: background.upkeep))
      services.append(WorkingService(worker: background.worker))
    }
    let census = ConnectionCensus(limit: connections.maxConnections)
    let lane = LaneReception(
      backend: backend, keys: keys, serverName: Self.serverName, date: ResponseDate(now: backend.now))
    return Application(
      router: router,
      server: .http1OnEventLoops(configuration: connections.channelConfiguration(census)) { pipeline in
        let guardian = try pipeline.handler(type: ConnectionGuard.self)
        try pipeline.addHandler(EventLane(reception: lane, guardian: guardian), position: .first)
      },
      configuration: ApplicationConfiguration(
        address: .hostname(address.host, port: address.port), serverName: Self.serverName, backlog: 4096,
        availableConnectionsDelegate: CountedConnections(census: census, logger: logger)),
      services: services,
      onServerRunning: { channel in
        guard let port = channel.localAddress?.port else { return }
        await onListening(port)
      }, logger: logger)
  }

  /// Serves until the task is cancelled, then stops gracefully: requests in flight may take `shutdownGrace`.
  /// - Throws: ``ServiceError`` when the address cannot be listened on.
  public func run(shutdownGrace: Duration) async throws {
    let application = try await application()
    let stop = StopSignal()
    var configuration = ServiceGroupConfiguration(
      services: [
        .init(service: application),
        .init(service: stop, successTerminationBehavior: .gracefullyShutdownGroup),
      ], logger: logger)
    configuration.maximumGracefulShutdownDuration = shutdownGrace
    let group = ServiceGroup(configuration: configuration)
    // A task of its own, so that our cancellation stops it gently; it is awaited right here.
    let serving = Task { try await group.run() }
    do {
      try await withTaskCancellationHandler {
        try await serving.value
      } onCancel: {
        stop.give()
      }
    } catch let error as IOError {
      throw ServiceError(listeningOn: address, error)
    }
  }
}

/// Ends when the service is to stop.
private final class StopSignal: Service {
  private let signal: AsyncStream<Void>
  private let continuation: AsyncStream<Void>.Continuation

  init() { (signal, continuation) = AsyncStream.makeStream(of: Void.self) }

  func give() { continuation.finish() }

  func run() async {
    await cancelWhenGracefulShutdown { for await _ in self.signal {} }
  }
}
