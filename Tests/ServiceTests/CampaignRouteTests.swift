import Campaigns
import Foundation
import Jobs
import Postgres
import TestKit
import Testing

@testable import Service

@Suite struct CampaignRouteTests {
  private static let json = ["Content-Type": "application/json"]

  @Test func aFolderSentAsOneDocumentBecomesACampaignAndASecondTimeNothing() async throws {
    try await RunningService.with { service in
      let key = try await service.key([.admin])
      let body = try SampleFiles.upload()
      let created = try await service.send("POST", "/v1/campaigns", key: key, headers: Self.json, body: body)
      #expect(created.status == 201, "\(created.text)")
      let again = try await service.send("POST", "/v1/campaigns", key: key, headers: Self.json, body: body)
      #expect(again.status == 200)
      #expect(try again.json()["campaign_change"] as? String == "unchanged")
      let segments = try await service.send("GET", "/v1/campaigns/perlune-one-launch/segments", key: key)
      #expect((try segments.json()["items"] as? [Any])?.count == 3)
      let schedules = try await ScheduleStore(database: service.database).all()
      #expect(schedules.map(\.cron) == ["0 22 * * 0"])
    }
  }

  @Test func aMistakeInASentFileIsToldByLineAndNothingIsKept() async throws {
    try await RunningService.with { service in
      let key = try await service.key([.admin])
      let text = try SampleFiles.text("campaign.yaml").replacing("goal:", with: "gaol:")
      let body = try SampleFiles.upload(changing: ["campaign.yaml": text])
      let answer = try await service.send("POST", "/v1/campaigns", key: key, headers: Self.json, body: body)
      #expect(answer.status == 422)
      let detail = try #require(try answer.json()["detail"] as? String)
      #expect(detail.contains(#/^campaign\.yaml:\d+:\d+/#), "\(detail)")
      let count = try await service.database.first("SELECT count(*) FROM campaign", as: Int.self)
      #expect(count == 0)
    }
  }

  @Test func aPathThatLeavesTheFolderIsRefused() async throws {
    try await RunningService.with { service in
      let key = try await service.key([.admin])
      for name in ["../outside.yaml", "/etc/outside.yaml", "a//b", "./x"] {
        let answer = try await service.post("/v1/campaigns", key: key, "{\"files\": {\"\(name)\": \"x\"}}")
        #expect(answer.status == 400, "\(name): \(answer.text)")
      }
    }
  }

  @Test func segmentsAreMadeChangedAndRemoved() async throws {
    try await RunningService.with { service in
      try await service.addCampaign(variant: "019a0000-0000-7000-8000-000000000001")
      let key = try await service.key([.admin])
      let path = "/v1/campaigns/spring/segments"
      let rule = #"{"all": [{"attribute": "age", "between": [18, 24]}]}"#
      let made = try await service.post(
        path, key: key, #"{"key": "young", "name": "Young", "language": "en", "rule": \#(rule)}"#)
      #expect(made.status == 201, "\(made.text)")
      let twice = try await service.post(
        path, key: key, #"{"key": "young", "name": "Young", "language": "en", "rule": \#(rule)}"#)
      #expect(twice.status == 409)
      let changed = try await service.send(
        "PATCH", path + "/young", key: key, headers: Self.json, body: Data(#"{"name": "Younger"}"#.utf8))
      #expect(try changed.json()["name"] as? String == "Younger")
      let foreign = try await service.post(
        path, key: key, #"{"key": "x", "name": "X", "language": "ja", "rule": \#(rule)}"#)
      #expect(foreign.status == 400)
      #expect(try await service.send("DELETE", path + "/young", key: key).status == 204)
      #expect(try await service.send("GET", path + "/young", key: key).status == 404)
      #expect(try await service.send("DELETE", path + "/all", key: key).status == 422)
    }
  }

  @Test func launchingDesignsVersionsAndOrdersTheirFiles() async throws {
    try await RunningService.with { service in
      let key = try await service.key([.admin])
      _ = try await service.send(
        "POST", "/v1/campaigns", key: key, headers: Self.json, body: try SampleFiles.upload())
      let path = "/v1/campaigns/perlune-one-launch"
      let launched = try await service.post(path + "/launch", key: key, "")
      #expect(launched.status == 202, "\(launched.text)")
      #expect((try launched.json()["items"] as? [Any])?.count == 9)
      let jobs = try await service.send("GET", path + "/jobs", key: key)
      #expect((try jobs.json()["items"] as? [Any])?.count == 27)

      let levels = try #require(
        (try launched.json()["items"] as? [[String: Any]])?.first?["levels"] as? [String: String])
      let body = try JSONSerialization.data(
        withJSONObject: ["segment": "young-city-fr", "levels": levels.merging(["music": "none"]) { $1 }])
      let refused = try await service.send(
        "POST", path + "/variants", key: key, headers: Self.json, body: body)
      #expect(refused.status == 422)
      #expect((try refused.json()["detail"] as? String)?.contains("airy") == true)
    }
  }

  @Test func thePageOfACampaignIsReachedByAKeyThatStaysOutOfTheAddress() async throws {
    try await RunningService.with { service in
      try await service.addCampaign(variant: "019a0000-0000-7000-8000-000000000001")
      #expect(try await service.send("GET", "/").headers["location"] == "/key")
      let key = try await service.key([.read])
      let opened = try await service.send("GET", "/key?key=\(key)")
      #expect(opened.status == 303)
      #expect(opened.headers["location"] == "/")
      let cookie = try #require(opened.headers["set-cookie"])
      #expect(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"))
      let page = try await service.send(
        "GET", "/campaigns/spring", headers: ["Cookie": "\(Authentication.cookie)=\(key)"])
      #expect(page.status == 200)
      #expect(page.text.contains("<h1>Spring</h1>"))
      #expect(!page.text.contains("{{"))
      let wrong = try await service.send("GET", "/key?key=rtk_read_wrong")
      #expect(wrong.status == 401)
      #expect(wrong.text.contains("not known"))
    }
  }

  @Test func readinessAndMetricsTellWithoutAKey() async throws {
    try await RunningService.with { service in
      #expect(try await service.send("GET", "/healthz").status == 200)
      #expect(try await service.send("GET", "/readyz").status == 200)
      let metrics = try await service.send("GET", "/metrics")
      #expect(metrics.text.contains("retake_events_total{outcome=\"stored\"} 0"))
      #expect(metrics.text.contains("# TYPE retake_rollup_lag_seconds gauge"))
    }
  }
}
