import Campaigns
import Foundation
import Testing

@testable import Ingestion

@Suite("The memory of sequences")
struct SequenceMemoryTests {
  @Test("Two million viewers leave it at the size it was given, half of it at most in use by each generation")
  func bounds() {
    #expect(MemoryLayout<SequenceMemory.Entry>.size == 64 && MemoryLayout<SequenceMemory.Entry>.stride == 64)
    var memory = SequenceMemory(bytes: 16 << 20)
    #expect(memory.limit == 65_536)
    var most = 0
    for viewer in UInt64(1)...2_000_000 {
      memory.makeRoom(for: 1)
      memory.meet(viewer &* 0x9E37_79B9_7F4A_7C15).pointee.note(.impression, at: Int64(viewer % 3_600_000))
      most = max(most, memory.count)
    }
    #expect(most == memory.limit)
  }

  @Test("An entry is remembered for a generation at least, and as long as it is met")
  func generations() {
    var memory = SequenceMemory(bytes: 16 << 20)
    func key(_ number: UInt64) -> UInt64 { number &* 0x9E37_79B9_7F4A_7C15 }
    memory.meet(key(1)).pointee.note(.click, at: 5)
    for number in UInt64(2)...UInt64(memory.limit) { _ = memory.meet(key(number)) }
    memory.makeRoom(for: 1)
    #expect(memory.count == 0)
    #expect(memory.find(key(1))?.pointee.first(.click) == 5)
    #expect(memory.meet(key(1)).pointee.first(.click) == 5)
    for number in UInt64(0)..<UInt64(memory.limit) {
      memory.makeRoom(for: 1)
      _ = memory.meet(key(1_000_000 + number))
    }
    #expect(memory.find(key(1))?.pointee.first(.click) == 5)
    #expect(memory.find(key(2)) == nil)
    for number in UInt64(0)...UInt64(2 * memory.limit) {
      memory.makeRoom(for: 1)
      _ = memory.meet(key(9_000_000 + number))
    }
    #expect(memory.find(key(1)) == nil)
  }

  @Test(
    "The first impression, start and click of an hour are kept apart, to the millisecond, with every count")
  func packing() {
    var entry = SequenceMemory.Entry()
    #expect(entry.first(.impression) == nil && entry.first(.start) == nil && entry.first(.click) == nil)
    entry.note(.impression, at: 3_599_999)
    entry.note(.start, at: 0)
    entry.note(.click, at: 1_800_000)
    for (number, kind) in EventKind.allCases.enumerated() {
      for count in 1...number + 1 {
        let id = EventID(UUID(uuid: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, UInt8(number), UInt8(count))))
        #expect(entry.count(kind, id: id) == count)
        #expect(entry.count(kind, id: id) == nil)
      }
    }
    #expect(entry.first(.impression) == 3_599_999 && entry.first(.start) == 0)
    #expect(entry.first(.click) == 1_800_000)
    entry.note(.impression, at: 7)
    entry.note(.click, at: 1_900_000)
    #expect(entry.first(.impression) == 7 && entry.first(.start) == 0 && entry.first(.click) == 1_800_000)
  }

  @Test("A body larger than a generation is judged in parts and forgets what came before")
  func largeBody() {
    let rules = TrafficRules(TrafficPolicy(capsPerHour: [.hide: 1]))
    let events = (0..<70_000).map { Deeds.event(.hide, at: 1, viewer: $0) }
    #expect(Deeds.judge(rules, events).allSatisfy { $0 == .counted })
  }
}
