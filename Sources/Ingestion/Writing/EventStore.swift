import Campaigns
import FoundationEssentials
import Postgres

/// Tables `events`, `ingest_batch`, `quarantine` and `ingest_count`, as one commit writes them.
enum EventStore {
  static let columns = [
    "event_id", "campaign_id", "variant_id", "viewer_id", "kind", "placement", "traffic", "source", "device",
    "occurred_at", "received_at", "value_micros",
  ]

  /// Makes the partitions of days since 1970.
  static func ensurePartitions(_ days: [Int], on database: some Queryable) async throws {
    for day in days.sorted() {
      _ = try await database.query("SELECT event_partition(date '1970-01-01' + \(Int32(day)))")
    }
  }

  /// Events in COPY's form, ready to be sent.
  /// - Parameters:
  ///   - order: their places in `events`, in the order in which they are to be sent.
  ///   - callers: per place the number of the request it came with.
  ///   - received: microseconds since 2000 at which each request came.
  static func encode(
    _ events: [Event], in order: [UInt32], callers: [UInt32], received: [Int64]
  ) -> BinaryCopyWriter {
    BinaryCopyWriter(columnCount: columns.count, rowCount: order.count, capacity: order.count * EventRow.most)
    {
      start in
      EventRow.withForm { form in
        var at = start
        for place in order {
          let place = Int(place)
          at = EventRow.write(events[place], received: received[Int(callers[place])], to: at, form: form)
        }
        return at - start
      }
    }
  }

  /// Straight into the table: fails as a whole when one id is there already.
  static func copy(_ rows: BinaryCopyWriter, on connection: Connection) async throws {
    try await connection.copyIn(table: "events", columns: columns, rows: rows)
  }

  /// Through a staging table: gives the ids that were new.
  static func copyPastDuplicates(_ rows: BinaryCopyWriter, on connection: Connection) async throws -> Set<
    EventID
  > {
    _ = try await connection.execute(
      "CREATE TEMPORARY TABLE IF NOT EXISTS event_staging (LIKE events) ON COMMIT DELETE ROWS")
    try await connection.copyIn(table: "event_staging", columns: columns, rows: rows)
    let stored = try await connection.query(
      """
      INSERT INTO events (event_id, campaign_id, variant_id, viewer_id, kind, placement, traffic, source, device,
        occurred_at, received_at, value_micros)
      SELECT event_id, campaign_id, variant_id, viewer_id, kind, placement, traffic, source, device,
        occurred_at, received_at, value_micros
      FROM event_staging ORDER BY event_id
      ON CONFLICT (event_id, campaign_id) DO NOTHING
      RETURNING event_id
      """
    ).decode(UUID.self)
    return Set(stored.map { EventID($0) })
  }

  /// What goes with the rows in the same transaction: deltas, quarantine, and last, as its rows are shared by all
  /// processes, the counts.
  static func record(
    _ plan: CommitPlan, _ outcome: CommitPlan.Outcome, batch: UUID, at moment: Date, on connection: Connection
  ) async throws {
    var statements = appended(outcome, batch: batch, at: moment)
    statements += plan.batches.compactMap(quarantine)
    statements += counts(plan, outcome)
    try await connection.pipeline(statements)
  }

  /// The rows of `ingest_batch`. The packed viewers of all campaigns go as one value and are cut apart by the server.
  private static func appended(_ outcome: CommitPlan.Outcome, batch: UUID, at moment: Date) -> [SQL] {
    let deltas = outcome.deltas.rows
    if deltas.isEmpty { return [] }
    let packed = outcome.viewers.packed()
    var viewers: [UInt8] = []
    var starts: [Int32] = []
    var lengths: [Int32] = []
    for delta in deltas {
      let bytes = packed[delta.campaign] ?? []
      starts.append(Int32(clamping: viewers.count + 1))
      lengths.append(Int32(clamping: bytes.count))
      viewers += bytes
    }
    return [
      """
      INSERT INTO ingest_batch (campaign_id, batch_id, received_at, stored, deltas, filtered, viewers)
      SELECT campaign_id, \(batch), \(moment), stored, deltas::jsonb, filtered::jsonb,
        substring(\(viewers)::bytea FROM first FOR length)
      FROM unnest(\(deltas.map(\.campaign)), \(deltas.map(\.stored)), \(deltas.map(\.deltas)),
        \(deltas.map(\.filtered)), \(starts), \(lengths))
        AS delta (campaign_id, stored, deltas, filtered, first, length)
      """
    ]
  }

  private static func quarantine(_ batch: CheckedBatch) -> SQL? {
    guard !batch.quarantined.isEmpty else { return nil }
    let events = batch.quarantined
    return """
      INSERT INTO quarantine (workspace_id, id, reason, detail, body, received_at)
      SELECT \(batch.workspace.uuid), id, reason, detail, body, \(batch.receivedAt)
      FROM unnest(\(events.map(\.id.uuid)), \(events.map(\.reason.rawValue)), \(events.map(\.detail)),
        \(events.map(\.body))) AS event (id, reason, detail, body)
      ON CONFLICT (workspace_id, id) DO NOTHING
      """
  }

  private static func counts(_ plan: CommitPlan, _ outcome: CommitPlan.Outcome) -> [SQL] {
    struct Key: Hashable {
      var workspace: UUID
      var hour: Date
    }
    var sums: [Key: EventCounts] = [:]
    for (batch, counts) in zip(plan.batches, outcome.counts) {
      let hour = (batch.receivedAt.timeIntervalSince1970 / 3600).rounded(.down) * 3600
      sums[Key(workspace: batch.workspace.uuid, hour: Date(timeIntervalSince1970: hour)), default: .init()] +=
        counts
    }
    // Always in the same order, so that two processes cannot wait for each other.
    let rows = sums.sorted {
      ($0.key.workspace.uuidString, $0.key.hour) < ($1.key.workspace.uuidString, $1.key.hour)
    }
    return rows.map { key, counts in
      """
      INSERT INTO ingest_count AS known (workspace_id, hour, received, stored, duplicate, quarantined, rejected)
      VALUES (\(key.workspace), \(key.hour), \(Int64(counts.received)), \(Int64(counts.stored)),
        \(Int64(counts.duplicate)), \(Int64(counts.quarantined)), \(Int64(counts.rejected)))
      ON CONFLICT (workspace_id, hour) DO UPDATE SET received = known.received + excluded.received,
        stored = known.stored + excluded.stored, duplicate = known.duplicate + excluded.duplicate,
        quarantined = known.quarantined + excluded.quarantined, rejected = known.rejected + excluded.rejected
      """
    }
  }

  /// The number of the transaction the connection is in, by which its fate can be asked for later.
  static func transactionNumber(on connection: Connection) async throws -> String {
    try await connection.query("SELECT pg_current_xact_id()::text").decode(String.self).first ?? ""
  }
}
