import Foundation
import Synchronization
import Testing

@testable import Simulation

@Suite("Traffic")
struct TrafficTests {
  private func batches(days: Int = 1, size: Int = 500) throws -> [TrafficBatch] {
    let truth = try Fixtures.truth()
    let simulators = ["steady", "worn", "shifted"].compactMap {
      AudienceSimulator(
        truth: truth, segment: $0, experiments: [Fixtures.experiment($0)], placements: ["a.feed"])
    }
    let end = Fixtures.monday.addingTimeInterval(Double(days) * 86_400)
    return Array(
      TrafficBatches(simulators: simulators, truth: truth, hours: Fixtures.monday..<end, eventsPerBatch: size)
    )
  }

  @Test("Bodies are JSON arrays that hold what they are expected to hold")
  func bodies() throws {
    var ids: Set<String> = []
    var total = ExpectedCounts()
    for batch in try batches() {
      let events = try #require(JSONSerialization.jsonObject(with: Data(batch.body)) as? [[String: Any]])
      #expect(events.count == batch.expected.sent)
      #expect(events.count { $0["type"] == nil } == batch.expected.rejected)
      var repeated = 0
      for event in events where event["type"] != nil {
        let isSound =
          (event["timestamp"] as? Int).map { $0 > 1_700_000_000_000 && $0 < 1_900_000_000_000 } ?? false
        if isSound, !ids.insert(event["message_id"] as? String ?? "").inserted { repeated += 1 }
      }
      #expect(repeated == batch.expected.duplicate)
      total += batch.expected
    }
    let share = Double(total.duplicate) / Double(total.stored)
    #expect(abs(share - 0.02) < 0.002)
    #expect(total.quarantined > 0 && total.rejected > 0)
    #expect(total.stored == ids.count)
  }

  /// Answers as a service that stores everything new, after failing as scripted.
  private final class FakeService: Transport {
    private let state = Mutex<(calls: Int, bodies: [[UInt8]], failures: [TransportReply?])>((0, [], []))

    init(failures: [TransportReply?] = []) { state.withLock { $0.failures = failures } }

    var calls: Int { state.withLock { $0.calls } }
    var bodies: [[UInt8]] { state.withLock { $0.bodies } }

    struct Lost: Error {}

    func get(_ path: String) async throws -> TransportReply { TransportReply(status: 404, body: Data()) }

    func post(_ path: String, body: [UInt8]) async throws -> TransportReply {
      let failure: TransportReply?? = state.withLock { state in
        state.calls += 1
        state.bodies.append(body)
        return state.failures.isEmpty ? .none : .some(state.failures.removeFirst())
      }
      if let failure {
        guard let reply = failure else { throw Lost() }
        return reply
      }
      let events = try JSONSerialization.jsonObject(with: Data(body)) as? [Any]
      let counts =
        "{\"counts\":{\"stored\":\(events?.count ?? 0),\"duplicate\":0,\"quarantined\":0,\"rejected\":0}}"
      return TransportReply(status: 200, body: Data(counts.utf8))
    }
  }

  /// Never waits, and notes for how long it should have.
  private final class ImpatientClock: Clock {
    struct Instant: InstantProtocol {
      var offset: Duration
      func advanced(by duration: Duration) -> Instant { Instant(offset: offset + duration) }
      func duration(to other: Instant) -> Duration { other.offset - offset }
      static func < (left: Instant, right: Instant) -> Bool { left.offset < right.offset }
    }
    private let time = Mutex(Duration.zero)
    var now: Instant { Instant(offset: time.withLock { $0 }) }
    var minimumResolution: Duration { .zero }
    func sleep(until deadline: Instant, tolerance: Duration?) async throws {
      time.withLock { $0 = max($0, deadline.offset) }
    }
  }

  @Test("Everything is sent once and reported, over several connections")
  func sends() async throws {
    let service = FakeService()
    let batches = try batches()
    var reports: [TrafficReport] = []
    let report = try await TrafficSender(transport: service, connections: 3).send(batches) {
      reports.append($0)
    }
    #expect(report.sent == batches.reduce(0) { $0 + $1.expected.sent })
    #expect(report.acknowledged == report.sent)
    #expect(report.requests == batches.count && report.retries == 0)
    #expect(reports.count == batches.count && reports.last == report)
    #expect(Set(service.bodies) == Set(batches.map(\.body)))
  }

  @Test("A lost answer and a service that is busy are met with the same bytes again")
  func retries() async throws {
    let service = FakeService(failures: [
      nil, TransportReply(status: 503, body: Data(), retryAfterSeconds: 30),
      TransportReply(status: 500, body: Data()),
    ])
    let clock = ImpatientClock()
    let batch = try batches()[0]
    let report = try await TrafficSender(transport: service, connections: 1, clock: clock).send([batch])
    #expect(report.retries == 3 && report.requests == 1 && report.sent == batch.expected.sent)
    #expect(Set(service.bodies).count == 1)
    #expect(clock.now.offset > .seconds(30))
  }

  @Test("A refusal ends sending at once, an endless outage after so many attempts")
  func gives() async throws {
    let batch = try batches()[0]
    let refusing = FakeService(failures: [TransportReply(status: 403, body: Data("no".utf8))])
    await #expect(throws: SimulationError.refused(status: 403, body: "no")) {
      try await TrafficSender(transport: refusing, clock: ImpatientClock()).send([batch])
    }
    #expect(refusing.calls == 1)
    let away = FakeService(failures: [TransportReply?](repeating: nil, count: 50))
    await #expect(throws: SimulationError.self) {
      try await TrafficSender(transport: away, attempts: 5, clock: ImpatientClock()).send([batch])
    }
    #expect(away.calls == 5)
  }

  @Test("Experiments are read as the API writes them")
  func experiments() throws {
    let json = """
      [{"id":"00000000-0000-7000-8000-000000000060","segment":"steady","round":1,
        "started_at":"2026-10-26T00:00:00Z","ended_at":null,
        "epochs":[{"number":1,"starts_at":"2026-10-26T00:00:00.000Z","shares":[
          {"variant_id":"00000000-0000-7000-8000-000000000010","name":"A","share":0.5}]}],
        "variants":[{"id":"00000000-0000-7000-8000-000000000010","name":"A","generation":1,
          "activated_at":"2026-10-26T00:00:00.000Z"}]}]
      """
    let views = try ServiceClient.decoder.decode([ExperimentView].self, from: Data(json.utf8))
    #expect(views.first?.epochs.first?.shares.first?.variantId == Fixtures.id(0))
    #expect(
      views.first?.startedAt == Fixtures.monday && views.first?.variants.first?.activatedAt == Fixtures.monday
    )
  }
}
