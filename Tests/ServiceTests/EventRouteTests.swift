import Campaigns
import Foundation
import Postgres
import TestKit
import Testing

@testable import Service

@Suite struct EventRouteTests {
  private static let variant = "019a0000-0000-7000-8000-000000000001"

  private func event(_ id: String, at time: String = "2026-11-16T10:00:00Z", type: String = "click") -> String
  {
    let fields = [
      "type": type, "variant_id": Self.variant, "viewer_id": "v", "message_id": id, "timestamp": time,
    ]
    return "{" + fields.map { "\"\($0.key)\":\"\($0.value)\"" }.joined(separator: ",") + "}"
  }

  private func withVariant<R: Sendable>(
    limits: Backend.Limits = .init(), _ body: @Sendable (RunningService, String) async throws -> R
  ) async throws -> R {
    try await RunningService.with(limits: limits) { service in
      try await service.addCampaign(variant: Self.variant)
      return try await body(service, try await service.key([.ingest]))
    }
  }

  @Test func aStoredEventIsCountedAndASecondSendingIsADuplicate() async throws {
    try await withVariant { service, key in
      let first = try await service.post("/v1/events", key: key, "[\(event("a")), \(event("b"))]")
      #expect(first.status == 200)
      #expect(try first.json()["success"] as? Bool == true)
      let counts = try first.json()["counts"] as? [String: Int]
      #expect(counts?["stored"] == 2)
      let again = try await service.post("/v1/events", key: key, "[\(event("a"))]")
      #expect((try again.json()["counts"] as? [String: Int])?["duplicate"] == 1)
      let stored = try await service.database.first("SELECT count(*) FROM events", as: Int.self)
      #expect(stored == 2)
    }
  }

  @Test func aBadEventIsListedWithItsReasonAndTheOthersAreStored() async throws {
    try await withVariant { service, key in
      let old = event("old", at: "1970-01-01T00:00:00Z")
      let answer = try await service.post(
        "/v1/events", key: key, "\(event("a"))\n\(old)\n{\"type\":\"click\"}\n")
      #expect(answer.status == 200)
      let counts = try answer.json()["counts"] as? [String: Int]
      #expect(counts == ["received": 3, "stored": 1, "duplicate": 0, "quarantined": 1, "rejected": 1])
      let rejected = try answer.json()["rejected"] as? [[String: Any]]
      #expect(rejected?.map { $0["code"] as? String } == ["timestamp_out_of_range", "missing_field"])
      #expect(rejected?.map { $0["quarantined"] as? Bool } == [true, false])
    }
  }

  @Test func aGzippedBodyIsReadAndOneThatInflatesPastTheLimitIsRefused() async throws {
    let limits = Backend.Limits(maxBodyBytes: 100_000, maxInflatedBytes: 10_000)
    try await withVariant(limits: limits) { service, key in
      let good = try Gzip.compress("[\(event("a"))]")
      let answer = try await service.send(
        "POST", "/v1/events", key: key, headers: ["Content-Encoding": "gzip"], body: good)
      #expect(answer.status == 200)
      let bomb = try Gzip.compress(String(repeating: " ", count: 1_000_000))
      #expect(bomb.count < 10_000)
      let refused = try await service.send(
        "POST", "/v1/events", key: key, headers: ["Content-Encoding": "gzip"], body: bomb)
      #expect(refused.status == 413)
      #expect(try refused.json()["code"] as? String == "body_too_large")
      let cut = try await service.send(
        "POST", "/v1/events", key: key, headers: ["Content-Encoding": "gzip"], body: good.dropLast(9))
      #expect(try cut.json()["code"] as? String == "body_truncated")
    }
  }

  @Test func aBodyOverTheLimitIsRefusedWithAProblemDocument() async throws {
    try await withVariant(limits: .init(maxBodyBytes: 2_000)) { service, key in
      let answer = try await service.post(
        "/v1/events", key: key, "[" + String(repeating: " ", count: 3_000) + "]")
      #expect(answer.status == 413)
      #expect(answer.headers["content-type"] == "application/problem+json")
      let problem = try answer.json()
      #expect(problem["code"] as? String == "body_too_large")
      #expect((problem["message"] as? String)?.contains("2000") == true)
      #expect(problem["status"] as? Int == 413)
    }
  }

  @Test func aBodyThatIsNotEventsSaysAtWhichByte() async throws {
    try await withVariant { service, key in
      let answer = try await service.post("/v1/events", key: key, "[{\"type\": ]")
      #expect(answer.status == 400)
      #expect(try answer.json()["code"] as? String == "malformed_json")
      #expect((try answer.json()["detail"] as? String)?.contains("byte") == true)
    }
  }

  @Test func eventsAnsweredBeforeAShutdownAreStoredAndFolded() async throws {
    try await withVariant { service, key in
      let stored = try await withThrowingTaskGroup(of: Int.self) { group in
        for sender in 0..<8 {
          group.addTask {
            var acknowledged = 0
            for number in 0..<40 {
              do {
                let answer = try await service.post(
                  "/v1/events", key: key, "[\(event("\(sender)-\(number)", type: "impression"))]")
                guard answer.status == 200 else { break }
                acknowledged += 1
              } catch {
                break  // The connection is refused once the service has stopped.
              }
              if sender == 0, number == 10 { await service.shutDown() }
            }
            return acknowledged
          }
        }
        return try await group.reduce(0, +)
      }
      #expect(stored >= 11)
      let row = try await service.database.first(
        "SELECT count(*), count(DISTINCT event_id) FROM events", as: (Int.self, Int.self))
      #expect(row?.0 == row?.1)
      #expect((row?.0 ?? 0) >= stored)
    }
  }
}
