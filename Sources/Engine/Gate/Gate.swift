/// Looks at a finished file before anyone else does.
///
/// ```swift
/// let report = try await Gate().inspect("ad.mp4", as: GateSubject(placement: placement))
/// if !report.passes { for finding in report.failures { print(finding) } }
/// ```
public struct Gate: Sendable {
  public let rules: GateRules

  public init(rules: GateRules = .standard) {
    self.rules = rules
  }

  /// Decodes the file once and checks everything the gate knows.
  ///
  /// - Throws: `EngineError` when memory is short; `CancellationError`. A file that cannot be read is a finding,
  ///   not an error.
  public func inspect(_ path: String, as subject: GateSubject) async throws -> GateReport {
    try await RenderThread.run("gate \(subject.placement.id)") { flag in
      try inspect(path, as: subject, tape: nil, flag)
    }
  }

  /// On the calling thread; with a tape the picture is judged by what was rendered and the file only held
  /// against it at every key frame.
  func inspect(
    _ path: String, as subject: GateSubject, tape: PictureTape?, _ flag: CancellationFlag
  ) throws -> GateReport {
    var log = FindingLog(rules)
    var reason = ""
    guard let file = MediaFile(path: path, reason: &reason) else {
      log.add(.fileUnreadable, "the file cannot be opened: \(reason); render it again")
      return GateReport(findings: log.findings, facts: nil)
    }
    let scan = try MediaScan(file, subject: subject, rules: rules, tape: tape, flag)
    var picture = scan.video?.check
    picture?.finish(&log)
    let rate = scan.facts.video?.frameRate ?? 0
    TextCheck(
      rules: rules.text, subject: subject, frameRate: rate > 0 ? rate : Double(Engine.framesPerSecond)
    ).check(scan.video?.readings ?? [], &log)
    FileCheck(rules: rules, subject: subject, scan: scan).check(&log)
    PlacementCheck(placement: subject.placement, facts: scan.facts, hasSound: subject.hasSound).check(&log)
    return GateReport(findings: log.sorted, facts: scan.facts)
  }
}
