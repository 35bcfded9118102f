public import Campaigns
public import FoundationEssentials
public import Postgres

/// Figures of platforms as they stand, as they stood, and who brought them.
public struct InsightReader: Sendable {
  /// What figures are of. Sorts as pages go.
  public struct Key: Hashable, Sendable {
    public var variant: Identifier<Variant>
    public var source: String
    /// Both included; nil when the export had no dates.
    public var firstDay: String?
    public var lastDay: String?
    public var breakdown: String

    public init(
      variant: Identifier<Variant>, source: String, firstDay: String?, lastDay: String?, breakdown: String
    ) {
      self.variant = variant
      self.source = source
      self.firstDay = firstDay
      self.lastDay = lastDay
      self.breakdown = breakdown
    }
  }

  public struct Figures: Hashable, Sendable {
    public var impressions: Int64
    public var clicks: Int64
    public var conversions: Double
    public var spendMicros: Int64
    public var importedAt: Date
    /// nil when they came before imports were kept.
    public var importID: UUID?
  }

  public struct Row: Hashable, Sendable {
    public var key: Key
    public var variantName: String
    public var segment: String
    public var figures: Figures
    /// How often these figures were corrected.
    public var revisions: Int
  }

  public struct Revision: Hashable, Sendable {
    public var key: Key
    public var figures: Figures
    public var supersededAt: Date
    public var supersededBy: UUID
  }

  public struct Import: Hashable, Sendable {
    public var id: UUID
    public var source: String
    public var importedBy: String
    public var importedAt: Date
    /// Empty for a request.
    public var fileName: String
    /// Hexadecimal.
    public var sha256: String
    public var currency: String?
    public var rows: Int
    public var added: Int
    public var changed: Int
    public var unchanged: Int
  }

  private let database: any Queryable

  public init(_ database: any Queryable) { self.database = database }

  /// What to read.
  public struct Filter: Hashable, Sendable {
    public var variant: Identifier<Variant>?
    public var source: String?
    /// Days, both included; rows without dates are left out when either is given.
    public var from: String?
    public var until: String?

    public init(
      variant: Identifier<Variant>? = nil, source: String? = nil, from: String? = nil, until: String? = nil
    ) {
      self.variant = variant
      self.source = source
      self.from = from
      self.until = until
    }

    fileprivate var sql: SQL {
      var conditions: [SQL] = []
      if let variant { conditions.append("row.variant_id = \(variant.uuid)") }
      if let source { conditions.append("row.source = \(source)") }
      if let from { conditions.append("lower(row.period) >= \(from)::text::date") }
      if let until { conditions.append("upper(row.period) - 1 <= \(until)::text::date") }
      return conditions.isEmpty ? "true" : conditions.joined(separator: " AND ")
    }
  }

  private static let key: SQL = """
    row.variant_id, row.source, lower(row.period)::text, (upper(row.period) - 1)::text, row.breakdown
    """
  private static let figures: SQL = """
    row.impressions, row.clicks, row.conversions::double precision, row.spend_micros, row.imported_at, row.import_id
    """

  /// In the order of version, source, days and breakdown.
  /// - Parameter after: the last row of the page before.
  public func rows(
    _ filter: Filter = Filter(), in scope: CampaignScope, after: Key? = nil, limit: Int
  ) async throws -> [Row] {
    let further: SQL =
      after.map { after in
        """
        (row.variant_id, row.source, row.period, row.breakdown)
          > (\(after.variant.uuid), \(after.source)::text, \(Self.period(after))::daterange, \(after.breakdown)::text)
        """
      } ?? "true"
    return try await database.query(
      """
      SELECT \(Self.key), \(Self.figures), variant.name, segment.key, (
        SELECT count(*) FROM insight_revision AS old WHERE old.campaign_id = row.campaign_id
          AND old.variant_id = row.variant_id AND old.source = row.source AND old.period = row.period
          AND old.breakdown = row.breakdown)
      FROM insight AS row
        JOIN variant ON variant.campaign_id = row.campaign_id AND variant.id = row.variant_id
        JOIN segment ON segment.campaign_id = row.campaign_id AND segment.id = variant.segment_id
      WHERE row.campaign_id = \(scope.sql) AND \(filter.sql) AND \(further)
      ORDER BY row.variant_id, row.source, row.period, row.breakdown LIMIT \(Int64(limit))
      """
    ).map { row throws(PostgresError) in
      let cells = try row.decode(
        UUID.self, String.self, String?.self, String?.self, String.self, Int64.self, Int64.self, Double.self,
        Int64.self, Date.self, UUID?.self, String.self, String.self, Int64.self)
      return Row(
        key: Key(
          variant: Identifier(cells.0), source: cells.1, firstDay: cells.2, lastDay: cells.3,
          breakdown: cells.4),
        variantName: cells.11, segment: cells.12,
        figures: Figures(
          impressions: cells.5, clicks: cells.6, conversions: cells.7, spendMicros: cells.8,
          importedAt: cells.9,
          importID: cells.10),
        revisions: Int(cells.13))
    }
  }

  /// What figures were before they were corrected, the latest corrections first.
  public func history(
    _ filter: Filter = Filter(), in scope: CampaignScope, limit: Int
  ) async throws -> [Revision] {
    try await database.query(
      """
      SELECT \(Self.key), \(Self.figures), row.superseded_at, row.superseded_by
      FROM insight_revision AS row WHERE row.campaign_id = \(scope.sql) AND \(filter.sql)
      ORDER BY row.superseded_at DESC, row.variant_id, row.source, row.period, row.breakdown LIMIT \(Int64(limit))
      """
    ).map { row throws(PostgresError) in
      let cells = try row.decode(
        UUID.self, String.self, String?.self, String?.self, String.self, Int64.self, Int64.self, Double.self,
        Int64.self, Date.self, UUID?.self, Date.self, UUID.self)
      return Revision(
        key: Key(
          variant: Identifier(cells.0), source: cells.1, firstDay: cells.2, lastDay: cells.3,
          breakdown: cells.4),
        figures: Figures(
          impressions: cells.5, clicks: cells.6, conversions: cells.7, spendMicros: cells.8,
          importedAt: cells.9,
          importID: cells.10),
        supersededAt: cells.11, supersededBy: cells.12)
    }
  }

  /// The latest first.
  public func imports(in scope: CampaignScope, limit: Int) async throws -> [Import] {
    try await database.query(
      """
      SELECT id, source, imported_by, imported_at, file_name, encode(sha256, 'hex'), currency, rows, added, changed,
        unchanged
      FROM insight_import WHERE campaign_id = \(scope.sql) ORDER BY imported_at DESC, id DESC LIMIT \(Int64(limit))
      """
    ).decode(
      UUID.self, String.self, String.self, Date.self, String.self, String.self, String?.self, Int64.self,
      Int64.self,
      Int64.self, Int64.self
    ).map {
      Import(
        id: $0.0, source: $0.1, importedBy: $0.2, importedAt: $0.3, fileName: $0.4, sha256: $0.5,
        currency: $0.6,
        rows: Int($0.7), added: Int($0.8), changed: Int($0.9), unchanged: Int($0.10))
    }
  }

  private static func period(_ key: Key) -> String {
    "[\(key.firstDay ?? ""),\(key.lastDay ?? "")]"
  }
}
