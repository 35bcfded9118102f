internal import Documents

/// The key `licence` of an asset.
enum LicenceFile {
  static func read(_ node: DocumentNode) -> Licence {
    let map = node.mapping(allowed: [
      "owner", "terms", "territories", "channels", "from", "until", "attribution", "ai",
    ])
    let ai = map.mapping("ai", allowed: ["edit", "generate", "train"])
    let licence = Licence(
      owner: map.string("owner"), terms: map.string("terms"),
      territories: all(map.require("territories"), word: "world") { item in
        item.parsed("a country of ISO 3166-1 such as FR, or world alone", standIn: "") {
          $0.wholeMatch(of: #/[A-Z]{2}/#) == nil ? nil : $0
        }
      },
      channels: all(map.require("channels"), word: "all") { $0.string() },
      from: map.optional("from")?.day(), until: map.optional("until")?.day(),
      attribution: map.optionalString("attribution"),
      ai: .init(edit: ai.bool("edit"), generate: ai.bool("generate"), train: ai.bool("train")))
    if let from = licence.from, let until = licence.until, !from.isEmpty, !until.isEmpty, until < from {
      map.require("until").problem("the licence ends on \(until), before it begins on \(from)")
    }
    return licence
  }

  /// A list, empty when it holds only the word that means everything.
  private static func all(
    _ node: DocumentNode, word: String, of item: (DocumentNode) -> String
  ) -> [String] {
    var isEverything = false
    let items = node.list(count: 1...300) { node in
      if node.isScalar, node.string() == word {
        isEverything = true
        return ""
      }
      return item(node)
    }
    if isEverything, items.count > 1 { node.problem("\(word) stands alone or not at all") }
    return isEverything ? [] : items
  }
}
