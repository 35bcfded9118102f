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
    let pseudonyms = try await PseudonymKeeper(
      database: database, rotation: ingestion.pseudonymRotation, keptFor: ingestion.pseudonymSecretKept,
      logger: logger(of: "ingestion"))
    let door = EventDoor(
      catalogue: EventCatalogue(database: database), pseudonym: pseudonyms, writer: writer,
      window: AcceptWindow(pastDays: days(ingestion.acceptFrom), futureDays: days(ingestion.acceptAhead)),
      consent: ConsentPolicy(ingestion.consent),
      traffic: TrafficRules(try TrafficPolicy(path: installation.traffic.path)))
    return Backend(
      database: database, migrator: migrator, door: door, writer: writer, pseudonyms: pseudonyms,
      folder: folder,
      applier: applier, launcher: launcher, queue: queue, placementIDs: placements.ids,
      renditionsFolder: renditionsFolder, pagesFolder: installation.pages,
      timeZone: settings.autopilot.timeZone,
      limits: Backend.Limits(
        maxBodyBytes: settings.service.maxBodyBytes, maxInflatedBytes: settings.service.maxInflatedBytes))
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
      foldEvery: settings.ingestion.foldEvery,
      background: hasWorker ? .init(worker: worker(), upkeep: upkeep) : nil, logger: logger(of: "service"),
      onListening: onListening)
  }
}
