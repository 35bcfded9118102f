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
      try inspect(path, as: subject, tape: nil, flag).report
    }
  }

  /// On the calling thread; with a tape the picture is judged by what was rendered and the file only held
  /// against it at every key frame; with a memory of the file's packets they are not decoded again.
  ///
  /// - Returns: also what is worth remembering of the file.
  func inspect(
    _ path: String, as subject: GateSubject, tape: @autoclosure () -> PictureTape?,
    memory: GateMemory = GateMemory(), _ flag: CancellationFlag
  ) throws -> (report: GateReport, memory: GateMemory) {
    var log = FindingLog(rules)
    var reason = ""
    guard let file = MediaFile(path: path, reason: &reason) else {
      log.add(.fileUnreadable, "the file cannot be opened: \(reason); render it again")
      return (GateReport(findings: log.findings, facts: nil), GateMemory())
    }
    let scan = try MediaScan(
      file, subject: subject, rules: rules, tape: memory.pictures == nil ? tape() : nil, memory: memory, flag)
    let (pictures, sound) = (scan.pictureHash.finish(), scan.soundHash.finish())
    // A memory of other packets is none.
    let isForeign = (
      pictures: memory.pictures.map { $0.packets != pictures } ?? false,
      sound: memory.sound.map { $0.packets != sound } ?? false
    )
    if isForeign.pictures || isForeign.sound {
      var rest = memory
      if isForeign.pictures { rest.pictures = nil }
      if isForeign.sound { rest.sound = nil }
      return try inspect(path, as: subject, tape: tape(), memory: rest, flag)
    }
    if let known = memory.pictures { log.add(known.findings) } else { look(at: scan, subject, &log) }
    var learned = memory
    let isWhole = scan.video.map { $0.errors == 0 && !$0.isUnknownFormat && $0.foreign.isEmpty } ?? false
    if isWhole { learned.pictures = GateMemory.Pictures(packets: pictures, findings: log.findings) }
    if let measures = scan.audio { learned.sound = GateMemory.Sound(packets: sound, measures: measures) }
    FileCheck(rules: rules, subject: subject, scan: scan).check(&log)
    PlacementCheck(placement: subject.placement, facts: scan.facts, hasSound: subject.hasSound).check(&log)
    return (GateReport(findings: log.sorted, facts: scan.facts), learned)
  }

  /// What is seen, and what is to be read.
  private func look(at scan: MediaScan, _ subject: GateSubject, _ log: inout FindingLog) {
    var picture = scan.video?.check
    picture?.finish(&log)
    let rate = scan.facts.video?.frameRate ?? 0
    TextCheck(
      rules: rules.text, subject: subject, frameRate: rate > 0 ? rate : Double(Engine.framesPerSecond)
    ).check(scan.video?.readings ?? [], &log)
  }
}
