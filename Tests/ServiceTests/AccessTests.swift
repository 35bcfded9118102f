import Campaigns
import Foundation
import Postgres
import TestKit
import Testing

@testable import Service

@Suite struct AccessTests {
  private static let ours = "019a0000-0000-7000-8000-000000000001"
  private static let theirs = "019a0000-0000-7000-8000-000000000002"

  @Test func withoutAKeyNothingIsAnsweredAndTheProblemSaysWhatToSend() async throws {
    try await RunningService.with { service in
      let answer = try await service.post("/v1/events", key: nil, "[]")
      #expect(answer.status == 401)
      #expect(answer.headers["www-authenticate"] != nil)
      #expect(try answer.json()["code"] as? String == "key_missing")
    }
  }

  @Test func aKeyWithoutTheScopeIsRefusedByName() async throws {
    try await RunningService.with { service in
      let key = try await service.key([.read], name: "reader")
      let answer = try await service.post("/v1/events", key: key, "[]")
      #expect(answer.status == 403)
      #expect((try answer.json()["detail"] as? String)?.contains("ingest") == true)
      let changing = try await service.post("/v1/campaigns", key: key, "{}")
      #expect(changing.status == 403)
    }
  }

  @Test func aKeyWorksAsBearerAndAsUserOrPasswordOfBasic() async throws {
    try await RunningService.with { service in
      let key = try await service.key([.read])
      for pair in ["\(key):", "anything:\(key)"] {
        let basic = "Basic " + Data(pair.utf8).base64EncodedString()
        let answer = try await service.send("GET", "/v1/campaigns", headers: ["Authorization": basic])
        #expect(answer.status == 200)
      }
      #expect(try await service.send("GET", "/v1/campaigns", key: key).status == 200)
      #expect(try await service.send("GET", "/v1/campaigns", key: key + "x").status == 401)
    }
  }

  @Test func theDashboardsCookieReadsButNeverChanges() async throws {
    try await RunningService.with { service in
      let key = try await service.key([.admin])
      let cookie = ["Cookie": "\(Authentication.cookie)=\(key)"]
      #expect(try await service.send("GET", "/v1/campaigns", headers: cookie).status == 200)
      #expect(try await service.send("POST", "/v1/campaigns", headers: cookie).status == 401)
    }
  }

  @Test func aRevokedKeyIsRefused() async throws {
    try await RunningService.with { service in
      let key = try await service.key([.read])
      #expect(try await service.send("GET", "/v1/campaigns", key: key).status == 200)
      let stored = try await KeyStore(service.database).list(workspace: service.workspace.id)
      _ = try await KeyStore(service.database).revoke(
        stored[0].id, workspace: service.workspace.id, at: service.clock.now)
      service.clock.advance(bySeconds: 6)
      #expect(try await service.send("GET", "/v1/campaigns", key: key).status == 401)
    }
  }

  @Test func nothingCrossesFromOneWorkspaceToAnother() async throws {
    try await RunningService.with { service in
      try await service.addCampaign(key: "ours", variant: Self.ours)
      let other = try await service.addWorkspace("other")
      try await service.addCampaign(key: "theirs", variant: Self.theirs, workspace: other)
      let key = try await service.key([.admin])
      for path in [
        "", "/segments", "/variants", "/experiments", "/results", "/analysis", "/verdicts", "/decisions",
        "/jobs",
        "/reports/weekly",
      ] {
        let answer = try await service.send("GET", "/v1/campaigns/theirs\(path)", key: key)
        #expect(answer.status == 404, "\(path)")
      }
      for (method, path) in [
        ("GET", "/v1/campaigns/ours/variants/\(Self.theirs)"),
        ("GET", "/media/\(Self.theirs)/tiktok.infeed.mp4"),
        ("DELETE", "/v1/campaigns/theirs"),
      ] {
        let answer = try await service.send(method, path, key: key)
        #expect(answer.status == 404, "\(method) \(path)")
      }
      let event =
        #"[{"type":"click","variant_id":"\#(Self.theirs)","viewer_id":"v","#
        + #""timestamp":"2026-11-16T10:00:00Z"}]"#
      let answer = try await service.post("/v1/events", key: key, event)
      #expect((try answer.json()["counts"] as? [String: Int])?["quarantined"] == 1)
    }
  }
}
