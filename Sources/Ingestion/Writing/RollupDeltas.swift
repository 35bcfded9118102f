import Campaigns
import FoundationEssentials

/// What a commit adds to `rollup_hour`, `rollup_device_hour` and `rollup_filtered_hour`, per campaign: the JSON of
/// `ingest_batch.deltas` and `ingest_batch.filtered`.
///
/// `deltas`: `[{"variant_id": …, "placement": 1, "hour": …, "device": 2, "impressions": 12, "value_micros": …}, …]` with
/// the columns of `rollup_hour` as keys, zero counts and an unknown device left out, as in batches from before devices
/// were read. `filtered`: `[{"variant_id": …, "placement": 1, "hour": …,
/// "traffic": 1, "kind": 8, "events": 3, "value_micros": …}, …]`.
///
/// Adding an event allocates nothing but the growth of one array of cells.
struct RollupDeltas {
  struct Key: Equatable {
    var campaign: UUIDWords
    var variant: UUIDWords
    /// Whole hours since 1970.
    var hour: Int64
    var placement: Int16
    var traffic: Int16
    /// `events.device` of what counts; what was filtered is counted for all devices together.
    var device: Int16

    @inline(__always)
    init(_ event: Event) {
      campaign = UUIDWords(event.campaign.uuid)
      variant = UUIDWords(event.variant.uuid)
      hour = event.occurredAtMs / 3_600_000
      placement = event.placement
      traffic = event.traffic.rawValue
      device = event.traffic == .counted ? event.device.rawValue : 0
    }

    @inline(__always)
    static func == (left: Key, right: Key) -> Bool {
      left.variant == right.variant && left.hour == right.hour && left.placement == right.placement
        && left.traffic == right.traffic && left.device == right.device && left.campaign == right.campaign
    }

    @inline(__always)
    var hash: UInt64 {
      // Rules and devices are few: their bits do not meet.
      let small =
        UInt64(UInt16(bitPattern: placement)) << 16 | UInt64(UInt16(bitPattern: traffic ^ device << 8))
      return (variant.mixed ^ (UInt64(bitPattern: hour) << 32 | small)) &* 0x9E37_79B9_7F4A_7C15
    }

    /// A variant has one campaign, so its cells stand together.
    func precedes(_ other: Key) -> Bool {
      if campaign != other.campaign { return campaign < other.campaign }
      if variant != other.variant { return variant < other.variant }
      return (hour, placement, traffic, device)
        < (other.hour, other.placement, other.traffic, other.device)
    }
  }

  struct Cell {
    var key: Key
    /// By the raw value of the kind, minus one.
    var counts = InlineArray<13, Int64>(repeating: 0)
    var valueMicros = InlineArray<13, Int64>(repeating: 0)
  }

  /// One row of `ingest_batch`.
  struct Row {
    var campaign: UUID
    var stored: Int32
    var deltas: String
    var filtered: String
  }

  private(set) var cells: [Cell] = []

  /// How many of the events do not count, by the rule that found them.
  var filtered: [TrafficReason: Int] {
    var sums: [TrafficReason: Int] = [:]
    for cell in cells where cell.key.traffic != TrafficReason.counted.rawValue {
      guard let reason = TrafficReason(rawValue: cell.key.traffic) else { continue }
      sums[reason, default: 0] += (0..<EventKind.allCases.count).reduce(0) { $0 + Int(cell.counts[$1]) }
    }
    return sums
  }

  private var index = FlatIndex(capacity: 64)
  /// The cell of the event before: events come in the order of their time, and often of one version.
  private var last = 0

  @inline(__always)
  mutating func add(_ event: Event) {
    let key = Key(event)
    if last >= cells.count || cells[last].key != key {
      let found = index.position(key.hash) { cells[$0].key == key }
      if found.isNew { cells.append(Cell(key: key)) }
      last = found.position
    }
    let kind = Int(event.kind.rawValue) - 1
    cells[last].counts[kind] &+= 1
    if let value = event.valueMicros {
      cells[last].valueMicros[kind] = cells[last].valueMicros[kind].addingUpToLimit(value)
    }
  }

  /// In a stable order.
  var rows: [Row] {
    let ordered = cells.sorted { $0.key.precedes($1.key) }
    var rows: [Row] = []
    var hours = HourNames()
    var start = 0
    while start < ordered.count {
      let campaign = ordered[start].key.campaign
      let end = ordered[start...].firstIndex { $0.key.campaign != campaign } ?? ordered.count
      var counted = JSONCells()
      var filtered = JSONCells()
      var stored: Int64 = 0
      for cell in ordered[start..<end] {
        for kind in 0..<13 { stored += cell.counts[kind] }
        if cell.key.traffic == TrafficReason.counted.rawValue {
          counted.append(counted: cell, hour: hours[cell.key.hour])
        } else {
          filtered.append(filtered: cell, hour: hours[cell.key.hour])
        }
      }
      rows.append(
        Row(
          campaign: campaign.uuid, stored: Int32(clamping: stored), deltas: counted.text,
          filtered: filtered.text))
      start = end
    }
    return rows
  }
}

/// Hours as RFC 3339; a commit has few.
private struct HourNames {
  private var names: [Int64: String] = [:]

  subscript(hour: Int64) -> String {
    mutating get {
      if let name = names[hour] { return name }
      let name = Date(timeIntervalSince1970: Double(hour) * 3600).ISO8601Format()
      names[hour] = name
      return name
    }
  }
}

/// An array of cells as JSON.
private struct JSONCells {
  private var body = ""

  var text: String { "[\(body)]" }

  mutating func append(counted cell: RollupDeltas.Cell, hour: String) {
    begin(cell, hour)
    if cell.key.device != 0 { body += ",\"device\":\(cell.key.device)" }
    var value: Int64 = 0
    for kind in EventKind.allCases {
      let place = Int(kind.rawValue) - 1
      if cell.counts[place] != 0 { body += ",\"\(kind.rollupColumn)\":\(cell.counts[place])" }
      value = value.addingUpToLimit(cell.valueMicros[place])
    }
    if value != 0 { body += ",\"value_micros\":\(value)" }
    body += "}"
  }

  mutating func append(filtered cell: RollupDeltas.Cell, hour: String) {
    for kind in 0..<13 where cell.counts[kind] != 0 {
      begin(cell, hour)
      body += ",\"traffic\":\(cell.key.traffic),\"kind\":\(kind + 1),\"events\":\(cell.counts[kind])"
      body += ",\"value_micros\":\(cell.valueMicros[kind])}"
    }
  }

  private mutating func begin(_ cell: RollupDeltas.Cell, _ hour: String) {
    let separator = body.isEmpty ? "" : ","
    let variant = cell.key.variant.uuid.uuidString
    body +=
      "\(separator){\"variant_id\":\"\(variant)\",\"placement\":\(cell.key.placement),\"hour\":\"\(hour)\""
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
