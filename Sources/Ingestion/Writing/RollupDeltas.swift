import Campaigns
import FoundationEssentials

/// What a commit adds to `rollup_hour`, per campaign: the JSON of `ingest_batch.deltas`.
///
/// `[{"variant_id": …, "placement": 1, "hour": …, "impressions": 12, "value_micros": …}, …]` with the columns of
/// `rollup_hour` as keys and zero counts left out.
struct RollupDeltas {
  struct Key: Hashable {
    var variant: Identifier<Variant>
    var placement: Int16
    /// Whole hours since 1970.
    var hour: Int64
  }

  struct Sums: Hashable {
    /// By the raw value of the kind, minus one.
    var counts = [Int64](repeating: 0, count: EventKind.allCases.count)
    var valueMicros: Int64 = 0
  }

  private(set) var campaigns: [Identifier<Campaign>: [Key: Sums]] = [:]

  mutating func add(_ event: Event) {
    let key = Key(variant: event.variant, placement: event.placement, hour: event.occurredAtMs / 3_600_000)
    campaigns[event.campaign, default: [:]][key, default: Sums()].add(event)
  }

  /// Events stored per campaign, and their deltas as JSON, in a stable order.
  var rows: [(campaign: UUID, stored: Int32, deltas: String)] {
    campaigns.map { campaign, cells in
      let stored = cells.values.reduce(0) { $0 + $1.counts.reduce(0, +) }
      let json = cells.map { Self.json($0.key, $0.value) }.sorted().joined(separator: ",")
      return (campaign.uuid, Int32(clamping: stored), "[\(json)]")
    }.sorted { $0.campaign.uuidString < $1.campaign.uuidString }
  }

  private static func json(_ key: Key, _ sums: Sums) -> String {
    let hour = Date(timeIntervalSince1970: Double(key.hour) * 3600).ISO8601Format()
    var json = "{\"variant_id\":\"\(key.variant)\",\"placement\":\(key.placement),\"hour\":\"\(hour)\""
    for kind in EventKind.allCases where sums.counts[Int(kind.rawValue) - 1] != 0 {
      json += ",\"\(kind.rollupColumn)\":\(sums.counts[Int(kind.rawValue) - 1])"
    }
    if sums.valueMicros != 0 { json += ",\"value_micros\":\(sums.valueMicros)" }
    return json + "}"
  }
}

extension RollupDeltas.Sums {
  @inline(__always)
  mutating func add(_ event: Event) {
    counts[Int(event.kind.rawValue) - 1] += 1
    valueMicros += event.valueMicros ?? 0
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
