public import Campaigns

/// What came (gross), what of it was filtered as invalid, by rule, and what counts (net): gross = net + filtered.
public struct TrafficAccount: Hashable, Sendable, Codable {
  /// Of one rule.
  public struct Filtered: Hashable, Sendable, Codable {
    public var reason: TrafficFilter
    public var events: Int64

    public init(reason: TrafficFilter, events: Int64) {
      self.reason = reason
      self.events = events
    }
  }

  /// Of one kind of event.
  public struct Line: Hashable, Sendable {
    public var kind: EventKind
    public var net: Int64
    /// Most first; no rule that filtered nothing.
    public var filtered: [Filtered]

    public var filteredEvents: Int64 { filtered.reduce(0) { $0 + $1.events } }
    public var gross: Int64 { net + filteredEvents }
    /// Of gross, filtered; nil when nothing came.
    public var share: Double? { gross > 0 ? Double(filteredEvents) / Double(gross) : nil }
  }

  /// Of every kind that came at all, in the order in which kinds are numbered.
  public private(set) var lines: [Line] = []

  public init() {}

  public init(net: EventCounts) {
    for kind in EventKind.allCases { add(net[kind], of: kind, reason: nil) }
  }

  public var isEmpty: Bool { lines.isEmpty }

  public subscript(kind: EventKind) -> Line {
    lines.first { $0.kind == kind } ?? Line(kind: kind, net: 0, filtered: [])
  }

  public var filteredEvents: Int64 { lines.reduce(0) { $0 + $1.filteredEvents } }

  /// - Parameter reason: nil for events that count.
  public mutating func add(_ events: Int64, of kind: EventKind, reason: TrafficFilter?) {
    guard events != 0 else { return }
    let place = lines.firstIndex { $0.kind.rawValue >= kind.rawValue } ?? lines.count
    if place == lines.count || lines[place].kind != kind {
      lines.insert(Line(kind: kind, net: 0, filtered: []), at: place)
    }
    lines[place].add(events, reason)
  }

  public static func + (left: TrafficAccount, right: TrafficAccount) -> TrafficAccount {
    var sum = left
    for line in right.lines {
      sum.add(line.net, of: line.kind, reason: nil)
      for filtered in line.filtered { sum.add(filtered.events, of: line.kind, reason: filtered.reason) }
    }
    return sum
  }
}

extension TrafficAccount.Line {
  fileprivate mutating func add(_ events: Int64, _ reason: TrafficFilter?) {
    guard let reason else {
      net += events
      return
    }
    if let place = filtered.firstIndex(where: { $0.reason == reason }) {
      filtered[place].events += events
    } else {
      filtered.append(TrafficAccount.Filtered(reason: reason, events: events))
    }
    filtered.sort { ($1.events, $0.reason.rawValue) < ($0.events, $1.reason.rawValue) }
  }
}

extension TrafficAccount.Line: Codable {
  private enum CodingKeys: CodingKey { case kind, gross, net, share, filtered }

  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    let name = try values.decode(String.self, forKey: .kind)
    guard let kind = EventKind(name: name) else {
      throw DecodingError.dataCorruptedError(
        forKey: .kind, in: values, debugDescription: "there is no kind of event \"\(name)\"")
    }
    self.kind = kind
    net = try values.decode(Int64.self, forKey: .net)
    filtered = try values.decode([TrafficAccount.Filtered].self, forKey: .filtered)
  }

  /// Writes what follows from the rest too, so that readers need not know the formulas.
  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(kind.name, forKey: .kind)
    try values.encode(gross, forKey: .gross)
    try values.encode(net, forKey: .net)
    try values.encodeIfPresent(share, forKey: .share)
    try values.encode(filtered, forKey: .filtered)
  }
}
