import Campaigns
import Foundation
import TestKit
import Testing

@testable import Ingestion

@Suite("Viewer deltas")
struct ViewerDeltasTests {
  private static let day0: Int64 = 20_000

  static func event(
    campaign: UUID, variant: UUID, viewer: UUID, kind: EventKind = .impression, day: Int64 = day0,
    value: Int64? = nil, traffic: TrafficReason = .counted, placement: Int16 = 0, hour: Int64 = 0
  ) -> Event {
    let milliseconds = day * 86_400_000 + hour * 3_600_000 + 5
    return Event(
      id: EventID(UUID()), campaign: Identifier(campaign), variant: Identifier(variant), viewer: viewer,
      kind: kind,
      placement: placement, occurredAtMs: milliseconds, valueMicros: value, source: .native, traffic: traffic)
  }

  /// The facts of every viewer, by key, as a plain dictionary gives them.
  struct Facts: Hashable {
    var firstDay: Int32
    var counts = SIMD4<Int32>.zero
    var value: Int64 = 0
  }

  static func facts(_ deltas: ViewerDeltas) -> [[UUID]: Facts] {
    var facts: [[UUID]: Facts] = [:]
    for cell in deltas.cells {
      let version = deltas.versions[Int(cell.version)]
      facts[[version.campaign.uuid, version.variant.uuid, cell.viewer.uuid]] = Facts(
        firstDay: cell.firstDay, counts: cell.counts, value: cell.valueMicros)
    }
    return facts
  }

  @Test("Packed and unpacked, deltas say what a dictionary of the events says", arguments: 0..<4)
  func agreesWithDictionary(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let campaigns = (0..<3).map { _ in UUID() }
    let variants = (0..<9).map { _ in UUID() }
    let viewers = (0..<400).map { _ in UUID() }
    var deltas = ViewerDeltas()
    var expected: [[UUID]: Facts] = [:]
    for _ in 0..<5000 {
      let variant = Int.random(in: 0..<9, using: &random)
      let event = Self.event(
        campaign: campaigns[variant % 3], variant: variants[variant],
        viewer: viewers[Int.random(in: 0..<400, using: &random)],
        kind: EventKind.allCases[Int.random(in: 0..<13, using: &random)],
        day: Self.day0 + Int64.random(in: 0..<300, using: &random),
        value: Int.random(in: 0..<4, using: &random) == 0
          ? Int64.random(in: 0...1_000_000_000_000_000, using: &random) : nil,
        traffic: Int.random(in: 0..<10, using: &random) == 0 ? .excess : .counted)
      deltas.add(event)
      guard event.traffic == .counted else { continue }
      let day = Int32(event.occurredAtMs / 86_400_000)
      let key = [event.campaign.uuid, event.variant.uuid, event.viewer]
      var facts = expected[key] ?? Facts(firstDay: day)
      facts.firstDay = min(facts.firstDay, day)
      switch event.kind {
      case .impression: facts.counts[0] += 1
      case .complete: facts.counts[1] += 1
      case .click: facts.counts[2] += 1
      case .conversion: facts.counts[3] += 1
      default: break
      }
      facts.value += event.valueMicros ?? 0
      expected[key] = facts
    }
    #expect(Self.facts(deltas) == expected)
    var unpacked = ViewerDeltas()
    let packed = deltas.packed()
    #expect(Set(packed.keys) == Set(campaigns))
    for (campaign, bytes) in packed { try unpacked.unpack(bytes, of: campaign) }
    #expect(Self.facts(unpacked) == expected)
    // Merged once more, every count doubles and no first day moves.
    for (campaign, bytes) in packed { try unpacked.unpack(bytes, of: campaign) }
    #expect(
      Self.facts(unpacked)
        == expected.mapValues {
          Facts(firstDay: $0.firstDay, counts: $0.counts &+ $0.counts, value: $0.value * 2)
        })
    let ordered = unpacked.ordered.map { cell -> [String] in
      let version = unpacked.versions[Int(cell.version)]
      return [version.campaign.uuid, version.variant.uuid, cell.viewer.uuid].map(\.uuidString)
    }
    #expect(ordered == ordered.sorted { $0.lexicographicallyPrecedes($1) })
  }

  @Test("A viewer that saw one version once takes 18 bytes")
  func size() {
    var deltas = ViewerDeltas()
    let (campaign, variant) = (UUID(), UUID())
    for _ in 0..<1000 { deltas.add(Self.event(campaign: campaign, variant: variant, viewer: UUID())) }
    let bytes = deltas.packed()[campaign]?.count ?? 0
    #expect(bytes == 1 + 3 + 1 + 16 + 2 + 18_000)
  }

  @Test("Counts and sums end at the largest number instead of overflowing")
  func saturation() throws {
    var deltas = ViewerDeltas()
    let (campaign, variant, viewer) = (UUID(), UUID(), UUID())
    deltas.add(
      Self.event(campaign: campaign, variant: variant, viewer: viewer, kind: .click, value: .max - 1))
    let bytes = try #require(deltas.packed()[campaign])
    for _ in 0..<40 {
      var doubled = ViewerDeltas()
      let now = try #require(deltas.packed()[campaign])
      try doubled.unpack(now, of: campaign)
      try doubled.unpack(now, of: campaign)
      deltas = doubled
    }
    try deltas.unpack(bytes, of: campaign)
    #expect(deltas.cells.map(\.counts) == [SIMD4(0, 0, .max, 0)])
    #expect(deltas.cells.map(\.valueMicros) == [.max])
    var rollups = RollupDeltas()
    for _ in 0..<3 {
      rollups.add(Self.event(campaign: campaign, variant: variant, viewer: viewer, value: .max))
    }
    #expect(rollups.rows.first?.deltas.contains("\"value_micros\":\(Int64.max)}") == true)
  }

  @Test("Bytes that were cut, lengthened or written by a newer program are refused, never misread")
  func malformed() throws {
    var deltas = ViewerDeltas()
    let campaign = UUID()
    for number in 0..<3 {
      deltas.add(
        Self.event(
          campaign: campaign, variant: UUID(), viewer: UUID(), kind: .conversion, value: Int64(number) * 1000)
      )
    }
    let bytes = try #require(deltas.packed()[campaign])
    for length in 1..<bytes.count {
      var reader = ViewerDeltas()
      #expect(throws: ViewerDeltas.Malformed.cutShort) {
        try reader.unpack(Array(bytes[..<length]), of: campaign)
      }
    }
    var reader = ViewerDeltas()
    #expect(throws: ViewerDeltas.Malformed.trailingBytes(1)) { try reader.unpack(bytes + [0], of: campaign) }
    #expect(throws: ViewerDeltas.Malformed.unknownForm(2)) {
      try reader.unpack([2] + bytes.dropFirst(), of: campaign)
    }
    #expect(throws: ViewerDeltas.Malformed.numberTooLarge) {
      try reader.unpack([1] + [UInt8](repeating: 0xFF, count: 12), of: campaign)
    }
    var random = SeededGenerator(seed: 1)
    for _ in 0..<5000 {
      var broken = bytes
      for _ in 0..<3 {
        broken[Int.random(in: 0..<broken.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
      }
      do { try reader.unpack(broken, of: campaign) } catch {}
    }
  }

  @Test("Rollup deltas keep their JSON: zero counts left out, filtered events apart")
  func rollupJSON() throws {
    let campaign = UUID()
    let variant = try #require(UUID(uuidString: "0193a000-0000-7000-8000-00000000000a"))
    var deltas = RollupDeltas()
    for kind in [EventKind.impression, .click, .impression] {
      deltas.add(Self.event(campaign: campaign, variant: variant, viewer: UUID(), kind: kind, placement: 3))
    }
    deltas.add(
      Self.event(
        campaign: campaign, variant: variant, viewer: UUID(), kind: .conversion, value: 7, placement: 3,
        hour: 1))
    deltas.add(
      Self.event(
        campaign: campaign, variant: variant, viewer: UUID(), kind: .click, traffic: .prefetch, placement: 3))
    let row = try #require(deltas.rows.first)
    let id = variant.uuidString
    #expect(
      row.deltas == """
        [{"variant_id":"\(id)","placement":3,"hour":"2024-10-04T00:00:00Z","impressions":2,"clicks":1},\
        {"variant_id":"\(id)","placement":3,"hour":"2024-10-04T01:00:00Z","conversions":1,"value_micros":7}]
        """)
    #expect(
      row.filtered == """
        [{"variant_id":"\(id)","placement":3,"hour":"2024-10-04T00:00:00Z","traffic":3,"kind":8,"events":1,\
        "value_micros":0}]
        """)
    #expect(row.stored == 5 && row.campaign == campaign)
  }
}
