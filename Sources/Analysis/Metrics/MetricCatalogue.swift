import Documents
public import FoundationEssentials

/// The metrics of `config/metrics.yaml`, schema `retake.metrics/1`.
public struct MetricCatalogue: Hashable, Sendable {
  public var metrics: [Metric]

  public init(metrics: [Metric]) { self.metrics = metrics }

  /// - Throws: `DocumentError` with every problem found: file, line, key, what is allowed.
  public init(contentsOf file: URL) throws {
    try self.init(Document(path: file.path(percentEncoded: false)))
  }

  init(_ document: Document) throws {
    metrics = try document.read { root in
      let map = root.mapping(allowed: ["schema", "metrics"])
      let schema = map.require("schema")
      let found = schema.string()
      if !found.isEmpty, found != Self.schema { schema.problem("must be \(Self.schema), but is \(found)") }
      var seen: Set<String> = []
      return map.list("metrics") { node in
        let metric = Self.metric(node)
        if !seen.insert(metric.key).inserted { node.problem("there is a metric \"\(metric.key)\" already") }
        return metric
      }
    }
  }

  public static let schema = "retake.metrics/1"

  private static func metric(_ node: DocumentNode) -> Metric {
    let map = node.mapping(
      allowed: ["key", "name", "of", "per", "better", "may_be", "unit", "words"])
    let metric = Metric(
      key: map.require("key").parsed(
        "lower-case letters, digits and underscores, a letter first", standIn: ""
      ) {
        $0.wholeMatch(of: #/[a-z][a-z0-9_]{0,62}/#) == nil ? nil : $0
      },
      name: map.string("name", length: 1...60), of: map.oneOf("of", Metric.Quantity.self),
      per: map.oneOf("per", Metric.Quantity.self),
      better: map.oneOf("better", Metric.Direction.self),
      roles: map.optionalList("may_be") { $0.oneOf(Metric.Role.self) },
      unit: map.oneOf("unit", Metric.Unit.self), words: map.string("words", length: 1...80))
    // A quantity that could not be read has its own problem, and a stand-in that would make another.
    let isRead = ["of", "per"].allSatisfy { key in
      map.optional(key).map { Metric.Quantity(rawValue: $0.string()) != nil } ?? false
    }
    if isRead, let problem = problem(of: metric) { node.problem(problem) }
    return metric
  }

  /// What makes no sense, or cannot be told from what is kept.
  private static func problem(of metric: Metric) -> String? {
    let counts = Metric.Quantity.allCases.filter { $0.kind != nil }
    switch (metric.of, metric.per) {
    case (.viewer, _): return "of: viewers are what others are counted per; use per: viewer"
    case (_, .value), (_, .watchTime): return "per: must be impression, viewer, spend or an event"
    case (let of, let per) where of == per: return "of and per are both \(of.rawValue)"
    case (.watchTime, let per) where per != .impression && per != .start:
      return "watch_time is per impression or per start"
    case (.spend, let per) where per == .viewer || per.kind == nil: return "spend is per impression or event"
    case (let of, .spend) where of != .value && !counts.contains(of):
      return "per: spend needs value or an event"
    case (.value, let per) where per != .viewer && per != .impression && per != .spend:
      return "value is per viewer, impression or spend"
    default: break
    }
    let isShare = metric.of.kind != nil && metric.per.kind != nil
    if (metric.unit == .share) != isShare { return "unit: share is for events per event, and only for these" }
    if (metric.unit == .seconds) != (metric.of == .watchTime) { return "unit: seconds is for watch_time" }
    return nil
  }
}
