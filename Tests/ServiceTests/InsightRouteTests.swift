import Campaigns
import Foundation
import Postgres
import TestKit
import Testing

@testable import Service

@Suite struct InsightRouteTests {
  private static let variant = "019a0000-0000-7000-8000-000000000001"

  private func row(_ extra: String = "", day: String = "2026-11-02", variant: String = Self.variant) -> String
  {
    """
    {"variant_id":"\(variant)","source":"google_ads","day":"\(day)","breakdown":{"device":"mobile","age":"25-34"},\
    "impressions":1200,"clicks":31,"conversions":2.5,"spend":12.345678,"currency":"EUR"\(extra)}
    """
  }

  private func counts(_ answer: RunningService.Answer) throws -> [String: Int] {
    try answer.json()["counts"] as? [String: Int] ?? [:]
  }

  @Test func rowsAreTakenOnceCorrectedAndTheirHistoryIsTold() async throws {
    try await RunningService.with { service in
      try await service.addCampaign(variant: Self.variant)
      let (key, reading) = (try await service.key([.ingest]), try await service.key([.read]))
      let first = try await service.post("/v1/insights", key: key, "[\(row()),\(row(day: "2026-11-03"))]")
      #expect(first.status == 200, "\(first.text)")
      #expect(try first.json()["success"] as? Bool == true)
      #expect(try counts(first) == ["received": 2, "new": 2, "changed": 0, "same": 0, "rejected": 0])
      let again = try await service.post("/v1/insights", key: key, "[\(row())]")
      #expect(try counts(again) == ["received": 1, "new": 0, "changed": 0, "same": 1, "rejected": 0])
      service.clock.advance(bySeconds: 60)
      let corrected = row().replacing("\"clicks\":31", with: "\"clicks\":35")
      let changed = try await service.post("/v1/insights", key: key, "[\(corrected)]")
      #expect(try counts(changed) == ["received": 1, "new": 0, "changed": 1, "same": 0, "rejected": 0])

      let path = "/v1/campaigns/spring/insights"
      let list = try await service.send("GET", path + "?limit=1", key: reading)
      let item = try #require((try list.json()["items"] as? [[String: Any]])?.first)
      #expect(item["clicks"] as? Int == 35 && item["conversions"] as? Double == 2.5)
      #expect(item["spend_micros"] as? Int == 12_345_678 && item["day"] as? String == "2026-11-02")
      #expect(item["breakdown"] as? String == "age=25-34, device=mobile" && item["revisions"] as? Int == 1)
      let next = try #require(try list.json()["next"] as? String)
      let rest = try await service.send("GET", path + "?limit=1&after=\(next)", key: reading)
      #expect((try rest.json()["items"] as? [[String: Any]])?.first?["day"] as? String == "2026-11-03")
      #expect(try rest.json()["next"] == nil)
      let filtered = try await service.send("GET", path + "?from=2026-11-03", key: reading)
      #expect((try filtered.json()["items"] as? [Any])?.count == 1)
      let history = try await service.send("GET", path + "/history", key: reading)
      let old = try #require((try history.json()["items"] as? [[String: Any]])?.first)
      #expect(old["clicks"] as? Int == 31 && old["superseded_by"] != nil)
      let imports = try await service.send("GET", path + "/imports", key: reading)
      let brought = try #require(try imports.json()["items"] as? [[String: Any]])
      #expect(brought.count == 3 && brought.allSatisfy { $0["imported_by"] as? String == "key test key" })
    }
  }

  @Test func aBadRowIsToldByIndexAndTheOthersAreTaken() async throws {
    try await RunningService.with { service in
      try await service.addCampaign(variant: Self.variant)
      let stranger = try await service.addWorkspace("stranger")
      let foreign = "019a0000-0000-7000-8000-000000000002"
      try await service.addCampaign(variant: foreign, workspace: stranger)
      let key = try await service.key([.ingest])
      _ = try await service.post("/v1/insights", key: key, "[\(row())]")
      let rows = [
        row(day: "2026-11-05"), row(day: "2026-11-31"), row(variant: foreign),
        row(",\"until\":\"2026-11-04\""),
        row(day: "2026-11-06").replacing("EUR", with: "USD"), row(day: "2026-11-05"),
        "{\"day\":\"2026-11-02\"}", "7",
        row(day: "2026-11-07").replacing("\"clicks\":31", with: "\"clicks\":-1"),
      ]
      let answer = try await service.post("/v1/insights", key: key, "[\(rows.joined(separator: ","))]")
      #expect(answer.status == 200, "\(answer.text)")
      #expect(try counts(answer) == ["received": 9, "new": 1, "changed": 0, "same": 0, "rejected": 8])
      let rejected = try #require(try answer.json()["rejected"] as? [[String: Any]])
      #expect(rejected.map { $0["index"] as? Int } == Array(1...8))
      #expect(
        rejected.map { $0["code"] as? String } == [
          "invalid_day", "unknown_variant", "overlapping_days", "foreign_currency", "duplicate_row",
          "malformed",
          "malformed", "invalid_value",
        ])
      #expect((rejected[5]["message"] as? String)?.contains("variant") == true, "\(rejected[5])")
      let stored = try await service.database.first("SELECT count(*) FROM insight", as: Int.self)
      #expect(stored == 2)
    }
  }

  @Test func whatIsNoArrayOfRowsIsRefusedAndNeedsTheRightKey() async throws {
    try await RunningService.with { service in
      let (key, reading) = (try await service.key([.ingest]), try await service.key([.read]))
      #expect(try await service.post("/v1/insights", key: key, "{}").status == 400)
      #expect(try await service.post("/v1/insights", key: key, "[{").status == 400)
      #expect(try await service.post("/v1/insights", key: reading, "[]").status == 403)
      let empty = try await service.post("/v1/insights", key: key, "[]")
      #expect(try counts(empty)["received"] == 0)
      try await service.addCampaign(variant: Self.variant)
      for query in ["after=x", "from=soon", "variant=1", "limit=0"] {
        let answer = try await service.send("GET", "/v1/campaigns/spring/insights?\(query)", key: reading)
        #expect(answer.status == 400, "\(query): \(answer.text)")
      }
    }
  }
}
