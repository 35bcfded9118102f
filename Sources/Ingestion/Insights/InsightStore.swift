import Campaigns
import FoundationEssentials
import Postgres

/// Tables `insight`, `insight_revision` and `insight_import`, as one import writes them inside its transaction.
struct InsightStore {
  let connection: Connection
  let moment: Date

  /// Imports into one campaign take turns; always in the same order, so that two cannot wait for each other.
  static func lock(
    _ campaigns: Set<String>, in workspace: Identifier<Workspace>, on connection: Connection
  ) async throws {
    for key in campaigns.sorted() {
      _ = try await connection.query(
        "SELECT pg_advisory_xact_lock(hashtextextended(\(workspace.uuid)::text || \(key)::text, 1))")
    }
  }

  struct Written {
    var added = 0
    var changed = 0
  }

  /// Rows that were there with other figures are replaced, and what they said is kept.
  /// - Parameter ids: the variant of each row.
  /// - Throws: ``InsightImportError`` when rows overlap days that stand under another period, or the currency differs.
  func write(
    _ batch: InsightBatch, ids: [UUID], campaign: Campaign, id: UUID, origin: InsightImporter.Origin,
    sha256: [UInt8]
  ) async throws -> Written {
    if let currency = batch.currency, let other = try await self.currency(of: campaign), other != currency {
      throw InsightImportError.campaign(
        "these figures are in \(currency), and those imported into campaign \(campaign.key) before in \(other): "
          + "spend in two currencies cannot be added up. Use another campaign")
    }
    try await begin(id, batch, campaign, origin, sha256)
    var written = Written()
    for start in stride(from: 0, to: batch.insights.count, by: 5_000) {
      let range = start..<min(start + 5_000, batch.insights.count)
      let rows = Self.rows(batch.insights[range], ids[range])
      try await keepRevisions(rows, batch.source, id, campaign)
      let isNew = try await upsert(rows, batch.source, id, campaign)
      written.added += isNew.count { $0 }
      written.changed += isNew.count { !$0 }
      let overlaps = try await overlaps(batch.insights[range], ids[range], batch.source, campaign)
      guard overlaps.isEmpty else {
        throw InsightImportError.rows(
          overlaps.sorted { $0.key < $1.key }.map { .init(line: $0.key, column: nil, message: $0.value) })
      }
    }
    try await connection.execute(
      """
      UPDATE insight_import SET added = \(Int64(written.added)), changed = \(Int64(written.changed)),
        unchanged = rows - \(Int64(written.added + written.changed))
      WHERE campaign_id = \(campaign.id.uuid) AND id = \(id)
      """)
    return written
  }

  private func begin(
    _ id: UUID, _ batch: InsightBatch, _ campaign: Campaign, _ origin: InsightImporter.Origin,
    _ sha256: [UInt8]
  ) async throws {
    let rows = Int64(batch.insights.count)
    try await connection.execute(
      """
      INSERT INTO insight_import (campaign_id, id, source, imported_by, imported_at, file_name, sha256, currency,
        rows, added, changed, unchanged)
      VALUES (\(campaign.id.uuid), \(id), \(batch.source), \(origin.importedBy), \(moment), \(origin.fileName),
        \(sha256), \(batch.currency), \(rows), 0, 0, \(rows))
      """)
  }

  /// Of the figures imported so far; spend of one campaign is added up, so it is in one currency.
  func currency(of campaign: Campaign) async throws -> String? {
    try await connection.query(
      """
      SELECT currency FROM insight_import WHERE campaign_id = \(campaign.id.uuid) AND currency IS NOT NULL
      ORDER BY imported_at DESC LIMIT 1
      """
    ).decode(String.self).first
  }

  /// The rows as the statements below read them.
  private static func rows(_ insights: ArraySlice<Insight>, _ ids: ArraySlice<UUID>) -> SQL {
    """
    (SELECT variant_id, period::daterange AS period, breakdown, impressions, clicks,
      milliconversions::numeric / 1000 AS conversions, spend_micros, line
    FROM unnest(\(Array(ids)), \(insights.map(\.period)), \(insights.map(\.breakdown)),
      \(insights.map(\.figures.impressions)), \(insights.map(\.figures.clicks)),
      \(insights.map(\.figures.milliconversions)), \(insights.map(\.figures.spendMicros)),
      \(insights.map { Int64($0.line) }))
      AS row (variant_id, period, breakdown, impressions, clicks, milliconversions, spend_micros, line))
    """
  }

  /// The same days under two periods (a week, and its days) would count twice: what to say of the first twenty such
  /// rows, by their line.
  func overlaps(
    _ insights: ArraySlice<Insight>, _ ids: ArraySlice<UUID>, _ source: String, _ campaign: Campaign
  ) async throws -> [Int: String] {
    let overlaps = try await connection.query(
      """
      SELECT given.line, given.period::text, known.period::text
      FROM \(Self.rows(insights, ids)) AS given JOIN insight AS known ON known.campaign_id = \(campaign.id.uuid)
        AND known.variant_id = given.variant_id AND known.source = \(source)
        AND known.breakdown = given.breakdown AND known.period && given.period AND known.period <> given.period
      ORDER BY given.line LIMIT 20
      """
    ).decode(Int64.self, String.self, String.self)
    return Dictionary(
      overlaps.map { line, given, known in
        let message =
          "its days, \(given), overlap with \(known) of figures of the same ad and audience and would count twice; "
          + "bring the same periods as before, best day by day"
        return (Int(line), message)
      }, uniquingKeysWith: { first, _ in first })
  }

  private func keepRevisions(_ rows: SQL, _ source: String, _ id: UUID, _ campaign: Campaign) async throws {
    try await connection.execute(
      """
      INSERT INTO insight_revision (campaign_id, variant_id, source, period, breakdown, superseded_by,
        superseded_at, impressions, clicks, conversions, spend_micros, import_id, imported_at)
      SELECT known.campaign_id, known.variant_id, known.source, known.period, known.breakdown, \(id), \(moment),
        known.impressions, known.clicks, known.conversions, known.spend_micros, known.import_id, known.imported_at
      FROM insight AS known JOIN \(rows) AS given ON known.variant_id = given.variant_id
        AND known.period = given.period AND known.breakdown = given.breakdown
      WHERE known.campaign_id = \(campaign.id.uuid) AND known.source = \(source)
        AND (known.impressions, known.clicks, known.conversions, known.spend_micros)
          IS DISTINCT FROM (given.impressions, given.clicks, given.conversions, given.spend_micros)
      """)
  }

  /// Of each row that was written, whether it is new.
  private func upsert(_ rows: SQL, _ source: String, _ id: UUID, _ campaign: Campaign) async throws -> [Bool]
  {
    try await connection.query(
      """
      INSERT INTO insight AS known (campaign_id, variant_id, source, period, breakdown, impressions, clicks,
        conversions, spend_micros, imported_at, import_id)
      SELECT \(campaign.id.uuid), variant_id, \(source)::text, period, breakdown, impressions, clicks,
        conversions, spend_micros, \(moment), \(id)
      FROM \(rows) AS given
      ON CONFLICT (campaign_id, variant_id, source, period, breakdown) DO UPDATE SET
        impressions = excluded.impressions, clicks = excluded.clicks, conversions = excluded.conversions,
        spend_micros = excluded.spend_micros, imported_at = excluded.imported_at, import_id = excluded.import_id
      WHERE (known.impressions, known.clicks, known.conversions, known.spend_micros)
        IS DISTINCT FROM (excluded.impressions, excluded.clicks, excluded.conversions, excluded.spend_micros)
      RETURNING xmax::text = '0'
      """
    ).decode(Bool.self)
  }
}
