import Campaigns
import Foundation
import TestKit
import Testing

@testable import Ingestion

/// Events of invented viewers, without a database.
struct Deeds {
  /// 14:00 UTC, a whole hour.
  static let hour: Int64 = 1_792_936_800_000
  static let variant = UUID(uuidString: "01930000-0000-7000-8000-000000000001") ?? UUID()

  static func event(
    _ kind: EventKind, at milliseconds: Int64, viewer: Int = 1, variant: UUID = variant, id: Int? = nil
  ) -> Event {
    var noise = SeededGenerator(
      seed: UInt64(bitPattern: Int64(id ?? Int(milliseconds))) &* 31 &+ UInt64(kind.rawValue)
        &+ UInt64(viewer) << 40)
    let who = withUnsafeBytes(of: (UInt64(viewer) &* 0x9E37_79B9_7F4A_7C15, UInt64(viewer))) {
      UUID(uuid: $0.loadUnaligned(as: uuid_t.self))
    }
    return Event(
      id: EventID(.version8(milliseconds: hour + milliseconds, random: noise.next())),
      campaign: Identifier(variant), variant: Identifier(variant), viewer: who, kind: kind, placement: 0,
      occurredAtMs: hour + milliseconds, valueMicros: nil, source: .native)
  }

  static func judge(_ rules: TrafficRules, _ events: [Event]) -> [TrafficReason] {
    var batch = CheckedBatch(workspace: Identifier(variant), receivedAt: FixedClock.monday)
    batch.events = events
    rules.judge(&batch)
    return batch.events.map(\.traffic)
  }

  static func judge(_ events: [Event], caps: [EventKind: Int] = [:]) -> [TrafficReason] {
    judge(TrafficRules(TrafficPolicy(capsPerHour: caps)), events)
  }
}

extension UUID {
  fileprivate static func version8(milliseconds: Int64, random: UInt64) -> UUID {
    withUnsafeBytes(of: (UInt64(milliseconds).bigEndian << 16, random)) {
      UUID(uuid: $0.loadUnaligned(as: uuid_t.self))
    }
  }
}

@Suite("Rules over what a viewer did before")
struct SequenceRulesTests {
  @Test(
    "A click counts from 100 ms after its impression, and not before, on either side of it",
    arguments: [(0, false), (30, false), (99, false), (100, true), (-99, false), (-100, true), (5000, true)])
  func click(after: Int64, counts: Bool) {
    let verdicts = Deeds.judge([
      Deeds.event(.impression, at: 60_000), Deeds.event(.click, at: 60_000 + after),
    ])
    #expect(verdicts == [.counted, counts ? .counted : .impossibleSequence])
  }

  @Test(
    "A conversion counts from a second away from its click",
    arguments: [(0, false), (999, false), (1000, true), (-999, false), (-1000, true)])
  func conversion(after: Int64, counts: Bool) {
    let verdicts = Deeds.judge([
      Deeds.event(.click, at: 60_000), Deeds.event(.conversion, at: 60_000 + after),
    ])
    #expect(verdicts[1] == (counts ? .counted : .impossibleSequence))
  }

  @Test("A quartile needs its part of the shortest time in which a video can be seen")
  func quartiles() {
    let kinds: [(EventKind, Int64)] = [
      (.firstQuartile, 250), (.midpoint, 500), (.thirdQuartile, 750), (.complete, 1000),
    ]
    for (kind, least) in kinds {
      for (after, reason) in [(least - 1, TrafficReason.impossibleSequence), (least, .counted)] {
        #expect(
          Deeds.judge([Deeds.event(.start, at: 0), Deeds.event(kind, at: after)])[1] == reason, "\(kind)")
      }
    }
  }

  @Test("An impression that came earlier, in this hour or the one before, explains a click")
  func explained() {
    let click = Deeds.event(.click, at: 10_030)
    let near = Deeds.event(.impression, at: 10_000)
    #expect(Deeds.judge([near, click])[1] == .impossibleSequence)
    #expect(Deeds.judge([Deeds.event(.impression, at: 5_000), near, click])[2] == .counted)
    #expect(Deeds.judge([Deeds.event(.impression, at: -3_000), near, click])[2] == .counted)
    #expect(Deeds.judge([Deeds.event(.impression, at: -3_600_001), near, click])[2] == .impossibleSequence)
  }

  @Test("An hour that turns between an impression and its click changes nothing")
  func turn() {
    for (impression, click, reason) in [
      (Int64(-10), Int64(20), TrafficReason.impossibleSequence), (-10, 90, .counted),
      (10, -20, .impossibleSequence),
      (90, -10, .counted),
    ] {
      let events = [Deeds.event(.impression, at: impression), Deeds.event(.click, at: click)]
      #expect(Deeds.judge(events)[1] == reason, "\(impression) \(click)")
    }
  }

  @Test("Another viewer's impression, or another version's, is no cause")
  func strangers() {
    let click = Deeds.event(.click, at: 30)
    #expect(Deeds.judge([Deeds.event(.impression, at: 0, viewer: 2), click])[1] == .counted)
    #expect(Deeds.judge([Deeds.event(.impression, at: 0, variant: UUID()), click])[1] == .counted)
  }

  @Test("A click is held against impressions of earlier requests, and not against those of later ones")
  func requests() {
    let rules = TrafficRules(TrafficPolicy())
    let (impression, click) = (Deeds.event(.impression, at: 0), Deeds.event(.click, at: 30))
    #expect(Deeds.judge(rules, [impression]) == [.counted])
    #expect(Deeds.judge(rules, [click]) == [.impossibleSequence])
    let others = TrafficRules(TrafficPolicy())
    #expect(Deeds.judge(others, [click]) == [.counted])
    #expect(Deeds.judge(others, [impression]) == [.counted])
    #expect(Deeds.judge(others, [click]) == [.impossibleSequence])
  }

  @Test("In any order within a request, the same events are impossible and as many are in excess")
  func order() {
    var events: [Event] = []
    for viewer in 0..<40 {
      let shown = Int64(viewer) * 1000
      events.append(Deeds.event(.impression, at: shown, viewer: viewer))
      events.append(Deeds.event(.click, at: shown + (viewer % 3 == 0 ? 40 : 4000), viewer: viewer))
      for hide in 0..<(viewer % 7) {
        events.append(Deeds.event(.hide, at: shown + 10_000 + Int64(hide), viewer: viewer))
      }
    }
    func outcome(_ events: [Event]) -> (impossible: Set<EventID>, excess: Int) {
      let verdicts = Deeds.judge(events, caps: [.hide: 3])
      return (
        Set(zip(events, verdicts).filter { $1 == .impossibleSequence }.map(\.0.id)),
        verdicts.count { $0 == .excess }
      )
    }
    let first = outcome(events)
    #expect(first.impossible.count == 14 && first.excess == 5 * 3 + 5 * 2 + 6 * 1)
    var random = SeededGenerator(seed: 3)
    for _ in 0..<50 {
      let next = outcome(events.shuffled(using: &random))
      #expect(next.impossible == first.impossible && next.excess == first.excess)
    }
  }

  @Test("Up to the cap an hour's events count, the next is in excess, and the next hour starts anew")
  func cap() {
    let impressions = (0..<61).map { Deeds.event(.impression, at: Int64($0) * 1000) }
    let verdicts = Deeds.judge(impressions, caps: [.impression: 60])
    #expect(verdicts.dropLast().allSatisfy { $0 == .counted } && verdicts.last == .excess)
    let rules = TrafficRules(TrafficPolicy(capsPerHour: [.impression: 2]))
    #expect(Deeds.judge(rules, Array(impressions.prefix(3))) == [.counted, .counted, .excess])
    #expect(Deeds.judge(rules, [Deeds.event(.impression, at: 3_600_000)]) == [.counted])
    #expect(Deeds.judge(rules, [Deeds.event(.viewable, at: 4000)]) == [.counted])
  }

  @Test("An event that is sent again does not count towards the cap, nor is it in excess itself")
  func resent() {
    let rules = TrafficRules(TrafficPolicy(capsPerHour: [.impression: 16]))
    let events = (0..<16).map { Deeds.event(.impression, at: Int64($0) * 1000) }
    for _ in 0..<5 { #expect(Deeds.judge(rules, events).allSatisfy { $0 == .counted }) }
    let twice = [events[3], events[3], Deeds.event(.impression, at: 99_000)]
    #expect(Deeds.judge(rules, twice) == [.counted, .counted, .excess])
  }

  @Test("Counts stay right beyond what a byte holds, but for the few events whose fingerprints meet")
  func saturation() {
    let rules = TrafficRules(TrafficPolicy(capsPerHour: [.interaction: 250, .impression: 250]))
    let events = (0..<2000).map { Deeds.event($0 % 2 == 0 ? .interaction : .impression, at: Int64($0)) }
    #expect((1495...1500).contains(Deeds.judge(rules, events).count { $0 == .excess }))
  }

  @Test("What a rule of the request filtered is not looked at again, and is no cause")
  func filteredBefore() {
    var impression = Deeds.event(.impression, at: 0)
    impression.traffic = .declaredBot
    #expect(Deeds.judge([impression, Deeds.event(.click, at: 30)]) == [.declaredBot, .counted])
  }

  @Test("Rules that are turned off filter nothing")
  func off() {
    let rules = TrafficRules(
      TrafficPolicy(minimumClickDelayMs: 0, minimumConversionDelayMs: 0, minimumCompleteDelayMs: 0))
    let events = [
      Deeds.event(.impression, at: 0), Deeds.event(.click, at: 1), Deeds.event(.conversion, at: 2),
      Deeds.event(.start, at: 3), Deeds.event(.complete, at: 4),
    ]
    #expect(Deeds.judge(rules, events).allSatisfy { $0 == .counted })
  }
}
