import Campaigns
import Foundation
import Logging
import Postgres
import TestKit

@testable import Ingestion

/// A workspace with one running campaign of two variants, and the way in.
struct Fixture: Sendable {
  let database: Database
  let workspace: Identifier<Workspace>
  let campaign: Identifier<Campaign>
  let variants: [UUID]
  let catalogue: EventCatalogue
  let pseudonym = ViewerPseudonym(secret: [UInt8](repeating: 7, count: 32))

  static let now = FixedClock.monday
  static let quiet: Logger = {
    var logger = Logger(label: "test")
    logger.logLevel = .critical
    return logger
  }()

  init(_ database: Database, name: String = "main", currency: String? = "EUR") async throws {
    self.database = database
    workspace = Identifier(UUID())
    campaign = Identifier(UUID())
    let segment = UUID()
    variants = [UUID(), UUID()]
    catalogue = EventCatalogue(database: database)
    try await database.execute("INSERT INTO workspace (id, name) VALUES (\(workspace.uuid), \(name))")
    try await database.execute(
      """
      INSERT INTO campaign (id, workspace_id, key, name, status, goal, languages, placements, budget_minor,
        currency, document)
      VALUES (\(campaign.uuid), \(workspace.uuid), 'c', 'C', 'running', 'click_through', '{en}',
        '{tiktok.infeed,youtube.bumper}', CASE WHEN \(currency)::text IS NULL THEN NULL ELSE 1000 END, \(currency), '{}')
      """)
    try await database.execute(
      """
      INSERT INTO segment (id, campaign_id, key, name, language, rule, position)
      VALUES (\(segment), \(campaign.uuid), 's', 'S', 'en', '{"all":[]}', 0)
      """)
    for (index, variant) in variants.enumerated() {
      try await database.execute(
        """
        INSERT INTO variant (id, campaign_id, segment_id, name, origin, generation, levels, status, created_at,
          activated_at)
        VALUES (\(variant), \(campaign.uuid), \(segment), \(Variant.name(at: index)), 'imported', 1, '{}', 'active',
          \(Self.now), \(Self.now))
        """)
    }
  }

  /// On a cluster that the test may stop, start and stop again; nobody waits for it for long.
  static func withClusterOfItsOwn(
    _ body: (Fixture, PrivateCluster, _ folder: URL) async throws -> Void
  ) async throws {
    try await withTemporaryFolder { folder in
      let cluster = try PrivateCluster(folder: folder.appendingPathComponent("pg"))
      var configuration = try await cluster.start()
      configuration.reconnectPatience = .milliseconds(50)
      configuration.acquireTimeout = .milliseconds(200)
      let database = Database(configuration)
      try await Migrator(folder: Repository.schema).migrate(database)
      try await body(try await Fixture(database), cluster, folder)
      await database.close()
      try await cluster.stop()
    }
  }

  func writer(_ settings: EventWriterSettings = EventWriterSettings(collectFor: .zero)) -> EventWriter {
    EventWriter(database: database, settings: settings, now: { Self.now }, logger: Self.quiet)
  }

  func door(_ writer: EventWriter, limits: DecodingLimits = DecodingLimits()) -> EventDoor {
    EventDoor(catalogue: catalogue, pseudonym: pseudonym, writer: writer, limits: limits, logger: Self.quiet)
  }

  /// A door whose writer runs as long as the body, and is drained afterwards.
  func withDoor<R>(
    _ settings: EventWriterSettings = EventWriterSettings(collectFor: .zero),
    _ body: (EventDoor, EventWriter) async throws -> R
  ) async throws -> R {
    let writer = writer(settings)
    return try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { await writer.run() }
      let result: Result<R, any Error>
      do { result = .success(try await body(door(writer), writer)) } catch { result = .failure(error) }
      writer.drain()
      try await group.waitForAll()
      return try result.get()
    }
  }

  func receive(_ door: EventDoor, _ events: [String]) async throws -> IngestReply {
    try await door.receive(
      Array("[\(events.joined(separator: ","))]".utf8), workspace: workspace, at: Self.now)
  }

  /// One event as JSON; times are seconds before now.
  func event(
    _ message: String, kind: EventKind = .impression, variant: Int = 0, secondsAgo: Int = 60,
    extra: String = ""
  ) -> String {
    let time = Int64(Self.now.timeIntervalSince1970 * 1000) - Int64(secondsAgo) * 1000
    return """
      {"type":"\(kind.name)","variant_id":"\(variants[variant].uuidString)","viewer_id":"v-\(message.utf8.reduce(0) { $0 &+ Int($1) } & 15)",\
      "timestamp":\(time),"message_id":"\(message)"\(extra)}
      """
  }

  func count(_ table: SQL) async throws -> Int {
    try await database.query("SELECT count(*) FROM \(table)").decode(Int.self).first ?? -1
  }

  /// The sums of `ingest_count`.
  func recorded() async throws -> EventCounts {
    let row = try await database.query(
      """
      SELECT coalesce(sum(stored), 0)::bigint, coalesce(sum(duplicate), 0)::bigint,
        coalesce(sum(quarantined), 0)::bigint, coalesce(sum(rejected), 0)::bigint
      FROM ingest_count WHERE workspace_id = \(workspace.uuid)
      """
    ).decode(Int64.self, Int64.self, Int64.self, Int64.self).first
    guard let row else { return EventCounts() }
    return EventCounts(
      stored: Int(row.0), duplicate: Int(row.1), quarantined: Int(row.2), rejected: Int(row.3))
  }
}
