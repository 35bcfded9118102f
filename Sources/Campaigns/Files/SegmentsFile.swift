internal import Documents

/// What a `segments.yaml` says.
struct SegmentsFile {
  struct Entry {
    var key: String
    var name: String
    var language: Located<String>
    var audience: Int64?
    var rule: AudienceRule
  }

  var segments: [Entry]

  static func read(_ path: String) throws -> SegmentsFile {
    try Document(path: path).read { root in
      let map = root.mapping(allowed: ["schema", "segments"])
      map.schema("retake.segments/1")
      let segments = map.uniqueList("segments", count: 1...500, key: \Entry.key) { node in
        let map = node.mapping(allowed: ["key", "name", "language", "audience", "rule"])
        let language = map.require("language")
        let rule = map.mapping("rule", allowed: ["all"])
        return Entry(
          key: map.require("key").key(), name: map.string("name", length: 1...120),
          language: language.located(language.language(), file: path),
          audience: map.optionalInt("audience", in: 1...10_000_000_000).map(Int64.init),
          rule: AudienceRule(all: rule.list("all", count: 1...50, of: condition)))
      }
      return SegmentsFile(segments: segments)
    }
  }

  private static func condition(_ node: DocumentNode) -> AudienceRule.Condition {
    let map = node.mapping(allowed: ["attribute", "in", "between"])
    let attribute = map.require("attribute").key()
    let among = map.optional("in")
    let between = map.optional("between")
    switch (among, between) {
    case (let among?, nil):
      let isCountry = attribute == "country"
      let values = among.list(count: 1...1000) { item in
        guard isCountry else { return item.string() }
        return item.parsed("a country of ISO 3166-1 such as FR", standIn: "") {
          $0.wholeMatch(of: #/[A-Z]{2}/#) == nil ? nil : $0
        }
      }
      return .init(attribute: attribute, test: .among(values))
    case (nil, let between?):
      let bounds = between.list(count: 2...2) { $0.double() }
      if bounds.count == 2, bounds[0] > bounds[1] {
        between.problem("takes [least, most], but \(bounds[0]) is more than \(bounds[1])")
      }
      return .init(
        attribute: attribute, test: .between(bounds.first ?? 0, bounds.last ?? 0))
    default:
      node.problem("needs one test: either in: [a, b] or between: [least, most]")
      return .init(attribute: attribute, test: .among([]))
    }
  }
}
