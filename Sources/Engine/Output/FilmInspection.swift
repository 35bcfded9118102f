import Cryptography

/// The gate's look at a finished file before it is published.
struct FilmInspection: Sendable {
  let rendering: FilmRendering
  let round: FilmRound

  /// What the gate says of the file at `path` and lets pass. A file that passed before, under the same rules, is
  /// not looked at again: its bytes are the same.
  ///
  /// - Throws: `EngineError.gateClosed`; `EngineError` when memory is short; `CancellationError`.
  func warnings(about path: String, sha256: String, _ flag: CancellationFlag) throws -> [Finding] {
    guard rendering.effort.isInspected else { return [] }
    let rules = rendering.gate.rules.fingerprint
    if let verdict = round.record.verdict, verdict.sha256 == sha256, verdict.rules == rules {
      return verdict.warnings
    }
    let placement = rendering.placement
    var subject =
      try round.film?.subject(for: placement) ?? round.record.subject
      ?? rendering.order.film().subject(for: placement)
    subject.placement = placement
    // The same pictures with another sound need no second look.
    let seenKey = round.keys.map {
      "seen-\(SHA256.hash(fields: ["seen/1", $0.look, placement.id, rules]).hex)"
    }
    let seen: GateMemory.Pictures? = seenKey.flatMap { rendering.cache?.value($0) }
    let (report, memory) = try rendering.gate.inspect(
      path, as: subject, tape: round.whole ?? joined(subject),
      memory: GateMemory(pictures: seen, sound: round.heard), flag)
    guard report.passes else {
      throw EngineError.gateClosed(placement: placement.id, findings: report.failures)
    }
    if let cache = rendering.cache, let key = round.keys?.film {
      var passed = round.record
      passed.verdict = FilmRecord.Verdict(sha256: sha256, rules: rules, warnings: report.warnings)
      passed.write(key, to: cache)
      if let seenKey, seen == nil, let pictures = memory.pictures { cache.keep(pictures, as: seenKey) }
    }
    return report.warnings
  }

  /// The segments' tapes, one after the other; nil when one is neither at hand nor in the cache: the file is then
  /// decoded whole.
  private func joined(_ subject: GateSubject) -> PictureTape? {
    let namer = TapeNamer(subject: subject, rules: rendering.gate.rules)
    var result = PictureTape(width: subject.placement.width, height: subject.placement.height)
    for part in round.record.parts {
      let name = namer.name(part)
      guard let tape = round.tapes[name] ?? kept(name), tape.frames.count == part.frames.count,
        tape.grid == result.grid
      else { return nil }
      result.append(tape)
    }
    return result
  }

  private func kept(_ name: String) -> PictureTape? {
    guard let cache = rendering.cache, case .success(let bytes) = cache.read(name) else { return nil }
    return PictureTape(serialised: bytes)
  }
}
