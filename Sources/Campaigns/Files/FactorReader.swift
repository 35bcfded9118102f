internal import Documents

/// Reads `factors` and remembers the levels that name things of the brand.
struct FactorReader {
  let file: String
  let languages: [String]
  var colours: [Located<String>] = []
  var photos: [Located<String>] = []

  init(file: String, languages: [String]) {
    self.file = file
    self.languages = languages
  }

  mutating func read(_ node: DocumentNode) -> Factor {
    let map = node.mapping(allowed: ["key", "levels"])
    let kind = map.oneOf("key", FactorKind.self, what: "factor")
    let levels = map.uniqueList("levels", count: 2...40, key: \.key) { level($0, of: kind) }
    return Factor(key: kind.rawValue, levels: levels)
  }

  /// Rules over all factors: a segment's versions must be able to differ.
  func check(_ factors: [Factor], versions: Int, at node: DocumentNode) {
    guard !factors.isEmpty else { return }
    var combinations = 1
    for factor in factors where FactorKind(rawValue: factor.key)?.isVisible == true {
      combinations = min(combinations * max(factor.levels.count, 1), 1_000_000)
    }
    if combinations < versions {
      node.problem(
        "the levels of the visible factors (hook, headline, palette, background, layout) combine to "
          + "\(combinations) versions, fewer than the \(versions) wanted for each segment")
    }
  }

  private mutating func level(_ node: DocumentNode, of kind: FactorKind) -> Level {
    if kind.content == .text {
      let map = node.mapping(allowed: ["key", "text", "rationale"])
      return Level(
        key: map.require("key").key(),
        text: map.require("text").localised(languages, length: 1...maximumLength(of: kind)),
        rationale: map.optionalString("rationale"))
    }
    let map = node.mapping(allowed: ["key", "value", "rationale"])
    return Level(
      key: map.require("key").key(), value: value(map.require("value"), of: kind),
      rationale: map.optionalString("rationale"))
  }

  private mutating func value(_ node: DocumentNode, of kind: FactorKind) -> String {
    switch kind.content {
    case .text: return node.string()
    case .beatsPerMinute(let range): return String(node.int(in: range))
    case .word(let words): return node.known(in: words, what: kind.rawValue)
    case .colour:
      let name = node.known(in: BrandFile.colourNames, what: "colour of the brand")
      colours.append(node.located(name, file: file))
      return name
    case .photo:
      let key = node.key()
      photos.append(node.located(key, file: file))
      return key
    }
  }

  /// Characters that stay readable at the size the factor's text is set in.
  private func maximumLength(of kind: FactorKind) -> Int { kind == .callToAction ? 32 : 90 }
}
