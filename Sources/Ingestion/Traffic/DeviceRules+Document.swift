import Campaigns
public import Documents

extension DeviceRules {
  public static let schema = "retake.devices/1"

  /// `config/devices.yaml`.
  /// - Throws: `DocumentError` with every problem of the file.
  public init(path: String) throws { try self.init(Document(path: path)) }

  /// - Throws: `DocumentError` with every problem of the document.
  public init(_ document: Document) throws {
    self = try document.read { root in
      let map = root.mapping(allowed: ["schema", "user_agents"])
      _ = map.require("schema").known(in: [Self.schema], what: "schema")
      var tokens: Set<String> = []
      let rules = map.list("user_agents", count: 0...200) { node in
        let rule = Self.rule(node)
        tokens.formUnion((rule.any + rule.all + rule.none).map { $0.lowercased() })
        return rule
      }
      guard tokens.count <= Self.mostTokens else {
        map.require("user_agents").problem(
          "there are \(tokens.count) different tokens; at most \(Self.mostTokens)")
        return .none
      }
      return DeviceRules(rules)
    }
  }

  private static func rule(_ node: DocumentNode) -> Rule {
    let map = node.mapping(allowed: ["type", "any", "all", "none"])
    let names = DeviceType.allCases.map(\.name)
    let name = map.require("type").known(in: names, what: "type of device")
    func tokens(_ key: String) -> [String] {
      // Shorter texts stand in too many user agents by chance.
      map.optionalList(key, count: 1...200) { $0.string(length: 3...60) }
    }
    let rule = Rule(
      type: DeviceType.allCases.first { $0.name == name } ?? .unknown, any: tokens("any"),
      all: tokens("all"), none: tokens("none"))
    if rule.any.isEmpty, rule.all.isEmpty {
      node.problem("needs any or all: tokens that stand in user agents")
    }
    return rule
  }
}
