public import Documents

extension GateRules {
  public static let schema = "retake.gate/1"

  /// Reads thresholds from a file such as `config/gate.yaml`; every figure must be there.
  ///
  /// - Throws: `DocumentError`.
  public init(path: String) throws {
    try self.init(document: Document(path: path))
  }

  /// - Throws: `DocumentError`.
  public init(document: Document) throws {
    self = try document.read { root in
      let parts = ["black", "frozen", "flicker", "flash", "text", "sound", "sync"]
      let map = root.mapping(allowed: ["schema", "sources", "severity"] + parts)
      _ = map.require("schema").known(in: [Self.schema], what: "schema")
      let sources = map.optional("sources")?.mapping().entries.map(\.key) ?? []
      func part(_ name: String, _ keys: [String]) -> DocumentMapping {
        let part = map.mapping(name, allowed: keys + ["sources"])
        for source in part.optional("sources")?.list(of: { $0 }) ?? [] {
          _ = source.known(in: sources, what: "source")
        }
        return part
      }
      var rules = GateRules()
      rules.black = Black(part("black", ["luma", "area", "longest"]))
      rules.frozen = Frozen(part("frozen", ["noise", "place", "longest"]))
      rules.flicker = Flicker(part("flicker", ["step", "per_second", "blink_step", "blink_area"]))
      rules.flash = Flash(
        part(
          "flash",
          [
            "change", "darker", "per_second", "field_width", "field_height", "area", "red_share",
            "red_distance", "red_least",
          ]))
      rules.text = Text(
        part(
          "text",
          [
            "contrast", "large_contrast", "large", "large_bold", "tolerance", "spared", "smallest",
            "shortest", "word",
          ]))
      rules.sound = Sound(
        part("sound", ["loudness", "tolerance", "peak", "silence", "longest_silence"]))
      rules.sync = Sync(part("sync", ["early", "late", "length", "drift", "frame"]))
      rules.severities = [:]
      let kinds = map.optional("severity")?.mapping(allowed: Finding.Kind.allCases.map(\.rawValue))
      for (name, node) in kinds?.entries ?? [] {
        guard let kind = Finding.Kind(rawValue: name) else { continue }
        rules.severities[kind] = node.oneOf(Finding.Severity.self, what: "severity")
      }
      return rules
    }
  }
}

private let share = 0.0...1.0
private let span = TimeSpan.zero...TimeSpan.seconds(600)

extension GateRules.Black {
  fileprivate init(_ map: DocumentMapping) {
    luma = map.double("luma", in: share)
    area = map.double("area", in: share)
    longest = map.timeSpan("longest", in: span)
  }
}

extension GateRules.Frozen {
  fileprivate init(_ map: DocumentMapping) {
    noise = map.double("noise", in: share)
    place = map.double("place", in: share)
    longest = map.timeSpan("longest", in: span)
  }
}

extension GateRules.Flicker {
  fileprivate init(_ map: DocumentMapping) {
    step = map.double("step", in: share)
    perSecond = map.int("per_second", in: 1...30)
    blinkStep = map.double("blink_step", in: share)
    blinkArea = map.double("blink_area", in: share)
  }
}

extension GateRules.Flash {
  fileprivate init(_ map: DocumentMapping) {
    change = map.double("change", in: share)
    darker = map.double("darker", in: share)
    perSecond = map.int("per_second", in: 0...30)
    fieldWidth = map.double("field_width", in: 0.05...1)
    fieldHeight = map.double("field_height", in: 0.05...1)
    area = map.double("area", in: share)
    redShare = map.double("red_share", in: share)
    redDistance = map.double("red_distance", in: share)
    redLeast = map.double("red_least", in: share)
  }
}

extension GateRules.Text {
  fileprivate init(_ map: DocumentMapping) {
    contrast = map.double("contrast", in: 1...21)
    largeContrast = map.double("large_contrast", in: 1...21)
    large = map.double("large", in: 1...1000)
    largeBold = map.double("large_bold", in: 1...1000)
    tolerance = map.double("tolerance", in: share)
    spared = map.double("spared", in: share)
    smallest = map.double("smallest", in: 1...1000)
    shortest = map.timeSpan("shortest", in: span)
    word = map.timeSpan("word", in: span)
  }
}

extension GateRules.Sound {
  fileprivate init(_ map: DocumentMapping) {
    loudness = map.double("loudness", in: -70...0)
    tolerance = map.double("tolerance", in: 0...30)
    peak = map.double("peak", in: -30...6)
    silence = map.double("silence", in: -120 ... -20)
    longestSilence = map.timeSpan("longest_silence", in: span)
  }
}

extension GateRules.Sync {
  fileprivate init(_ map: DocumentMapping) {
    early = map.timeSpan("early", in: span)
    late = map.timeSpan("late", in: span)
    length = map.timeSpan("length", in: span)
    drift = map.timeSpan("drift", in: span)
    frame = map.double("frame", in: 0...10)
  }
}
