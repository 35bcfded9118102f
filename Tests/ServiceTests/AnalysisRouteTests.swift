import Campaigns
import Foundation
import TestKit
import Testing

@testable import Service

@Suite("Analysis over HTTP")
struct AnalysisRouteTests {
  @Test("A campaign's analysis tells sentences and the correction; one segment is asked for by its key")
  func analysis() async throws {
    try await RunningService.with { service in
      let variants = [UUID(), UUID()]
      let campaign = try await service.addCampaign(variant: variants[0].uuidString)
      try await service.run(campaign, variants)
      let key = try await service.key([.read])
      let body = try await service.send("GET", "/v1/campaigns/spring/analysis", key: key).json()
      let segment = try #require((body["segments"] as? [[String: Any]])?.first)
      let sentences = try #require(segment["sentences"] as? [String])
      #expect(sentences.contains { $0.contains("do equally well so far") }, "\(sentences)")
      let correction = try #require(body["correction"] as? [String: Any])
      #expect(correction["method"] as? String == "e-BH" && correction["hypotheses"] as? Int == 1)
      #expect((body["claims"] as? [Any])?.isEmpty == true)

      let name = try #require((segment["result"] as? [String: Any])?["segment"] as? String)
      let one = try await service.send("GET", "/v1/campaigns/spring/analysis?segment=\(name)", key: key)
      #expect(one.status == 200)
      let none = try await service.send("GET", "/v1/campaigns/spring/analysis?segment=nobody", key: key)
      #expect(none.status == 404)
      let malformed = try await service.send("GET", "/v1/campaigns/spring/analysis?at=noon", key: key)
      #expect(malformed.status == 400)
    }
  }
}
