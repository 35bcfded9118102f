import Ingestion

/// Settings that are each allowed and together do not do what they say.
extension Settings {
  var contradictions: [DoctorEvidence.Contradiction] {
    var found: [DoctorEvidence.Contradiction] = []
    func note(_ isWrong: Bool, _ message: String, _ remedy: String) {
      if isWrong { found.append(.init(message, remedy: remedy)) }
    }
    note(
      ingestion.groupCommitEvents > ingestion.maxQueuedEvents,
      "ingestion.group_commit_events is \(ingestion.groupCommitEvents), but only "
        + "\(ingestion.maxQueuedEvents) events may wait (max_queued_events): no commit is ever full",
      "raise ingestion.max_queued_events to several times group_commit_events")
    note(
      ingestion.maxWaitingBytes < 2 * service.maxInflatedBytes,
      "ingestion.max_waiting_bytes is less than twice service.max_inflated_bytes: a large request that is allowed is "
        + "always turned away",
      "raise ingestion.max_waiting_bytes, or lower service.max_inflated_bytes")
    note(
      service.maxInflatedBytes < service.maxBodyBytes,
      "service.max_inflated_bytes is less than service.max_body_bytes",
      "raise service.max_inflated_bytes to at least service.max_body_bytes")
    note(
      ingestion.spoolBytes > 0 && ingestion.spoolBytes < 2 * service.maxBodyBytes,
      "ingestion.spool_bytes holds less than two of the largest requests",
      "raise ingestion.spool_bytes, or set it to 0 to have no spool")
    note(
      ingestion.spoolBytes == 0,
      "there is no spool (ingestion.spool_bytes is 0): clients get 503 as soon as the database is away",
      "set ingestion.spool_bytes, 1073741824 for one GiB")
    note(
      ingestion.spoolBytes > 0 && ingestion.diskReserveBytes == 0,
      "ingestion.disk_reserve_bytes is 0: the spool may take the space PostgreSQL needs to recover",
      "set ingestion.disk_reserve_bytes, 536870912 for half a GiB")
    note(
      ingestion.databasePatience > service.shutdownGrace,
      "ingestion.database_patience is longer than service.shutdown_grace: a stop cuts off what waits for the database",
      "raise service.shutdown_grace above ingestion.database_patience")
    return found
  }
}
