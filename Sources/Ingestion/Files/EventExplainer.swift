public import Campaigns
public import FoundationEssentials
public import Postgres

/// Finds out what became of an event.
public struct EventExplainer: Sendable {
  private let database: Database
  private let workspace: Identifier<Workspace>

  public init(_ database: Database, workspace: Identifier<Workspace>) {
    self.database = database
    self.workspace = workspace
  }

  /// The ids an event with this message id has or would have.
  /// - Parameters:
  ///   - source: the door it was sent to.
  ///   - timestamp: the time in the event as the client sent it, to the millisecond, which is part of the id. Without
  ///     it every stored and quarantined event is looked at.
  public func ids(messageID: String, source: EventSource, timestamp: Date?) async throws -> [UUID] {
    let identity = EventIdentity(workspace: workspace, source: source)
    let id = Array(messageID.utf8).withUnsafeBufferPointer { message in
      var event = RawEvent()
      event.messageID = message
      event.timestampMs = timestamp.map { Int64(($0.timeIntervalSince1970 * 1000).rounded()) } ?? 0
      return identity.id(of: event).uuid
    }
    if timestamp != nil { return [id] }
    // Behind the time stand the version and the hash.
    let hash = String(id.uuidString.lowercased().dropFirst(14))
    return try await database.transaction(.readOnly) { connection in
      try await connection.setLocalStatementTimeout(.seconds(3600))
      return try await connection.query(
        """
        SELECT event_id FROM events JOIN campaign ON campaign.id = events.campaign_id
        WHERE campaign.workspace_id = \(workspace.uuid) AND substring(event_id::text FROM 15) = \(hash)
        UNION
        SELECT id FROM quarantine WHERE workspace_id = \(workspace.uuid) AND substring(id::text FROM 15) = \(hash)
        ORDER BY 1 LIMIT 20
        """
      ).decode(UUID.self)
    }
  }

  public func explain(_ id: UUID) async throws -> EventFate {
    var fate = EventFate(id: id, outcome: .unseen)
    guard id.uuid.6 >> 4 == 8 else { return fate }
    let milliseconds = EventID(id).milliseconds
    fate.timestamp = Date(timeIntervalSince1970: Double(milliseconds) / 1000)
    fate.stored = try await stored(id)
    fate.quarantined = try await quarantined(id)
    if fate.stored != nil {
      fate.outcome = .stored
    } else if fate.quarantined != nil {
      fate.outcome = .quarantined
    } else {
      fate.retention = try await retention(of: milliseconds)
      if fate.retention?.droppedAt != nil { fate.outcome = .dropped }
      if let timestamp = fate.timestamp { fate.hours = try await hours(from: timestamp) }
    }
    return fate
  }

  private func stored(_ id: UUID) async throws -> EventFate.Stored? {
    let row = try await database.query(
      """
      SELECT event.kind, campaign.key, campaign.currency, segment.key, variant.name, event.variant_id,
        event.viewer_id, placement.name, event.source, event.traffic, event.occurred_at, event.received_at,
        event.value_micros, event.campaign_id, event.device
      FROM events AS event JOIN campaign ON campaign.id = event.campaign_id
        LEFT JOIN variant ON variant.campaign_id = event.campaign_id AND variant.id = event.variant_id
        LEFT JOIN segment ON segment.campaign_id = event.campaign_id AND segment.id = variant.segment_id
        LEFT JOIN placement ON placement.id = event.placement
      WHERE event.event_id = \(id) AND campaign.workspace_id = \(workspace.uuid)
      """
    ).decode(
      Int16.self, String.self, String?.self, String?.self, String?.self, UUID.self, UUID.self, String?.self,
      Int16.self, Int16.self, Date.self, Date.self, Int64?.self, UUID.self, Int16.self
    ).first
    guard let row else { return nil }
    var stored = EventFate.Stored(
      type: EventKind(rawValue: row.0)?.name ?? "\(row.0)", campaign: row.1, segment: row.3 ?? "",
      variant: row.4 ?? "", variantID: row.5, viewer: row.6, placement: row.7,
      source: EventSource(rawValue: row.8)?.name ?? "\(row.8)",
      device: DeviceType(rawValue: row.14)?.name ?? "\(row.14)",
      traffic: TrafficReason(rawValue: row.9)?.name ?? "\(row.9)", occurredAt: row.10, receivedAt: row.11,
      valueMicros: row.12, currency: row.12 == nil ? nil : row.2)
    stored.batch = try await batch(of: stored, campaign: row.13)
    return stored
  }

  /// The first commit after its receipt that says it holds such an event: same version, same hour.
  private func batch(of event: EventFate.Stored, campaign: UUID) async throws -> EventFate.Batch? {
    try await database.query(
      """
      SELECT batch_id, received_at, folded_at, viewers_folded_at FROM ingest_batch AS batch
      WHERE campaign_id = \(campaign) AND received_at >= \(event.receivedAt)
        AND EXISTS (
          SELECT FROM jsonb_to_recordset(batch.deltas || batch.filtered) AS cell (variant_id uuid, hour timestamptz)
          WHERE cell.variant_id = \(event.variantID)
            AND cell.hour = date_trunc('hour', \(event.occurredAt)::timestamptz, 'UTC'))
      ORDER BY received_at LIMIT 1
      """
    ).decode(UUID.self, Date.self, Date?.self, Date?.self).first.map {
      EventFate.Batch(id: $0.0, committedAt: $0.1, foldedAt: $0.2, viewersFoldedAt: $0.3)
    }
  }

  private func quarantined(_ id: UUID) async throws -> EventFate.Quarantined? {
    try await database.query(
      """
      SELECT reason, detail, body, received_at FROM quarantine
      WHERE workspace_id = \(workspace.uuid) AND id = \(id)
      """
    ).decode(String.self, String.self, String.self, Date.self).first.map {
      EventFate.Quarantined(reason: $0.0, detail: $0.1, body: $0.2, receivedAt: $0.3)
    }
  }

  /// nil while the partition of its day is there.
  private func retention(of milliseconds: Int64) async throws -> EventFate.Retention? {
    let day = Day.containing(Date(timeIntervalSince1970: Double(milliseconds) / 1000))
    let partition = "events_" + day.replacing("-", with: "")
    let isThere = try await database.query(
      "SELECT EXISTS (SELECT FROM pg_class WHERE relname = \(partition) AND relispartition)"
    ).decode(Bool.self).first
    if isThere == true { return nil }
    var retention = EventFate.Retention(day: day)
    let isWrittenDown = try await database.query("SELECT to_regclass('event_partition_dropped') IS NOT NULL")
      .decode(Bool.self).first
    if isWrittenDown == true {
      retention.droppedAt = try await database.query(
        "SELECT dropped_at FROM event_partition_dropped WHERE day = \(day)::text::date"
      ).decode(Date.self).first
    }
    return retention
  }

  /// Its own hour and the next: clients send within moments, as a rule.
  private func hours(from timestamp: Date) async throws -> [EventFate.Hour] {
    try await database.query(
      """
      SELECT hour, received, rejected FROM ingest_count
      WHERE workspace_id = \(workspace.uuid) AND hour >= date_trunc('hour', \(timestamp)::timestamptz, 'UTC')
        AND hour < \(timestamp)::timestamptz + interval '1 hour'
      ORDER BY hour
      """
    ).decode(Date.self, Int64.self, Int64.self).map {
      EventFate.Hour(hour: $0.0, received: $0.1, rejected: $0.2)
    }
  }
}
