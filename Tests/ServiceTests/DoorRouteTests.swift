import Campaigns
import Foundation
import Postgres
import TestKit
import Testing

@testable import Service

@Suite struct DoorRouteTests {
  private static let variant = "019a0000-0000-7000-8000-000000000001"

  private static func track(_ id: String, event: String = "Promotion Viewed") -> String {
    """
    {"type":"track","event":"\(event)","anonymousId":"a","messageId":"\(id)",
     "timestamp":"2026-11-16T10:00:00Z","properties":{"variant_id":"\(variant)"}}
    """
  }

  private static func capture(_ id: String, key: String? = nil) -> String {
    """
    {\(key.map { "\"api_key\":\"\($0)\"," } ?? "")"event":"ad_clicked","distinct_id":"d","uuid":"\(id)",
     "timestamp":"2026-11-16T10:00:00Z","properties":{"variant_id":"\(variant)"}}
    """
  }

  private func withVariant<R: Sendable>(
    rateLimit: EventRateLimit? = nil, _ body: @Sendable (RunningService, String) async throws -> R
  ) async throws -> R {
    try await RunningService.with(rateLimit: rateLimit) { service in
      try await service.addCampaign(variant: Self.variant)
      return try await body(service, try await service.key([.ingest]))
    }
  }

  private func counts(_ answer: RunningService.Answer) throws -> [String: Int] {
    #expect(answer.status == 200, "\(answer.text)")
    #expect(try answer.json()["status"] as? Int == 1)
    #expect(try answer.json()["success"] as? Bool == true)
    return try answer.json()["counts"] as? [String: Int] ?? [:]
  }

  @Test(arguments: ["", "/"])
  func everyPathOfSegmentsProtocolTakesEventsWithTheKeyAsUserOrBearer(slash: String) async throws {
    try await withVariant { service, key in
      let basic = "Basic " + Data("\(key):".utf8).base64EncodedString()
      for (number, path) in ["batch", "track", "page", "screen", "identify", "group", "alias", "import"]
        .enumerated()
      {
        let body = path == "batch" ? "{\"batch\":[\(Self.track("\(number)"))]}" : Self.track("\(number)")
        let answer = try await service.send(
          "POST", "/v1/\(path)\(slash)", headers: ["Authorization": basic], body: Data(body.utf8))
        #expect(try counts(answer)["stored"] == 1, "\(path)")
        let again = try await service.post("/v1/\(path)\(slash)", key: key, body)
        #expect(try counts(again)["duplicate"] == 1, "\(path)")
      }
    }
  }

  @Test func aWriteKeyInTheBodyOpensTheDoorAndAWrongOneDoesNot() async throws {
    try await withVariant { service, key in
      let body = { (key: String) in "{\"batch\":[\(Self.track("1"))],\"writeKey\":\"\(key)\"}" }
      let answer1 = try await service.post("/v1/batch", key: nil, body(key))
      #expect(try counts(answer1)["stored"] == 1)
      let wrong = try await service.post("/v1/batch", key: nil, body("rtk_wrong"))
      #expect(wrong.status == 401)
      #expect(try wrong.json()["code"] as? String == "key_unknown")
      let none = try await service.post("/v1/batch", key: nil, "{\"batch\":[]}")
      #expect(try none.json()["code"] as? String == "key_missing")
      let reader = try await service.key([.read])
      let scope = try await service.post("/v1/batch", key: nil, body(reader))
      #expect(scope.status == 403)
      for field in ["code", "message", "detail"] { #expect(try scope.json()[field] as? String != nil) }
    }
  }

  @Test func oneBadCallInABatchCostsNoneOfTheOthers() async throws {
    try await withVariant { service, key in
      let old = Self.track("old").replacing("2026-11-16", with: "1970-01-01")
      let batch = [Self.track("1"), "5", old, "{\"type\":\"identify\",\"userId\":\"u\"}", Self.track("2")]
      let answer = try await service.post(
        "/v1/batch", key: key, "{\"batch\":[\(batch.joined(separator: ","))]}")
      #expect(
        try counts(answer) == ["received": 5, "stored": 2, "duplicate": 0, "quarantined": 1, "rejected": 2])
      let rejected = try answer.json()["rejected"] as? [[String: Any]] ?? []
      #expect(rejected.map { $0["index"] as? Int } == [1, 2, 3])
      #expect(
        rejected.map { $0["code"] as? String } == [
          "not_an_object", "timestamp_out_of_range", "not_engagement",
        ])
      let kept = try await service.database.first("SELECT count(*) FROM quarantine", as: Int.self)
      #expect(kept == 1)
    }
  }

  @Test func everyPathOfPostHogsProtocolTakesEventsWithTheKeyInTheBody() async throws {
    try await withVariant { service, key in
      for (number, path) in ["/batch", "/batch/", "/capture/", "/capture", "/e/", "/e", "/i/v0/e/"]
        .enumerated()
      {
        let single = Self.capture("\(number)-s", key: key)
        let answer2 = try await service.post(path, key: nil, single)
        #expect(try counts(answer2)["stored"] == 1, "\(path)")
        let batch = "{\"batch\":[\(Self.capture("\(number)-b"))],\"api_key\":\"\(key)\"}"
        let answer3 = try await service.post(path, key: nil, batch)
        #expect(try counts(answer3)["stored"] == 1, "\(path)")
      }
      let list =
        "[" + Self.capture("list").replacing("\"variant_id\"", with: "\"token\":\"\(key)\",\"variant_id\"")
        + "]"
      let answer4 = try await service.post("/e/", key: nil, list)
      #expect(try counts(answer4)["stored"] == 1)
    }
  }

  @Test func postHogsCompressedBodiesAndFormsAreRead() async throws {
    try await withVariant { service, key in
      let header = try await service.send(
        "POST", "/batch/", headers: ["Content-Encoding": "gzip"],
        body: try Gzip.compress(Self.capture("1", key: key)))
      #expect(try counts(header)["stored"] == 1)
      for (number, query) in ["gzip", "gzip-js"].enumerated() {
        let body = try Gzip.compress(Self.capture("q\(number)", key: key))
        let answer = try await service.send(
          "POST", "/e/?compression=\(query)&ver=1", headers: ["Content-Type": "text/plain"], body: body)
        #expect(try counts(answer)["stored"] == 1, "\(query)")
      }
      let base64 = Data(Self.capture("form", key: key).utf8).base64EncodedString()
        .replacing("+", with: "%2B").replacing("/", with: "%2F").replacing("=", with: "%3D")
      let form = ["Content-Type": "application/x-www-form-urlencoded"]
      let answer = try await service.send(
        "POST", "/e/?compression=base64", headers: form, body: Data("data=\(base64)".utf8))
      #expect(try counts(answer)["stored"] == 1)
      let bad = try await service.send("POST", "/e/", headers: form, body: Data("data=%zz".utf8))
      #expect(bad.status == 400)
    }
  }

  @Test func cloudEventsAreTakenInAllThreeModes() async throws {
    try await withVariant { service, key in
      let data = "{\"variant_id\":\"\(Self.variant)\",\"viewer_id\":\"v\"}"
      func event(_ id: String) -> String {
        "{\"specversion\":\"1.0\",\"id\":\"\(id)\",\"source\":\"/s\",\"type\":\"org.example.click\","
          + "\"time\":\"2026-11-16T10:00:00Z\",\"data\":\(data)}"
      }
      let path = { (number: Int) in number % 2 == 0 ? "/v1/events" : "/v1/cloudevents/" }
      for number in 0..<2 {
        let one = try await service.send(
          "POST", path(number), key: key,
          headers: ["Content-Type": "application/cloudevents+json; charset=utf-8"],
          body: Data(event("one\(number)").utf8))
        #expect(try counts(one)["stored"] == 1)
        let batch = try await service.send(
          "POST", path(number), key: key, headers: ["Content-Type": "application/cloudevents-batch+json"],
          body: Data("[\(event("a\(number)")),\(event("b\(number)"))]".utf8))
        #expect(try counts(batch)["stored"] == 2)
        // The same event as `one`, in the other mode.
        let binary = try await service.send(
          "POST", path(number), key: key,
          headers: [
            "Content-Type": "application/json", "ce-specversion": "1.0", "ce-id": "one\(number)",
            "ce-source": "/s", "ce-type": "org.example.click", "ce-time": "2026-11-16T10:00:00Z",
          ], body: Data(data.utf8))
        #expect(try counts(binary)["duplicate"] == 1)
      }
      let avro = try await service.send(
        "POST", "/v1/cloudevents", key: key, headers: ["Content-Type": "application/cloudevents+avro"],
        body: Data("x".utf8))
      #expect(avro.status == 415)
    }
  }

  @Test func aWorkspaceOverItsRateIsToldWhenToComeBackAndThenLetIn() async throws {
    try await withVariant(rateLimit: EventRateLimit(eventsPerSecond: 2)) { service, key in
      let batch = (0..<6).map { Self.track("\($0)") }.joined(separator: ",")
      let answer5 = try await service.post("/v1/batch", key: key, "[\(batch)]")
      #expect(try counts(answer5)["stored"] == 6)
      let refused = try await service.post("/v1/batch", key: key, "[\(Self.track("x"))]")
      #expect(refused.status == 429)
      #expect(refused.headers["retry-after"] == "3")
      for field in ["code", "message", "detail"] { #expect(try refused.json()[field] as? String != nil) }
      #expect(try refused.json()["code"] as? String == "rate_limited")
      service.clock.advance(bySeconds: 3)
      let answer6 = try await service.post("/v1/batch", key: key, "[\(Self.track("x"))]")
      #expect(try counts(answer6)["stored"] == 1)
    }
  }
}
