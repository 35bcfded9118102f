import Campaigns
import Cryptography
import Foundation
import Postgres
import TestKit

@testable import Ingestion

/// Events made for the folders' tests, stored through the writer as every event is.
extension Fixture {
  /// One event. Equal arguments give equal events: a duplicate.
  /// - Parameters:
  ///   - number: what tells it from others of the same moment.
  ///   - clockWasSetBack: days between the client's own time, which the id is made of, and when it truly occurred.
  func event(
    number: Int, variant: Int, viewer: Int, kind: EventKind = .impression, daysAgo: Double,
    traffic: TrafficReason = .counted, value: Int64? = nil, clockWasSetBack: Double = 0
  ) -> Event {
    let occurred = Int64((Self.now.timeIntervalSince1970 - daysAgo * 86_400) * 1000)
    let raw = occurred - Int64(clockWasSetBack * 86_400_000)
    let hash = SHA256.hash(Array("\(number)".utf8))
    return Event(
      id: EventID(UUID.version8(milliseconds: raw, hash: hash)), campaign: campaign,
      variant: Identifier(variants[variant]), viewer: Self.viewer(viewer), kind: kind, placement: 0,
      occurredAtMs: occurred, valueMicros: value, source: .native, traffic: traffic,
      device: DeviceType.allCases[number % DeviceType.allCases.count])
  }

  static func viewer(_ number: Int) -> UUID {
    UUID.version8(milliseconds: 0, hash: SHA256.hash(Array("viewer \(number)".utf8)))
  }

  /// Stores each list as one request, one after the other.
  @discardableResult
  func store(_ requests: [Event]...) async throws -> EventCounts { try await store(requests: requests) }

  @discardableResult
  func store(requests: [[Event]]) async throws -> EventCounts {
    try await withDoor { (_, writer) async throws in
      var counts = EventCounts()
      for events in requests {
        var batch = CheckedBatch(workspace: workspace, receivedAt: Self.now)
        batch.events = events
        counts += try await writer.submit(batch)
      }
      return counts
    }
  }

  /// Any event, from a small world so that viewers come again and events are sent twice.
  func anyEvent(over days: Double, using random: inout SeededGenerator) -> Event {
    let number = Int.random(in: 0..<1500, using: &random)
    // All that an event is follows from its number, or a duplicate would not be one.
    var own = SeededGenerator(seed: UInt64(number))
    return event(
      number: number, variant: Int.random(in: 0...1, using: &own),
      viewer: Int.random(in: 0..<60, using: &own),
      kind: EventKind.allCases[Int.random(in: 0..<13, using: &own)], daysAgo: own.uniform() * days,
      traffic: [.counted, .counted, .counted, .declaredBot, .excess][Int.random(in: 0..<5, using: &own)],
      value: Int.random(in: 0..<5, using: &own) == 0 ? Int64.random(in: 0...99_000_000, using: &own) : nil,
      clockWasSetBack: Int.random(in: 0..<12, using: &own) == 0 ? own.uniform() * 3 : 0)
  }
}
