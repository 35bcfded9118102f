import FoundationEssentials
import Postgres

/// Tables `viewer_stat` and `viewer_moment` as one fold writes them, in its transaction.
struct ViewerStore {
  struct Batch {
    var campaign: UUID
    var id: UUID
    var viewers: [UInt8]
  }

  /// Viewers that were known, as they were before: column by column, which reads several times as fast as rows.
  struct Known {
    /// Places among the staged cells.
    var numbers: [Int32] = []
    var firstDays: [Int32] = []
    var impressions: [Int32] = []
    var completes: [Int32] = []
    var clicks: [Int32] = []
    var conversions: [Int32] = []
    var valueMicros: [Int64] = []

    func viewer(at place: Int) -> ViewerMoments.Viewer {
      ViewerMoments.Viewer(
        firstDay: firstDays[place],
        counts: SIMD4(impressions[place], completes[place], clicks[place], conversions[place]),
        valueMicros: valueMicros[place])
    }
  }

  let connection: Connection

  /// Becomes the one folder there is, up to the end of the transaction.
  /// - Returns: whether; always when waiting.
  func enter(waiting: Bool) async throws -> Bool {
    // A fold that a crash takes back is done again: it need not wait for the disk. Keys are looked up one by one in
    // the order of the index, whatever the planner thinks of a table it has never analysed.
    _ = try await connection.query(
      """
      SELECT set_config('synchronous_commit', 'off', true), set_config('jit', 'off', true),
        set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true),
        set_config('enable_seqscan', 'off', true)
      """)
    if waiting {
      _ = try await connection.query("SELECT pg_advisory_xact_lock(hashtextextended('viewer_fold', 0))")
      return true
    }
    return try await connection.query("SELECT pg_try_advisory_xact_lock(hashtextextended('viewer_fold', 0))")
      .decode(Bool.self).first ?? false
  }

  /// The oldest batches up to a size.
  /// - Returns: also whether more wait.
  func due(bytes: Int, batches: Int) async throws -> (batches: [Batch], isCut: Bool) {
    let found = try await connection.query(
      """
      SELECT campaign_id, batch_id, viewers FROM (
        SELECT campaign_id, batch_id, received_at, viewers, octet_length(viewers) AS size,
          sum(octet_length(viewers)) OVER (ORDER BY received_at, batch_id, campaign_id) AS sum
        FROM (
          SELECT campaign_id, batch_id, received_at, viewers FROM ingest_batch WHERE viewers_folded_at IS NULL
          ORDER BY received_at, batch_id, campaign_id LIMIT \(Int64(batches))
        ) AS oldest
      ) AS due
      WHERE sum - size < \(Int64(bytes)) ORDER BY received_at, batch_id, campaign_id
      """
    ).decode(UUID.self, UUID.self, [UInt8].self).map { Batch(campaign: $0.0, id: $0.1, viewers: $0.2) }
    let size = found.reduce(0) { $0 + $1.viewers.count }
    return (found, found.count == batches || size >= bytes)
  }

  private static let columns = [
    "number", "campaign_id", "variant_id", "viewer_id", "first_day", "impressions", "completes", "clicks",
    "conversions", "value_micros",
  ]

  /// Puts cells, in the order of the key, where statements can join them.
  func stage(_ cells: [ViewerDeltas.Cell], _ versions: [ViewerDeltas.Version]) async throws {
    _ = try await connection.execute(
      """
      CREATE TEMPORARY TABLE IF NOT EXISTS viewer_fold (
        number integer NOT NULL, campaign_id uuid NOT NULL, variant_id uuid NOT NULL, viewer_id uuid NOT NULL,
        first_day date NOT NULL, impressions integer NOT NULL, completes integer NOT NULL, clicks integer NOT NULL,
        conversions integer NOT NULL, value_micros bigint NOT NULL
      ) ON COMMIT DELETE ROWS
      """)
    _ = try await connection.copyIn(table: "viewer_fold", columns: Self.columns, rows: cells.enumerated()) {
      row, writer in
      writer.append(Int32(truncatingIfNeeded: row.offset))
      Self.append(row.element, versions, to: &writer)
    }
  }

  func insert(_ cells: [ViewerDeltas.Cell], _ versions: [ViewerDeltas.Version]) async throws {
    if cells.isEmpty { return }
    let columns = Array(Self.columns.dropFirst())
    _ = try await connection.copyIn(table: "viewer_stat", columns: columns, rows: cells) { cell, writer in
      Self.append(cell, versions, to: &writer)
    }
  }

  private static func append(
    _ cell: ViewerDeltas.Cell, _ versions: [ViewerDeltas.Version], to writer: inout BinaryCopyWriter
  ) {
    let version = versions[Int(cell.version)]
    writer.append(version.campaign.uuid)
    writer.append(version.variant.uuid)
    writer.append(cell.viewer.uuid)
    // A date is days since 2000.
    writer.append(cell.firstDay - 10_957)
    for lane in 0..<4 { writer.append(cell.counts[lane]) }
    writer.append(cell.valueMicros)
  }

  /// Adds the staged cells to the viewers that are known. One lookup each: where it found the row, the row is changed.
  /// No column of the index changes, so that the new row goes beside the old one (HOT).
  func addToKnown() async throws -> Known {
    let arrays = try await connection.query(
      """
      WITH changed AS (
        UPDATE viewer_stat AS known SET first_day = least(known.first_day, delta.first_day),
          impressions = least(known.impressions::bigint + delta.impressions, 2147483647)::integer,
          completes = least(known.completes::bigint + delta.completes, 2147483647)::integer,
          clicks = least(known.clicks::bigint + delta.clicks, 2147483647)::integer,
          conversions = least(known.conversions::bigint + delta.conversions, 2147483647)::integer,
          value_micros = CASE WHEN known.value_micros > 9223372036854775807 - delta.value_micros
            THEN 9223372036854775807 ELSE known.value_micros + delta.value_micros END
        FROM (
          SELECT old.ctid AS place, number, new.first_day, new.impressions, new.completes, new.clicks,
            new.conversions, new.value_micros, old.first_day - date '1970-01-01' AS old_first_day,
            old.impressions AS old_impressions, old.completes AS old_completes, old.clicks AS old_clicks,
            old.conversions AS old_conversions, old.value_micros AS old_value_micros
          FROM viewer_fold AS new JOIN viewer_stat AS old USING (campaign_id, variant_id, viewer_id)
        ) AS delta
        WHERE known.ctid = delta.place
        RETURNING number, old_first_day, old_impressions, old_completes, old_clicks, old_conversions,
          old_value_micros
      )
      SELECT array_agg(number), array_agg(old_first_day), array_agg(old_impressions), array_agg(old_completes),
        array_agg(old_clicks), array_agg(old_conversions), array_agg(old_value_micros)
      FROM changed
      """
    ).decode(
      [Int32]?.self, [Int32]?.self, [Int32]?.self, [Int32]?.self, [Int32]?.self, [Int32]?.self, [Int64]?.self)
    guard let row = arrays.first, let numbers = row.0 else { return Known() }
    return Known(
      numbers: numbers, firstDays: row.1 ?? [], impressions: row.2 ?? [], completes: row.3 ?? [],
      clicks: row.4 ?? [], conversions: row.5 ?? [], valueMicros: row.6 ?? [])
  }

  func add(_ changes: ViewerMomentChanges, _ versions: [ViewerDeltas.Version]) async throws {
    var changes = changes
    let rows = changes.rows()
    if rows.isEmpty { return }
    let campaigns = rows.map { versions[Int($0.0.version)].campaign.uuid }
    let variants = rows.map { versions[Int($0.0.version)].variant.uuid }
    let days = rows.map(\.0.firstDay)
    _ = try await connection.execute(
      """
      INSERT INTO viewer_moment AS known (campaign_id, variant_id, first_day, \(Self.momentColumns))
      SELECT campaign_id, variant_id, date '1970-01-01' + day, \(Self.momentSums)
      FROM (
        SELECT campaign_id, variant_id, day, numbers::numeric[] AS n
        FROM unnest(\(campaigns), \(variants), \(days), \(rows.map(\.1.arrayLiteral)))
          AS change (campaign_id, variant_id, day, numbers)
      ) AS change
      GROUP BY campaign_id, variant_id, day ORDER BY campaign_id, variant_id, day
      ON CONFLICT (campaign_id, variant_id, first_day) DO UPDATE SET \(Self.momentAdditions)
      """)
    // A cohort that lost its last viewer to an earlier day is no cohort.
    _ = try await connection.execute(
      """
      DELETE FROM viewer_moment USING unnest(\(campaigns), \(variants), \(days)) AS change (campaign, variant, day)
      WHERE campaign_id = campaign AND variant_id = variant AND first_day = date '1970-01-01' + day
        AND viewers = 0
      """)
  }

  /// Locks in the order in which the other folder does.
  func mark(_ batches: [Batch], at moment: Date) async throws {
    let marked = try await connection.execute(
      """
      WITH due AS (
        SELECT campaign_id, batch_id
        FROM unnest(\(batches.map(\.campaign)), \(batches.map(\.id))) AS folded (campaign_id, batch_id)
          JOIN ingest_batch USING (campaign_id, batch_id)
        WHERE viewers_folded_at IS NULL
        ORDER BY received_at, batch_id, campaign_id FOR UPDATE OF ingest_batch
      )
      UPDATE ingest_batch SET viewers_folded_at = \(moment), viewers = '' FROM due
      WHERE ingest_batch.campaign_id = due.campaign_id AND ingest_batch.batch_id = due.batch_id
      """)
    guard marked == batches.count else {
      throw PostgresError(
        .server, "\(batches.count) batches were folded and \(marked) could be marked: somebody else folds too"
      )
    }
  }

  private static let momentColumns = list(ViewerMoments.columns) { "\(identifier: $0.element)" }
  private static let momentSums = list(ViewerMoments.columns) { "sum(n[\(Int32($0.offset + 1))::integer])" }
  private static let momentAdditions = list(ViewerMoments.columns) {
    "\(identifier: $0.element) = known.\(identifier: $0.element) + excluded.\(identifier: $0.element)"
  }

  private static func list(_ names: [String], _ part: ((offset: Int, element: String)) -> SQL) -> SQL {
    names.enumerated().map(part).joined(separator: ", ")
  }
}
