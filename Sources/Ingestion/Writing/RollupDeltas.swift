import Campaigns
import FoundationEssentials

/// What a commit adds to `rollup_hour` and `rollup_filtered_hour`, per campaign: the JSON of `ingest_batch.deltas` and
/// `ingest_batch.filtered`.
///
/// `deltas`: `[{"variant_id": …, "placement": 1, "hour": …, "impressions": 12, "value_micros": …}, …]` with the columns
/// of `rollup_hour` as keys and zero counts left out. `filtered`: `[{"variant_id": …, "placement": 1, "hour": …,
/// "traffic": 1, "kind": 8, "events": 3, "value_micros": …}, …]`.
struct RollupDeltas {
  struct Key: Hashable {
    var variant: Identifier<Variant>
    var placement: Int16
    /// Whole hours since 1970.
    var hour: Int64
    var traffic: TrafficReason
  }

  struct Sums: Hashable {
    /// By the raw value of the kind, minus one.
    var counts = [Int64](repeating: 0, count: EventKind.allCases.count)
    var valueMicros = [Int64](repeating: 0, count: EventKind.allCases.count)
  }

  /// One row of `ingest_batch`.
  struct Row {
    var campaign: UUID
    var stored: Int32
    var deltas: String
    var filtered: String
  }

  private(set) var campaigns: [Identifier<Campaign>: [Key: Sums]] = [:]

  mutating func add(_ event: Event) {
    let key = Key(
      variant: event.variant, placement: event.placement, hour: event.occurredAtMs / 3_600_000,
      traffic: event.traffic)
    campaigns[event.campaign, default: [:]][key, default: Sums()].add(event)
  }

  /// In a stable order.
  var rows: [Row] {
    campaigns.map { campaign, cells in
      Row(
        campaign: campaign.uuid,
        stored: Int32(clamping: cells.values.reduce(0) { $0 + $1.counts.reduce(0, +) }),
        deltas: Self.array(cells.filter { $0.key.traffic == .counted }.map { Self.counted($0.key, $0.value) }),
        filtered: Self.array(
          cells.filter { $0.key.traffic != .counted }.flatMap { Self.filtered($0.key, $0.value) }))
    }.sorted { $0.campaign.uuidString < $1.campaign.uuidString }
  }

  private static func array(_ objects: [String]) -> String { "[\(objects.sorted().joined(separator: ","))]" }

  private static func cell(_ key: Key) -> String {
    let hour = Date(timeIntervalSince1970: Double(key.hour) * 3600).ISO8601Format()
    return "\"variant_id\":\"\(key.variant)\",\"placement\":\(key.placement),\"hour\":\"\(hour)\""
  }

  private static func counted(_ key: Key, _ sums: Sums) -> String {
    var json = "{\(cell(key))"
    for kind in EventKind.allCases where sums.counts[kind] != 0 {
      json += ",\"\(kind.rollupColumn)\":\(sums.counts[kind])"
    }
    let value = sums.valueMicros.reduce(0, +)
    if value != 0 { json += ",\"value_micros\":\(value)" }
    return json + "}"
  }

  private static func filtered(_ key: Key, _ sums: Sums) -> [String] {
    EventKind.allCases.filter { sums.counts[$0] != 0 }.map { kind in
      "{\(cell(key)),\"traffic\":\(key.traffic.rawValue),\"kind\":\(kind.rawValue),"
        + "\"events\":\(sums.counts[kind]),\"value_micros\":\(sums.valueMicros[kind])}"
    }
  }
}

extension RollupDeltas.Sums {
  @inline(__always)
  mutating func add(_ event: Event) {
    counts[event.kind] += 1
    valueMicros[event.kind] += event.valueMicros ?? 0
  }
}

extension [Int64] {
  fileprivate subscript(_ kind: EventKind) -> Int64 {
    get { self[Int(kind.rawValue) - 1] }
    set { self[Int(kind.rawValue) - 1] = newValue }
  }
}

extension EventKind {
  /// The column of `rollup_hour` that counts this kind.
  var rollupColumn: String {
    switch self {
    case .impression: "impressions"
    case .viewable: "viewables"
    case .start: "starts"
    case .firstQuartile: "first_quartiles"
    case .midpoint: "midpoints"
    case .thirdQuartile: "third_quartiles"
    case .complete: "completes"
    case .click: "clicks"
    case .conversion: "conversions"
    case .skip: "skips"
    case .mute: "mutes"
    case .hide: "hides"
    case .interaction: "interactions"
    }
  }
}
