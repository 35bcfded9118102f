import Cryptography

/// Names what the gate noted of a segment's frames, so that it can be kept beside the segment.
struct TapeNamer: Sendable {
  let subject: GateSubject
  let rules: GateRules

  /// The hash of everything a tape follows from: what the segment shows, and the words that rest in it, in its
  /// own time.
  func name(_ part: FilmRecord.Part) -> String {
    var fields = ["tape/1", part.name, "\(part.frames.count)", "\(rules.text.spared)"]
    for words in subject.words {
      let steady = words.steady.clamped(to: part.frames)
      guard !steady.isEmpty else { continue }
      let lines = words.lines.map { "\($0.x) \($0.y) \($0.width) \($0.height)" }.joined(separator: ", ")
      let colour = words.colour.map { "\($0)" } ?? "unknown"
      fields.append(
        "\(steady.lowerBound - part.first) \(steady.upperBound - part.first) \(words.size) \(colour) \(lines)"
      )
    }
    return "tape-\(SHA256.hash(fields: fields).hex)"
  }
}

extension Film {
  /// What the gate is to find; where nobody said, that the picture stands still when the film does.
  func subject(for placement: Placement) -> GateSubject {
    subject ?? GateSubject(placement: placement, stills: frames.stills, frameCount: frames.count)
  }
}

extension GateRules {
  /// The hash of all thresholds and severities.
  var fingerprint: String {
    var thresholds = self
    thresholds.severities = [:]
    let severities = severities.map { "\($0.key.rawValue) \($0.value.rawValue)" }.sorted()
    return SHA256.hash(fields: ["\(thresholds)"] + severities).hex
  }
}
