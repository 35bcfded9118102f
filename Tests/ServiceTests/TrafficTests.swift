import Analysis
import Campaigns
import Foundation
import Ingestion
import Postgres
import TestKit
import Testing

@testable import Service

@Suite("Gross and net in the service")
struct TrafficTests {
  @Test("Analysis knows every rule that ingestion filters by, under the same name")
  func names() {
    for reason in TrafficReason.allCases where reason != .counted {
      #expect(TrafficFilter(number: reason.rawValue).rawValue == reason.name)
    }
    let known = Set(TrafficReason.allCases.map { TrafficFilter(number: $0.rawValue) })
    #expect(known == Set(TrafficFilter.allCases))
  }

  @Test("Results and the campaign's page tell what came, what was filtered by which rule, and what counts")
  func shown() async throws {
    try await RunningService.with { service in
      let variants = [UUID(), UUID()]
      let campaign = try await service.addCampaign(variant: variants[0].uuidString)
      try await service.run(campaign, variants)
      let key = try await service.key([.read])
      let results = try await service.send("GET", "/v1/campaigns/spring/results", key: key).json()
      let item = try #require((results["items"] as? [[String: Any]])?.first)
      let lines = try #require(item["traffic"] as? [[String: Any]])
      let impressions = try #require(lines.first { $0["kind"] as? String == "impression" })
      #expect(impressions["gross"] as? Int == 2020 && impressions["net"] as? Int == 2000)
      let filtered = try #require(impressions["filtered"] as? [[String: Any]])
      #expect(filtered.map { $0["reason"] as? String } == ["declared_bot"])
      let page = try await service.send("GET", "/campaigns/spring", key: key)
      #expect(page.status == 200)
      if let folder = ProcessInfo.processInfo.environment["RETAKE_WRITE_PAGES"] {
        try page.text.write(toFile: "\(folder)/campaign.html", atomically: true, encoding: .utf8)
      }
      let sentence = "Filtered traffic: 1.0% of impressions (declared bots 1.0%), gross 2,020, net 2,000;"
      #expect(page.text.contains(sentence), "\(page.text)")
      #expect(page.text.contains("filtered of 2,020 gross impressions"))
    }
  }
}

extension RunningService {
  /// A round of two versions that began a day ago, with a thousand impressions each and some that do not count.
  func run(_ campaign: Campaign, _ variants: [UUID]) async throws {
    let segment = try #require(try await SegmentStore(database).list(in: campaign.scope).first)
    let start = Date(
      timeIntervalSince1970: (clock.now.timeIntervalSince1970 / 3600).rounded(.down) * 3600 - 86_400)
    try await VariantStore(database).insert(
      Variant(
        id: Identifier(variants[1]), campaign: campaign.id, segment: segment.id, name: "B", origin: .imported,
        generation: 1, parent: nil, levels: [:], status: .active, createdAt: start, activatedAt: start),
      storyboard: nil)
    try await ExperimentStore(database).start(
      Experiment(
        id: backend.newID(), campaign: campaign.id, segment: segment.id, round: 1, goal: .clickThrough,
        alpha: 0.05,
        plannedImpressions: 10_000, randomised: true, control: Identifier(variants[0]), startedAt: start,
        epochs: [
          AllocationEpoch(
            number: 1, startsAt: start, shares: variants.map { .init(variant: Identifier($0), share: 0.5) })
        ]))
    for variant in variants {
      try await database.execute(
        """
        INSERT INTO rollup_hour (campaign_id, variant_id, placement, hour, impressions, clicks)
        VALUES (\(campaign.id.uuid), \(variant), 1, \(start), 1000, 30)
        """)
      for (traffic, kind) in [(Int16(1), EventKind.impression), (4, .click)] {
        try await database.execute(
          """
          INSERT INTO rollup_filtered_hour (campaign_id, variant_id, placement, hour, traffic, kind, events)
          VALUES (\(campaign.id.uuid), \(variant), 1, \(start), \(traffic), \(kind.rawValue), 10)
          """)
      }
    }
  }
}
