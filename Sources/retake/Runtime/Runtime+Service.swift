import Analysis
import Engine
import Foundation
import Ingestion
import Logging
import Postgres
import Service

/// The HTTP service put together.
extension Runtime {
  func backend() async throws -> Backend {
    let ingestion = settings.ingestion
    let writer = EventWriter(
      database: ingestionDatabase,
      settings: EventWriterSettings(
        collectFor: ingestion.groupCommitDelay, eventsPerCommit: ingestion.groupCommitEvents,
        waitingEvents: ingestion.maxQueuedEvents, waitingBytes: ingestion.maxWaitingBytes / 2,
        patience: ingestion.databasePatience),
      logger: logger(of: "ingestion"))
    let pseudonyms = try await pseudonymKeeper()
    let floor = RetentionFloor()
    let eventUpkeep = try eventUpkeep(floor: floor)
    try await eventUpkeep.learnFloor()
    let spool = ingestion.spoolBytes > 0 ? try await spool() : nil
    let door = try eventDoor(
      database: ingestionDatabase, writer: writer, pseudonyms: pseudonyms, floor: floor, spool: spool)
    return Backend(
      database: database, migrator: migrator, door: door, writer: writer, pseudonyms: pseudonyms,
      folder: folder, eventUpkeep: eventUpkeep, applier: applier, launcher: launcher, queue: queue,
      placementIDs: placements.ids, renditionsFolder: renditionsFolder, pagesFolder: installation.pages,
      metrics: try MetricCatalogue(contentsOf: installation.metrics).metrics,
      timeZone: settings.autopilot.timeZone,
      limits: Backend.Limits(
        maxBodyBytes: settings.service.maxBodyBytes, maxInflatedBytes: settings.service.maxInflatedBytes,
        maxHeldBodyBytes: settings.service.maxHeldBodyBytes),
      spool: spool,
      replayer: spool.map { SpoolReplayer(spool: $0, door: door, logger: logger(of: "ingestion")) },
      accessDatabase: ingestionDatabase,
      rateLimit: ingestion.eventsPerSecond > 0
        ? EventRateLimit(eventsPerSecond: ingestion.eventsPerSecond) : nil,
      linkLifetime: Double(ingestion.linkLifetime.components.seconds),
      baseURL: settings.service.baseURL.map { $0.hasSuffix("/") ? String($0.dropLast()) : $0 })
  }

  /// The way in for events, by the deployment's rules.
  func eventDoor(
    database: Database, writer: EventWriter, pseudonyms: PseudonymKeeper, floor: RetentionFloor,
    spool: Spool? = nil
  ) throws -> EventDoor {
    let ingestion = settings.ingestion
    return EventDoor(
      catalogue: EventCatalogue(database: database), pseudonym: pseudonyms, writer: writer,
      window: AcceptWindow(
        pastDays: days(ingestion.acceptFrom), futureDays: days(ingestion.acceptAhead), floor: floor),
      consent: ConsentPolicy(ingestion.consent),
      traffic: TrafficRules(try TrafficPolicy(path: installation.traffic.path)),
      devices: try DeviceRules(path: installation.devices.path),
      vocabulary: try EventVocabulary(path: installation.events.path), spool: spool,
      memory: IngestMemory(limitBytes: ingestion.maxWaitingBytes), logger: logger(of: "ingestion"))
  }

  func pseudonymKeeper() async throws -> PseudonymKeeper {
    try await PseudonymKeeper(
      database: database, rotation: settings.ingestion.pseudonymRotation,
      keptFor: settings.ingestion.pseudonymSecretKept, logger: logger(of: "ingestion"))
  }

  /// The spool in the data folder, opened. One that cannot be is tried again while the service runs: it is better to
  /// take events without a spool than none.
  private func spool() async throws -> Spool {
    try OutputFile.makeFolder(settings.dataFolder)
    let logger = logger(of: "ingestion")
    let spool = Spool(folder: spoolFolder, settings: spoolSettings, logger: logger)
    do {
      try await spool.open()
    } catch {
      logger.error("without a spool events are refused while the database is away: \(error)")
    }
    let waiting = spool.status
    if waiting.records > 0 {
      logger.notice(
        "\(waiting.records) requests with \(waiting.events) events wait in the spool for their replay")
    }
    return spool
  }

  private var connectionLimits: ConnectionLimits {
    let service = settings.service
    let room = FileDescriptors.raiseLimit() - FileDescriptors.keptForOthers
    return ConnectionLimits(
      requestTimeout: service.requestTimeout, idleTimeout: service.idleTimeout,
      maxConnections: max(1, min(service.maxConnections, room)), maxHeaderBytes: service.maxHeaderBytes)
  }

  /// - Throws: ``RetentionError`` when the settings keep events shorter than they accept them.
  func retentionPolicy() throws -> RetentionPolicy {
    try RetentionPolicy(
      keepEventsDays: settings.ingestion.keepEvents.map(days),
      keepQuarantineDays: settings.ingestion.keepQuarantine.map(days),
      acceptFromDays: days(settings.ingestion.acceptFrom))
  }

  /// Days after today whose partition is made already.
  var partitionsAheadDays: Int { days(settings.ingestion.partitionsAhead) }

  func eventUpkeep(floor: RetentionFloor) throws -> EventUpkeep {
    EventUpkeep(
      database: database, folding: folder, aheadDays: partitionsAheadDays, policy: try retentionPolicy(),
      floor: floor, logger: logger(of: "ingestion"))
  }

  /// Whole days, rounded up: nothing the settings would accept is refused.
  func days(_ duration: Duration) -> Int {
    Int((Double(duration.components.seconds) / 86_400).rounded(.up))
  }

  /// The service, ready to `run`.
  /// - Parameters:
  ///   - hasWorker: whether jobs are run in the service's process too.
  ///   - onListening: called once with the port.
  func service(
    host: String, port: Int, hasWorker: Bool, onListening: @escaping @Sendable (Int) async -> Void
  ) async throws -> RetakeService {
    RetakeService(
      backend: try await backend(), address: .init(host: host, port: port),
      connections: connectionLimits, foldEvery: settings.ingestion.foldEvery,
      foldViewersEvery: settings.ingestion.foldViewersEvery,
      background: hasWorker ? .init(worker: worker(), upkeep: upkeep) : nil, logger: logger(of: "service"),
      onListening: onListening)
  }
}
