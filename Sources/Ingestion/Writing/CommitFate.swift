import Campaigns
import FoundationEssentials
import Postgres

extension EventStore {
  /// What became of a commit whose connection was lost.
  enum Fate: Hashable {
    case committed, aborted, inProgress
  }

  /// - Parameters:
  ///   - transaction: its number, as ``transactionNumber(on:)`` gave it.
  ///   - outcome: what it meant to write.
  ///   - batch: under which it meant to.
  static func fate(
    of transaction: String, _ plan: CommitPlan, _ outcome: CommitPlan.Outcome, batch: UUID,
    on connection: Connection
  ) async throws -> Fate {
    // First whether it has ended, in a statement of its own: what the next one sees is then final.
    let status =
      try await connection.query("SELECT pg_xact_status(\(transaction)::text::xid8)")
      .decode(String?.self).first ?? nil
    if status == "in progress" { return .inProgress }
    // "Committed" proves nothing. A number that was given out shortly before the server crashed may never have reached
    // its log and is then given out again: the success is somebody else's. Our own rows are proof.
    let isThere = try await isRecorded(plan, outcome, batch: batch, on: connection)
    return isThere ?? (status == "committed") ? .committed : .aborted
  }

  /// Whether the rows that this commit alone writes, or all that it shares with others, are there; nil when it writes
  /// nothing but counts.
  private static func isRecorded(
    _ plan: CommitPlan, _ outcome: CommitPlan.Outcome, batch: UUID, on connection: Connection
  ) async throws -> Bool? {
    if let campaign = outcome.deltas.rows.first?.campaign {
      return try await connection.query(
        "SELECT EXISTS (SELECT FROM ingest_batch WHERE campaign_id = \(campaign) AND batch_id = \(batch))"
      ).decode(Bool.self).first
    }
    var isThere: Bool?
    for checked in plan.batches where !checked.quarantined.isEmpty {
      let wanted = checked.quarantined.map(\.id.uuid)
      let found = try await connection.query(
        """
        SELECT id FROM quarantine WHERE workspace_id = \(checked.workspace.uuid) AND id = ANY (\(wanted))
        """
      ).decode(UUID.self)
      if Set(found) != Set(wanted) { return false }
      isThere = true
    }
    return isThere
  }
}
