import Campaigns
import Foundation
import Postgres
import Testing

@testable import Ingestion

@Suite("Planning a commit")
struct CommitPlanTests {
  private func event(_ id: EventID, value: Int64? = nil) -> Event {
    Event(
      id: id, campaign: Identifier(UUID()), variant: Identifier(UUID()), viewer: UUID(), kind: .click,
      placement: 3, occurredAtMs: id.milliseconds, valueMicros: value, source: .beacon, traffic: .prefetch,
      device: .tv)
  }

  private func id(_ high: UInt64, _ low: UInt64) -> EventID {
    EventID(
      withUnsafeBytes(of: (high.bigEndian, (low | 1 << 63).bigEndian)) {
        UUID(uuid: $0.loadUnaligned(as: uuid_t.self))
      })
  }

  private func batch(_ events: [Event]) -> CheckedBatch {
    var batch = CheckedBatch(
      workspace: Identifier(UUID()), receivedAt: Date(timeIntervalSince1970: 1_800_000_000))
    batch.events = events
    return batch
  }

  @Test("Ids are put in the order a comparison gives, whatever bits they differ in", arguments: 0..<6)
  func order(seed: UInt64) {
    var random = Seeded(seed: seed)
    for bits in [0, 1, 11, 12, 28, 45, 63] as [UInt64] {
      let count = Int.random(in: 0...3_000, using: &random)
      let base = UInt64.random(in: .min ... .max, using: &random)
      var keys = (0..<count).map { index in
        // A few low words too, so that whole ids meet.
        let high = base ^ (UInt64.random(in: .min ... .max, using: &random) & ((1 << bits) - 1))
        return EventOrder.Key(id(high, .random(in: 0...4, using: &random)), index: index)
      }
      let expected = keys.sorted { ($0.high, $0.low, $0.index) < ($1.high, $1.low, $1.index) }
      EventOrder.sort(&keys)
      #expect(keys.map(\.index) == expected.map(\.index))
    }
  }

  @Test("Each id is written once, for the caller who came first; all others have duplicates")
  func duplicates() {
    let (a, b, c) = (id(1 << 40, 1), id(2 << 40, 1), id(1 << 40, 2))
    let batches = [batch([event(b), event(a), event(b)]), batch([event(a), event(c)])]
    let plan = CommitPlan(batches) { _ in true }
    #expect(plan.rows.map(\.event.id) == [a, c, b])
    #expect(plan.rows.map(\.caller) == [0, 1, 0])
    #expect(plan.outcome(stored: nil).counts.map(\.stored) == [2, 1])
    #expect(plan.outcome(stored: nil).counts.map(\.duplicate) == [1, 1])
    let fewer = plan.outcome(stored: [a])
    #expect(fewer.counts.map(\.stored) == [1, 0] && fewer.counts.map(\.duplicate) == [2, 2])
    let known = CommitPlan(batches) { $0 != a }
    #expect(known.outcome(stored: nil).counts.map(\.stored) == [1, 1])
    #expect(known.outcome(stored: nil).counts.map(\.duplicate) == [2, 1])
  }

  @Test("Rows are encoded as the field by field writer encodes them")
  func encoding() throws {
    let events = [
      event(id(7 << 40, 1), value: 12_500_000), event(id(8 << 40, 1)), event(id(9 << 40, 1), value: -1),
    ]
    let plan = CommitPlan([batch(events)]) { _ in true }
    var writer = BinaryCopyWriter(columnCount: EventStore.columns.count)
    for event in events {
      writer.beginRow()
      writer.append(event.id.uuid)
      writer.append(event.campaign.uuid)
      writer.append(event.variant.uuid)
      writer.append(event.viewer)
      writer.append(event.kind.rawValue)
      writer.append(event.placement)
      writer.append(event.traffic.rawValue)
      writer.append(event.source.rawValue)
      writer.append(event.device.rawValue)
      writer.append(timestampMicroseconds: (event.occurredAtMs - 946_684_800_000) * 1000)
      writer.append(try #require(Date(timeIntervalSince1970: 1_800_000_000).postgresMicroseconds))
      writer.append(event.valueMicros)
    }
    #expect(plan.encoded.encodedBytes == writer.encodedBytes)
    #expect(plan.encoded.rowCount == 3 && CommitPlan([]) { _ in true }.encoded.rowCount == 0)
  }

  @Test("Remembered ids are known, others never are, and the newest are not forgotten for older ones")
  func recent() {
    var random = Seeded(seed: 1)
    var recent = RecentEventIDs(capacity: 2_000)
    let ids = (0..<20_000).map { _ in
      id(.random(in: .min ... .max, using: &random), .random(in: .min ... .max, using: &random))
    }
    let taken = ids.map { recent.insert($0) }
    #expect(!taken.contains(false))
    // A set may overflow early by chance, but seldom.
    let known = ids.suffix(1_000).map { !recent.insert($0) }
    #expect(known.count { $0 } > 950)
    recent.removeAll()
    // Half of an id is not enough.
    let halves = [ids[0], id(ids[0].high, 12), id(13, ids[0].low), ids[0]].map { recent.insert($0) }
    #expect(halves == [true, true, true, false])
  }

  @Test("A table of variants finds what was put in, and nothing else")
  func variants() {
    var table = VariantTable(secret: 42)
    let ids = (0..<500).map { _ in UUID() }
    for id in ids { table.insert(.init(campaign: Identifier(id), currency: "EUR"), for: id) }
    for id in ids { table.insert(.init(campaign: Identifier(id), currency: nil), for: id) }
    #expect(table.count == 500)
    #expect(ids.allSatisfy { table[$0]?.campaign.uuid == $0 && table[$0]?.currency == nil })
    #expect((0..<500).allSatisfy { _ in table[UUID()] == nil })
    #expect(VariantTable()[UUID()] == nil)
  }
}
