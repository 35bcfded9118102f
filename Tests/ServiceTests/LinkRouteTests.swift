import Campaigns
import Foundation
import HTTPTypes
import Postgres
import TestKit
import Testing

@testable import Service

@Suite struct LinkRouteTests {
  private static let variant = "019a0000-0000-7000-8000-000000000001"

  private func withVariant<R: Sendable>(
    rateLimit: EventRateLimit? = nil, _ body: @Sendable (RunningService, String) async throws -> R
  ) async throws -> R {
    try await RunningService.with(rateLimit: rateLimit) { service in
      try await service.addCampaign(variant: Self.variant)
      return try await body(service, try await service.key([.admin]))
    }
  }

  private func issue(
    _ service: RunningService, _ key: String, _ more: String = ""
  ) async throws -> [[String: Any]] {
    let answer = try await service.post(
      "/v1/campaigns/spring/links", key: key, "{\"variant_id\":\"\(Self.variant)\"\(more)}")
    #expect(answer.status == 200, "\(answer.text)")
    return try answer.json()["items"] as? [[String: Any]] ?? []
  }

  private func token(_ service: RunningService, _ key: String, _ more: String = "") async throws -> String {
    try #require(try await issue(service, key, more).first?["token"] as? String)
  }

  private func stored(_ service: RunningService) async throws -> [String] {
    try await service.database.rows(
      "SELECT kind::text || ':' || source::text FROM events ORDER BY kind, source", as: String.self)
  }

  @Test func aBeaconCountsOnceHoweverOftenThePageIsLoaded() async throws {
    try await withVariant { service, key in
      let token = try await token(service, key, ",\"placement\":\"tiktok.infeed\"")
      let first = try await service.send("GET", "/b/\(token).gif?v=viewer")
      #expect(first.status == 200)
      #expect(first.headers["content-type"] == "image/gif")
      #expect(first.headers["cache-control"] == "no-store")
      #expect(first.headers["retake-outcome"] == "stored")
      #expect(first.body.starts(with: Data("GIF89a".utf8)))
      let again = try await service.send("GET", "/b/\(token)?v=viewer")
      #expect(again.status == 204)
      #expect(again.headers["retake-outcome"] == "duplicate")
      let start = try await service.send("GET", "/b/\(token)?k=start&v=viewer")
      #expect(start.headers["retake-outcome"] == "stored")
      #expect(try await stored(service) == ["1:5", "3:5"])
      let viewers = try await service.database.first(
        "SELECT count(DISTINCT viewer_id) FROM events", as: Int.self)
      #expect(viewers == 1)
    }
  }

  @Test func aReusableLinkCountsEveryCall() async throws {
    try await withVariant { service, key in
      let token = try await token(service, key, ",\"reusable\":true")
      for number in 0..<3 { _ = try await service.send("GET", "/b/\(token).gif?n=\(number)") }
      let twin = try await service.send("GET", "/b/\(token).gif?n=2")
      #expect(twin.headers["retake-outcome"] == "duplicate", "the same number in the same millisecond")
      #expect(try await stored(service).count == 3)
      let names = try await service.database.first(
        "SELECT count(DISTINCT viewer_id) FROM events", as: Int.self)
      #expect(names == 1, "one address and user agent are one viewer within a day")
    }
  }

  @Test func tokensThatAreForgedCutOrExpiredAreRefusedAndNothingIsStored() async throws {
    try await withVariant { service, key in
      let token = try await token(service, key)
      let flipped = String(token.dropLast()) + (token.hasSuffix("A") ? "Q" : "A")
      for (path, status) in [
        ("/b/nonsense", 404), ("/b/nonsense.gif", 404), ("/b/\(token.dropLast(4))", 404),
        ("/b/\(flipped)", 403),
        ("/c/nonsense", 404), ("/c/\(token)", 404), ("/b/\(token)?k=conversion", 400),
        ("/b/\(token)?k=zap", 400),
      ] {
        let answer = try await service.send("GET", path)
        #expect(answer.status == status, "\(path)")
        #expect(answer.headers["content-type"] == "application/problem+json", "\(path)")
      }
      service.clock.advance(bySeconds: 91 * 86_400)
      let expired = try await service.send("GET", "/b/\(token)")
      #expect(try expired.json()["code"] as? String == "link_expired")
      #expect(try await stored(service).isEmpty)
    }
  }

  @Test func aClickLeadsToItsRegisteredTargetWhateverTheAddressAdds() async throws {
    try await withVariant { service, key in
      let url = "https://shop.example.org/a?b=c#d"
      for status in [201, 200] {
        let answer = try await service.send(
          "PUT", "/v1/campaigns/spring/targets", key: key, body: Data("{\"url\":\"\(url)\"}".utf8))
        #expect(answer.status == status, "\(answer.text)")
      }
      let token = try await token(service, key, ",\"target\":\"\(url)\"")
      for query in ["", "?url=https://evil.example", "?target=//evil.example&to=x&next=https://evil.example"]
      {
        let answer = try await service.send("GET", "/c/\(token)\(query)")
        #expect(answer.status == 302)
        #expect(answer.headers["location"] == url)
        #expect(answer.headers["cache-control"] == "no-store")
      }
      #expect(try await stored(service) == ["8:6"])
      for path in ["/c/\(token)/https://evil.example", "/c//evil.example", "/c/https:%2F%2Fevil.example"] {
        let answer = try await service.send("GET", path)
        #expect(answer.status == 404, "\(path)")
        #expect(answer.headers["location"] == nil)
      }
    }
  }

  @Test func aTargetMustBeRegisteredHttpsAndOfTheSameCampaign() async throws {
    try await withVariant { service, key in
      for url in ["http://example.org", "javascript:alert(1)", "https://user@example.org/", "//example.org"] {
        let answer = try await service.send(
          "PUT", "/v1/campaigns/spring/targets", key: key, body: Data("{\"url\":\"\(url)\"}".utf8))
        #expect(answer.status == 422, "\(url)")
      }
      let unknown = try await service.post(
        "/v1/campaigns/spring/links", key: key,
        "{\"variant_id\":\"\(Self.variant)\",\"target\":\"https://evil.example\"}")
      #expect(try unknown.json()["code"] as? String == "unknown_target")
      let ingest = try await service.key([.ingest])
      let refused = try await service.send(
        "PUT", "/v1/campaigns/spring/targets", key: ingest,
        body: Data("{\"url\":\"https://example.org\"}".utf8))
      #expect(refused.status == 403)
    }
  }

  @Test func aRemovedTargetLeadsNowhereAndIsNotListed() async throws {
    try await withVariant { service, key in
      let made = try await service.send(
        "PUT", "/v1/campaigns/spring/targets", key: key, body: Data("{\"url\":\"https://example.org\"}".utf8))
      let id = try #require(try made.json()["id"] as? String)
      let token = try await token(service, key, ",\"target\":\"\(id)\"")
      let gone = try await service.send("DELETE", "/v1/campaigns/spring/targets/\(id)", key: key)
      #expect(gone.status == 204)
      #expect(try await service.send("GET", "/c/\(token)").status == 404)
      let list = try await service.send("GET", "/v1/campaigns/spring/targets", key: key)
      #expect(try (list.json()["items"] as? [Any])?.isEmpty == true)
    }
  }

  @Test func aClickThatCannotBeStoredStillArrivesAndIsCountedAsLost() async throws {
    try await withVariant(rateLimit: EventRateLimit(eventsPerSecond: 1)) { service, key in
      _ = try await service.send(
        "PUT", "/v1/campaigns/spring/targets", key: key, body: Data("{\"url\":\"https://example.org\"}".utf8))
      let token = try await token(service, key, ",\"target\":\"https://example.org\"")
      _ = try await service.send("GET", "/b/\(token)")
      let answer = try await service.send("GET", "/c/\(token)")
      #expect(answer.status == 302)
      #expect(answer.headers["location"] == "https://example.org")
      #expect(service.backend.linkCounters.lostClicks == ["rate_limited": 1])
      let beacon = try await service.send("GET", "/b/\(token).gif")
      #expect(beacon.status == 429)
      #expect(beacon.headers["retry-after"] != nil)
    }
  }

  @Test func aLinkOfAnotherWorkspacesVariantCannotBeIssued() async throws {
    try await withVariant { service, _ in
      let other = try await service.addWorkspace("other")
      let stranger = try await service.key([.admin], workspace: other)
      let answer = try await service.post(
        "/v1/campaigns/spring/links", key: stranger, "{\"variant_id\":\"\(Self.variant)\"}")
      #expect(answer.status == 404)
    }
  }

  @Test func headersSayWhetherARequestWasMadeAheadOfNeedAndWhoseItIs() throws {
    func headers(_ name: String, _ value: String) throws -> HTTPFields {
      [try #require(HTTPField.Name(name)): value]
    }
    #expect(try ClientHeaders.isPrefetch(headers("Sec-Purpose", "prefetch;prerender")))
    #expect(try ClientHeaders.isPrefetch(headers("X-Moz", "prefetch")))
    #expect(try !ClientHeaders.isPrefetch(headers("Purpose", "navigation")))
    for (address, isOurs) in [
      ("127.0.0.1", true), ("10.1.2.3", true), ("172.31.0.1", true), ("172.32.0.1", false),
      ("8.8.8.8", false),
      ("::1", true), ("::ffff:192.168.0.9", true), ("fd00::1", true), ("2001:db8::1", false),
    ] {
      #expect(ClientHeaders.isOurs(address) == isOurs, "\(address)")
    }
  }
}
