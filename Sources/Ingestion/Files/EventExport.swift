public import Campaigns
public import FoundationEssentials
public import Postgres

/// A campaign's stored events as text, in the order of their ids, which is that of the clients' times. One unchanging
/// picture of the table, whatever arrives meanwhile; memory does not grow with the number of events.
public struct EventExport: Sendable {
  public enum Format: String, Hashable, Sendable, CaseIterable {
    case ndjson, csv
  }

  private let database: Database

  public init(_ database: Database) { self.database = database }

  /// - Parameters:
  ///   - from: by the time in the event's id, included; from the first one when nil.
  ///   - until: excluded; up to the last one when nil.
  ///   - write: takes whole lines, 2,000 events at a time.
  /// - Returns: how many events.
  public func run(
    in scope: CampaignScope, from: Date? = nil, until: Date? = nil, as format: Format,
    write: ([UInt8]) async throws -> Void
  ) async throws -> Int {
    let bounds = (Self.milliseconds(from) ?? 0, Self.milliseconds(until) ?? Self.lastMillisecond)
    return try await database.transaction(.repeatableRead) { connection in
      let lines = try await EventLineWriter(scope, as: format, on: connection)
      if !lines.head.isEmpty { try await write(lines.head) }
      // Partitions come in the order of the ids, each read along its only index.
      try await connection.execute(
        """
        DECLARE event_export NO SCROLL CURSOR FOR
        SELECT event_id, variant_id, viewer_id, kind, placement, traffic, source, occurred_at, received_at,
          value_micros, device
        FROM events
        WHERE event_id >= event_id_floor(\(bounds.0)) AND event_id < event_id_floor(\(bounds.1))
          AND campaign_id = \(scope.sql)
        ORDER BY event_id
        """)
      var count = 0
      while true {
        try Task.checkCancellation()
        let rows = try await connection.query("FETCH FORWARD 2000 FROM event_export")
        if rows.isEmpty { return count }
        count += rows.count
        try await write(try lines.text(of: rows))
      }
    }
  }

  /// How many events such an export would hold, for a bar: counts the rollups' way, so it is quick and may be off.
  public func estimate(in scope: CampaignScope, from: Date? = nil, until: Date? = nil) async throws -> Int {
    let from = from ?? Date(timeIntervalSince1970: 0)
    let until = until ?? Date(timeIntervalSince1970: Double(Self.lastMillisecond) / 1000)
    return try await database.query(
      """
      SELECT coalesce((SELECT sum(impressions + viewables + starts + first_quartiles + midpoints + third_quartiles
          + completes + clicks + conversions + skips + mutes + hides + interactions)
        FROM rollup_hour WHERE campaign_id = \(scope.sql) AND hour >= \(from) AND hour < \(until)), 0)::bigint
        + coalesce((SELECT sum(events) FROM rollup_filtered_hour
        WHERE campaign_id = \(scope.sql) AND hour >= \(from) AND hour < \(until)), 0)::bigint
      """
    ).decode(Int64.self).first.map(Int.init) ?? 0
  }

  /// The largest of 48 bits.
  private static let lastMillisecond: Int64 = 0xFFFF_FFFF_FFFF

  private static func milliseconds(_ date: Date?) -> Int64? {
    date.map { min(max(0, Int64(($0.timeIntervalSince1970 * 1000).rounded(.up))), lastMillisecond) }
  }
}
