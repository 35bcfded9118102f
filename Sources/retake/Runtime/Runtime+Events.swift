import Foundation
import Ingestion

/// The way of events into the database without HTTP.
extension Runtime {
  /// A door whose writer runs as long as `body`; what `body` was told is stored is stored, even when it is cancelled.
  func withEventDoor<Result>(_ body: (EventDoor) async throws -> Result) async throws -> Result {
    let ingestion = settings.ingestion
    let writer = EventWriter(
      database: database,
      settings: EventWriterSettings(
        collectFor: .zero, eventsPerCommit: max(ingestion.groupCommitEvents, 20_000),
        waitingEvents: ingestion.maxQueuedEvents),
      logger: logger(of: "ingestion"))
    let floor = RetentionFloor()
    try await eventUpkeep(floor: floor).learnFloor()
    let door = try eventDoor(
      database: database, writer: writer, pseudonyms: try await pseudonymKeeper(), floor: floor)
    // A task of its own, which our cancellation does not reach; it is awaited right here.
    let writing = Task { await writer.run() }
    do {
      let result = try await body(door)
      writer.drain()
      await writing.value
      return result
    } catch {
      writer.drain()
      await writing.value
      throw error
    }
  }
}
