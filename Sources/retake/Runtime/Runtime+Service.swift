import Engine
import Foundation
import Ingestion
import Service

/// The HTTP service put together.
extension Runtime {
  func backend() async throws -> Backend {
    let ingestion = settings.ingestion
    let writer = EventWriter(
      database: database,
      settings: EventWriterSettings(
        collectFor: ingestion.groupCommitDelay, eventsPerCommit: ingestion.groupCommitEvents,
        waitingEvents: ingestion.maxQueuedEvents),
      logger: logger(of: "ingestion"))
    let floor = RetentionFloor()
    let eventUpkeep = try eventUpkeep(floor: floor)
    try await eventUpkeep.learnFloor()
    let door = EventDoor(
      catalogue: EventCatalogue(database: database),
      pseudonym: ViewerPseudonym(secret: try await PseudonymSecretStore(database).current(at: Date())),
      writer: writer,
      window: AcceptWindow(
        pastDays: days(ingestion.acceptFrom), futureDays: days(ingestion.acceptAhead), floor: floor))
    return Backend(
      database: database, migrator: migrator, door: door, writer: writer, folder: folder,
      eventUpkeep: eventUpkeep, applier: applier, launcher: launcher, queue: queue,
      placementIDs: placements.ids, renditionsFolder: renditionsFolder,
      pagesFolder: installation.pages, timeZone: settings.autopilot.timeZone,
      limits: Backend.Limits(
        maxBodyBytes: settings.service.maxBodyBytes, maxInflatedBytes: settings.service.maxInflatedBytes))
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

  private func eventUpkeep(floor: RetentionFloor) throws -> EventUpkeep {
    EventUpkeep(
      database: database, folding: folder, aheadDays: partitionsAheadDays, policy: try retentionPolicy(),
      floor: floor, logger: logger(of: "ingestion"))
  }

  /// Whole days, rounded up: nothing the settings would accept is refused.
  private func days(_ duration: Duration) -> Int {
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
      foldEvery: settings.ingestion.foldEvery, foldViewersEvery: settings.ingestion.foldViewersEvery,
      background: hasWorker ? .init(worker: worker(), upkeep: upkeep) : nil, logger: logger(of: "service"),
      onListening: onListening)
  }
}
