import Campaigns
import Foundation
import Postgres
import TestKit
import Testing

@testable import Service

@Suite("Devices by a request's headers")
struct DeviceRouteTests {
  private static let variant = "019a0000-0000-7000-8000-000000000001"
  private static let tablet = "Mozilla/5.0 (Android 13; Tablet; rv:131.0) Gecko/131.0 Firefox/131.0"

  private func event(_ id: String, _ extra: String = "") -> String {
    """
    {"type":"impression","variant_id":"\(Self.variant)","viewer_id":"v","message_id":"\(id)",\
    "timestamp":"2026-11-16T10:00:00Z"\(extra)}
    """
  }

  private func devices(_ service: RunningService) async throws -> [Int16] {
    try await service.database.rows("SELECT device FROM events ORDER BY device", as: Int16.self)
  }

  @Test(
    "A page's own request says it by its user agent; a server's says nothing, and what the event says goes first"
  )
  func bodies() async throws {
    try await RunningService.with { service in
      try await service.addCampaign(variant: Self.variant)
      let key = try await service.key([.ingest])
      let browser = ["Origin": "https://shop.example.org", "User-Agent": Self.tablet]
      for (number, headers) in [browser, ["User-Agent": Self.tablet]].enumerated() {
        let body = "[\(event("a\(number)")),\(event("b\(number)", ",\"device\":\"tv\""))]"
        let answer = try await service.send(
          "POST", "/v1/events", key: key, headers: headers, body: Data(body.utf8))
        #expect(answer.status == 200, "\(answer.text)")
      }
      #expect(try await devices(service) == [0, 2, 4, 4])
    }
  }

  @Test("A link's viewer is seen by the user agent, and by Sec-CH-UA-Mobile where that tells nothing")
  func links() async throws {
    try await RunningService.with { service in
      try await service.addCampaign(variant: Self.variant)
      let issued = try await service.post(
        "/v1/campaigns/spring/links", key: try await service.key([.admin]),
        "{\"variant_id\":\"\(Self.variant)\",\"reusable\":true}")
      let items = try issued.json()["items"] as? [[String: Any]]
      let token = try #require(items?.first?["token"] as? String)
      let headers = [
        ["User-Agent": Self.tablet], ["User-Agent": "Browser of tomorrow", "Sec-CH-UA-Mobile": "?1"],
        ["User-Agent": "Browser of tomorrow", "Sec-CH-UA-Mobile": "?0"],
        ["User-Agent": "Browser of tomorrow", "Sec-CH-UA-Mobile": "true"],
      ]
      for (number, headers) in headers.enumerated() {
        let answer = try await service.send(
          "GET", "/b/\(token).gif?v=\(number)&n=\(number)", headers: headers)
        #expect(answer.status == 200)
      }
      #expect(try await devices(service) == [0, 0, 1, 2])
    }
  }
}
