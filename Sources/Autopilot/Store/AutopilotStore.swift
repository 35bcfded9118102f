import Campaigns
import FoundationEssentials
import Postgres

/// What the autopilot alone asks of the database, inside its transactions.
struct AutopilotStore: Sendable {
  private let connection: any Queryable

  init(_ connection: any Queryable) { self.connection = connection }

  /// One change at a time per segment: a round and the launch of a generation wait for each other here.
  func lock(_ segment: Identifier<Segment>) async throws {
    try await connection.execute("SELECT id FROM segment WHERE id = \(segment.uuid) FOR UPDATE")
  }

  /// The newest round done in a segment.
  func latestRound(_ segment: Identifier<Segment>) async throws -> Date? {
    try await connection.query(
      "SELECT max(at) FROM autopilot_round WHERE segment_id = \(segment.uuid)"
    ).first?.decode(Date?.self) ?? nil
  }

  func recordRound(_ segment: Segment, at: Date, decisions: Int) async throws {
    try await connection.execute(
      """
      INSERT INTO autopilot_round (campaign_id, segment_id, at, decisions)
      VALUES (\(segment.campaign.uuid), \(segment.id.uuid), \(at), \(Int32(decisions)))
      """)
  }

  /// What was last said of every version: a loss before wear, wear before the rest.
  func latestVerdicts(_ segment: Identifier<Segment>) async throws -> [Identifier<Variant>: Verdict.Kind] {
    let rows = try await connection.rows(
      """
      SELECT DISTINCT ON (variant_id) variant_id, kind FROM verdict
      WHERE segment_id = \(segment.uuid) AND variant_id IS NOT NULL
      ORDER BY variant_id, as_of DESC, (kind = 'loser') DESC, (kind = 'fatigued') DESC
      """, as: (UUID.self, String.self))
    var verdicts: [Identifier<Variant>: Verdict.Kind] = [:]
    for (variant, kind) in rows { verdicts[Identifier(variant)] = Verdict.Kind(rawValue: kind) }
    return verdicts
  }

  /// What was said of a segment at a moment.
  func verdicts(_ segment: Identifier<Segment>, asOf: Date) async throws -> [Identifier<Verdict>] {
    try await connection.query(
      "SELECT id FROM verdict WHERE segment_id = \(segment.uuid) AND as_of = \(asOf) ORDER BY id"
    ).decode(UUID.self).map { Identifier($0) }
  }

  /// The newest regeneration of a segment that was not reversed.
  func latestRegeneration(_ segment: Identifier<Segment>, in scope: CampaignScope) async throws -> Decision? {
    let rows = try await connection.query(
      """
      SELECT id FROM decision AS d
      WHERE segment_id = \(segment.uuid) AND kind = 'regenerate'
        AND NOT EXISTS (SELECT FROM decision WHERE reverses_id = d.id)
      ORDER BY decided_at DESC, id DESC LIMIT 1
      """)
    guard let row = rows.first else { return nil }
    return try await DecisionStore(connection).find(Identifier(try row.decode(UUID.self)), in: scope)
  }

  func isPaused(_ experiment: Identifier<Experiment>) async throws -> Bool {
    try await !connection.query(
      """
      SELECT id FROM decision AS d
      WHERE experiment_id = \(experiment.uuid) AND kind = 'pause'
        AND NOT EXISTS (SELECT FROM decision WHERE reverses_id = d.id)
      LIMIT 1
      """
    ).isEmpty
  }

  /// Renditions that should be there and are not: of designed versions that have not retired or failed.
  func missingRenditions(
    of campaign: Campaign
  ) async throws -> [(variant: Identifier<Variant>, placement: String)] {
    try await connection.rows(
      """
      SELECT variant.id, placement FROM variant CROSS JOIN unnest(\(campaign.placements)) AS placement
      WHERE variant.campaign_id = \(campaign.id.uuid) AND origin = 'designed'
        AND status IN ('rendering', 'ready', 'active')
        AND NOT EXISTS (
          SELECT FROM rendition WHERE rendition.campaign_id = variant.campaign_id
            AND rendition.variant_id = variant.id AND rendition.placement = placement.placement)
      ORDER BY variant.id, placement
      """, as: (UUID.self, String.self)
    ).map { (Identifier($0), $1) }
  }
}
