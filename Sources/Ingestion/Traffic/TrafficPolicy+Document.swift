import Campaigns
public import Documents

extension TrafficPolicy {
  public static let schema = "retake.traffic/1"

  /// - Throws: `DocumentError` with every problem of the file.
  public init(path: String) throws { try self.init(Document(path: path)) }

  /// - Throws: `DocumentError` with every problem of the document.
  public init(_ document: Document) throws { self = try document.read(TrafficPolicyReader.policy) }
}

private enum TrafficPolicyReader {
  static func policy(_ root: DocumentNode) -> TrafficPolicy {
    let map = root.mapping(allowed: ["schema", "sources", "memory_mib", "rules", "bots"])
    _ = map.require("schema").known(in: [TrafficPolicy.schema], what: "schema")
    let sources = map.optional("sources")?.mapping().entries.map(\.key) ?? []
    let rules = map.mapping(
      "rules",
      allowed: ["declared_bot", "empty_user_agent", "prefetch", "impossible_sequence", "excess"])
    let delays = rules.optionalMapping(
      "impossible_sequence", allowed: ["min_click_delay", "min_conversion_delay", "min_complete_delay"])
    let bots = bots(map.require("bots"), sources: sources)
    let bounds = TrafficPolicy.memoryBounds
    return TrafficPolicy(
      bots: rules.bool("declared_bot", default: true) ? bots : BotList(),
      filtersEmptyUserAgents: rules.bool("empty_user_agent", default: true),
      filtersPrefetches: rules.bool("prefetch", default: true),
      minimumClickDelayMs: delay(delays, "min_click_delay"),
      minimumConversionDelayMs: delay(delays, "min_conversion_delay"),
      minimumCompleteDelayMs: delay(delays, "min_complete_delay"),
      capsPerHour: caps(rules.optionalMapping("excess", allowed: ["per_hour"])?.optional("per_hour")),
      memoryBytes: (map.optionalInt("memory_mib", in: bounds.lowerBound >> 20...bounds.upperBound >> 20) ?? 16)
        << 20)
  }

  /// Absent or null: the rule is off.
  private static func delay(_ map: DocumentMapping?, _ key: String) -> Int64 {
    guard let map, map.has(key) else { return 0 }
    let (seconds, attoseconds) = map.duration(
      key, in: .zero ... .milliseconds(TrafficPolicy.longestDelayMs)
    ).components
    return seconds * 1000 + attoseconds / 1_000_000_000_000_000
  }

  private static func caps(_ node: DocumentNode?) -> [EventKind: Int] {
    guard let map = node?.mapping(allowed: EventKind.allCases.map(\.name)) else { return [:] }
    var caps: [EventKind: Int] = [:]
    for kind in EventKind.allCases {
      if let cap = map.optionalInt(kind.name, in: 1...TrafficPolicy.highestCap) { caps[kind] = cap }
    }
    return caps
  }

  private static func bots(_ node: DocumentNode, sources: [String]) -> BotList {
    let map = node.mapping(allowed: BotList.Category.allCases.map(\.rawValue))
    var entries: [BotList.Entry] = []
    var seen: Set<String> = []
    for category in BotList.Category.allCases {
      guard let group = map.optionalMapping(category.rawValue, allowed: ["sources", "tokens"]) else {
        continue
      }
      for source in group.optional("sources")?.list(of: { $0 }) ?? [] {
        _ = source.known(in: sources, what: "source")
      }
      for item in group.list("tokens", count: 1...500, of: { $0 }) {
        let entry = entry(item, category)
        if !seen.insert(entry.token.lowercased()).inserted {
          item.problem("\"\(entry.token)\" stands here twice")
        }
        entries.append(entry)
      }
    }
    return BotList(entries)
  }

  private static func entry(_ node: DocumentNode, _ category: BotList.Category) -> BotList.Entry {
    guard node.isMapping else { return BotList.Entry(token: token(node), category: category) }
    let map = node.mapping(allowed: ["token", "except"])
    let word = token(map.require("token"))
    let exceptions = map.list("except", count: 1...50) { exception in
      let text = token(exception)
      if text.lowercased().ranges(of: word.lowercased()).count != 1 {
        exception.problem("must hold \"\(word)\" once, for it to be an exception of it")
      }
      return text
    }
    return BotList.Entry(token: word, category: category, exceptions: exceptions)
  }

  /// Shorter texts stand in too many user agents by chance.
  private static func token(_ node: DocumentNode) -> String { node.string(length: 3...60) }
}
