import FoundationEssentials

/// What can be seen without a database.
extension Doctor {
  func spool(_ seen: DoctorEvidence.Seen<SpoolStatus?>, at moment: Date) -> DoctorReport.Finding {
    let status: SpoolStatus
    switch seen {
    case .unknown(let reason):
      return .init(
        "spool", .problem, "cannot be read: \(reason)", remedy: "mend the folder's disk or permissions")
    case .known(nil): return .init("spool", .ok, "empty: nothing was ever put there")
    case .known(.some(let known)): status = known
    }
    if let problem = status.problem {
      return .init(
        "spool", .problem, "cannot be used: \(problem)",
        remedy: "mend the folder: without it requests are answered with 503 while the database is away")
    }
    let waiting =
      "\(status.records) requests with \(status.events) events, \(Wording.bytes(status.bytes)) of "
      + Wording.bytes(status.budgetBytes)
    if status.damagedFiles > 0 {
      return .init(
        "spool", .problem, "\(status.damagedFiles) damaged files were set aside; \(waiting) wait",
        remedy: "look into them: they may hold events that were acknowledged")
    }
    guard status.records > 0 else { return .init("spool", .ok, "empty") }
    let age = status.oldest.map { max(0, moment.timeIntervalSince($0)) } ?? 0
    let full = status.budgetBytes > 0 ? Double(status.bytes) / Double(status.budgetBytes) : 1
    // What waits is no harm in itself; waiting long with the database there is, and so is a spool that fills up.
    let standing = max(spoolAge.judge(age), Bound(warning: 0.5, problem: 0.9).judge(full))
    let text = "\(waiting) wait, the oldest for \(Wording.seconds(age))"
    return .init(
      "spool", standing, text,
      remedy: standing == .ok
        ? nil : "they are replayed while `retake serve` runs and the database answers: see that both do")
  }

  func disk(_ seen: DoctorEvidence.Seen<DoctorEvidence.Disk>, reserve: Int) -> DoctorReport.Finding {
    switch seen {
    case .unknown(let reason):
      return .init(
        "disk", .warning, "free space is unknown: \(reason)", remedy: "see that the data folder exists")
    case .known(let disk):
      let text =
        "\(Wording.bytes(disk.freeBytes)) of \(Wording.bytes(disk.sizeBytes)) free for the \(disk.name), "
        + "\(Wording.bytes(reserve)) reserved"
      if disk.freeBytes <= reserve {
        return .init(
          "disk", .problem, text,
          remedy:
            "free some space in \(disk.path): below the reserve nothing is spooled, and PostgreSQL may stop")
      }
      if disk.freeBytes < 2 * reserve || disk.freeBytes < disk.sizeBytes / 50 {
        return .init(
          "disk", .warning, text, remedy: "free some space in \(disk.path), or move the data folder")
      }
      return .init("disk", .ok, text)
    }
  }

  func settings(_ contradictions: [DoctorEvidence.Contradiction]) -> [DoctorReport.Finding] {
    if contradictions.isEmpty { return [.init("settings", .ok, "none contradicts another")] }
    return contradictions.map { .init("settings", .warning, $0.message, remedy: $0.remedy) }
  }
}
