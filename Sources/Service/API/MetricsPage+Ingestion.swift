import FoundationEssentials
import Ingestion

/// What ingestion tells of itself.
extension MetricsPage {
  mutating func add(_ counters: IngestCounters) {
    let events = counters.events
    byLabel(
      "retake_events_total", .counter, "Events answered since this process started, by outcome.", "outcome",
      [
        ("stored", events.stored), ("duplicate", events.duplicate), ("quarantined", events.quarantined),
        ("rejected", events.rejected),
      ])
    single(
      "retake_events_received_total", .counter, "Events answered since this process started.",
      Double(events.received))
    byLabel(
      "retake_events_refused_total", .counter, "Quarantined and rejected events, by reason.", "reason",
      counters.reasons.map { ($0.key.rawValue, $0.value) })
    byLabel(
      "retake_events_filtered_total", .counter,
      "Events that are stored and do not count, by the rule that found them.", "reason",
      TrafficReason.allCases.filter { $0 != .counted }.map { ($0.name, counters.filtered[$0] ?? 0) })
    byLabel(
      "retake_event_bodies_refused_total", .counter, "Request bodies that were not events, by reason.",
      "reason", counters.refusedBodies.map { ($0.key.rawValue, $0.value) })
    single(
      "retake_events_turned_away_total", .counter, "Events answered with 503: send them again.",
      Double(counters.turnedAway))
    single("retake_events_waiting", .gauge, "Events waiting for a commit.", Double(counters.waiting))
    single(
      "retake_ingest_commits_total", .counter, "Transactions that stored events.", Double(counters.commits))
    single(
      "retake_ingest_collisions_total", .counter, "Commits that met stored events and were replayed.",
      Double(counters.collisions))
    histogram(
      "retake_ingest_commit_seconds", "From the begin of a transaction that stores events to its end.",
      counters.commitTimes)
  }

  mutating func add(_ status: FoldingStatus, at moment: Date) {
    single(
      "retake_rollup_backlog_batches", .gauge, "Commits not yet folded into the hourly counts.",
      Double(status.rollups.batches))
    single(
      "retake_rollup_lag_seconds", .gauge, "Age of the oldest of these commits.",
      status.rollups.ageSeconds(at: moment))
    single(
      "retake_viewer_backlog_batches", .gauge, "Commits not yet folded into the counts per viewer.",
      Double(status.viewers.batches))
    single(
      "retake_viewer_lag_seconds", .gauge, "Age of the oldest of these commits.",
      status.viewers.ageSeconds(at: moment))
    single(
      "retake_event_partitions", .gauge, "Day partitions of stored events.", Double(status.partitions.count))
    single(
      "retake_event_partitions_ahead", .gauge, "Days after today that have theirs.", Double(status.daysAhead))
    single(
      "retake_event_partitions_missing", .gauge, "Of today and the days to be made ahead, those without.",
      Double(status.missing.count))
  }

  mutating func add(_ status: SpoolStatus, at moment: Date) {
    single("retake_spool_bytes", .gauge, "What waits in the spool.", Double(status.bytes))
    single("retake_spool_budget_bytes", .gauge, "What may wait there.", Double(status.budgetBytes))
    single("retake_spool_records", .gauge, "Requests in the spool.", Double(status.records))
    single("retake_spool_events", .gauge, "Events in these requests.", Double(status.events))
    single(
      "retake_spool_oldest_seconds", .gauge, "Age of the oldest of these requests.",
      status.oldest.map { max(0, moment.timeIntervalSince($0)) } ?? 0)
    single(
      "retake_spool_damaged_files", .gauge, "Files that were set aside, to be looked into.",
      Double(status.damagedFiles))
    single(
      "retake_spooled_events_total", .counter, "Events answered from the spool since this process started.",
      Double(status.spooledEvents))
    single(
      "retake_spool_replayed_events_total", .counter, "Events brought from the spool into the database.",
      Double(status.replayedEvents))
    byLabel(
      "retake_spool_refused_total", .counter, "Requests the spool did not take, by reason.", "reason",
      [
        ("full", status.refusedFull), ("storage_low", status.refusedStorageLow),
        ("failure", status.refusedFailure),
      ])
    if let free = status.freeBytes {
      single("retake_disk_free_bytes", .gauge, "Free space where the spool lies.", Double(free))
    }
    single("retake_disk_reserve_bytes", .gauge, "What the spool leaves free.", Double(status.reserveBytes))
  }
}
