public import FoundationEssentials

/// Judges what was seen of a deployment's ingestion. Pure: ``DoctorEvidence`` says what was seen.
public struct Doctor: Sendable {
  /// From which figure something is late, and from which it does not happen at all.
  public struct Bound: Hashable, Sendable {
    public var warning: Double
    public var problem: Double

    func judge(_ value: Double) -> DoctorReport.Standing {
      value >= problem ? .problem : value >= warning ? .warning : .ok
    }
  }

  /// Seconds behind stored events.
  public var rollupLag = Bound(warning: 10, problem: 120)
  public var viewerLag = Bound(warning: 60, problem: 600)
  /// Seconds between the program's clock and the database's.
  public var clockSkew = Bound(warning: 2, problem: 60)
  /// Seconds a spooled request waits.
  public var spoolAge = Bound(warning: 60, problem: 3600)
  /// The oldest server that has what the schema needs, as `server_version_num`.
  public var leastServer = 150_000

  public init() {}

  /// One finding per check, in the order in which a person would look. Without a database, only what can be seen
  /// without one.
  public func examine(_ evidence: DoctorEvidence) -> DoctorReport {
    var findings: [DoctorReport.Finding] = []
    switch evidence.server {
    case .unknown(let reason):
      findings.append(
        .init(
          "database", .problem, "does not answer: \(reason)",
          remedy: "start it, or correct database_url; until then requests wait in the spool"))
    case .known(let server):
      findings += [database(server), schema(evidence.schema), clock(server)]
      switch evidence.folding {
      case .known(let status):
        findings += [
          partitions(status),
          folding("rollups", status.rollups, rollupLag, at: evidence.at),
          folding("viewers", status.viewers, viewerLag, at: evidence.at),
        ]
      case .unknown(let reason): findings.append(unseen("partitions", reason))
      }
      findings.append(counters(evidence.counters))
    }
    findings += [spool(evidence.spool, at: evidence.at), disk(evidence.disk, reserve: evidence.reserveBytes)]
    findings += settings(evidence.contradictions)
    return DoctorReport(findings: findings)
  }

  private func unseen(_ check: String, _ reason: String) -> DoctorReport.Finding {
    .init(check, .problem, "could not be looked at: \(reason)", remedy: "mend that first, then ask again")
  }

  private func database(_ server: DoctorEvidence.Server) -> DoctorReport.Finding {
    let name = "PostgreSQL \(server.version / 10_000).\(server.version % 10_000)"
    guard server.version >= leastServer else {
      return .init(
        "database", .problem, "\(name) is too old",
        remedy: "upgrade it to PostgreSQL \(leastServer / 10_000) or newer")
    }
    return .init("database", .ok, "\(name) answers")
  }

  private func schema(_ seen: DoctorEvidence.Seen<DoctorEvidence.Schema>) -> DoctorReport.Finding {
    switch seen {
    case .unknown(let reason): return unseen("schema", reason)
    case .known(let schema):
      guard let first = schema.missing.first else { return .init("schema", .ok, "version \(schema.version)") }
      let what = schema.missing.count == 1 ? "migration \(first)" : "\(schema.missing.count) migrations"
      return .init(
        "schema", .problem, "version \(schema.version) lacks \(what) of this program",
        remedy: "retake migrate")
    }
  }

  private func clock(_ server: DoctorEvidence.Server) -> DoctorReport.Finding {
    let skew = abs(server.skewSeconds)
    let text =
      "the database's clock is \(Wording.seconds(skew)) \(server.skewSeconds < 0 ? "behind" : "ahead of") ours"
    // What the question's way may have made is held against nobody.
    let standing = clockSkew.judge(skew - server.skewErrorSeconds)
    if standing == .ok {
      return .init(
        "clock", .ok,
        "agrees with the database's within \(Wording.seconds(max(skew, server.skewErrorSeconds)))")
    }
    return .init(
      "clock", standing, text, remedy: "let NTP set both machines' clocks: hours of rollups follow them")
  }

  private func partitions(_ status: FoldingStatus) -> DoctorReport.Finding {
    guard let oldest = status.oldestPartition else {
      return .init("partitions", .ok, "none yet: no event has come")
    }
    if !status.missing.isEmpty {
      let days = status.missing.map(Wording.day).joined(separator: ", ")
      return .init(
        "partitions", .warning, "no partition for \(days)",
        remedy: "`retake serve` makes them every few minutes: see that one runs, and its log")
    }
    if let first = status.overdue.first {
      return .init(
        "partitions", .warning,
        "\(status.overdue.count) days are kept beyond their time, from \(Wording.day(first))",
        remedy:
          "they go once their rollups are proven complete: the log of `retake serve` says what is in the way")
    }
    return .init(
      "partitions", .ok,
      "\(status.partitions.count) days from \(Wording.day(oldest)), today's and \(status.daysAhead) ahead are there"
    )
  }

  private func folding(
    _ check: String, _ backlog: FoldingStatus.Backlog, _ bound: Bound, at moment: Date
  ) -> DoctorReport.Finding {
    let lag = backlog.ageSeconds(at: moment)
    guard backlog.batches > 0 else { return .init(check, .ok, "everything stored is folded") }
    let text = "\(backlog.batches) commits wait, the oldest for \(Wording.seconds(lag))"
    switch bound.judge(lag) {
    case .ok: return .init(check, .ok, text)
    case .warning: return .init(check, .warning, text, remedy: "look again in a minute: it should shrink")
    case .problem:
      return .init(
        check, .problem, text, remedy: "see that `retake serve` runs and what its log says of folding")
    }
  }

  private func counters(_ seen: DoctorEvidence.Seen<DoctorEvidence.Counters>) -> DoctorReport.Finding {
    switch seen {
    case .unknown(let reason): return unseen("counters", reason)
    case .known(let sums):
      let parts = sums.stored + sums.duplicate + sums.quarantined + sums.rejected
      guard sums.received == parts else {
        return .init(
          "counters", .problem, "\(sums.received) events were received, but \(parts) are accounted for",
          remedy: "compare ingest_count with backups: somebody changed it by hand")
      }
      let text =
        "\(sums.received) received = \(sums.stored) stored + \(sums.duplicate) duplicate + "
        + "\(sums.quarantined) quarantined + \(sums.rejected) rejected"
      guard let kept = sums.kept else {
        return .init("counters", .ok, "\(text); too many to count again (--count does)")
      }
      guard kept == sums.stored else {
        return .init(
          "counters", .problem, "\(sums.stored) events were stored, but the table holds or dropped \(kept)",
          remedy:
            "events were \(kept < sums.stored ? "deleted" : "added") behind the program's back: find out by whom"
        )
      }
      return .init("counters", .ok, text)
    }
  }
}
