import Campaigns
import Foundation
import Postgres
import TestKit
import Testing

@Suite struct CampaignApplierTests {
  /// The sample, an applier and a workspace to apply it to.
  private func withSample(
    _ body: (Database, ExampleFolder, (CampaignFolder) async throws -> CampaignApplier.Report) async throws ->
      Void
  ) async throws {
    try await withTestDatabase { database in
      try await withTemporaryFolder { folder in
        var randomness = SeededGenerator(seed: 3)
        let workspace = try await WorkspaceStore(database).ensure(
          name: "acme", id: .new(at: Fixture.moment, using: &randomness), at: Fixture.moment)
        let applier = CampaignApplier(
          database: database, vault: AssetVault(dataFolder: folder.path + "/data"))
        try await body(database, try ExampleFolder(in: folder)) { folder in
          try await applier.apply(folder, workspace: workspace.id, at: Fixture.moment, using: &randomness)
        }
      }
    }
  }

  @Test func `applying twice changes nothing the second time`() async throws {
    try await withSample { database, example, apply in
      let first = try await apply(example.read())
      #expect(first.brandChange == .created)
      #expect(first.campaignChange == .created)
      #expect(first.segments.map(\.change) == [.created, .created, .created])
      let second = try await apply(example.read())
      #expect(second.isUnchanged)
      #expect(second.campaign == first.campaign)
      let stored = try await CampaignStore(database).find(
        key: "perlune-one-launch", workspace: first.campaign.workspace)
      #expect(stored == first.campaign)
      let brandId = try #require(stored.brand)
      let brand = try await BrandStore(database).find(brandId, workspace: stored.workspace)
      #expect(brand.document.assets.count == 7)
      let hashes = brand.document.assets.values.map(\.sha256)
      #expect(try await BrandStore(database).assets(hashes, workspace: stored.workspace).count == 7)
    }
  }

  @Test func `a changed file updates what it is about and nothing else`() async throws {
    try await withSample { database, example, apply in
      let first = try await apply(example.read())
      try await CampaignStore(database).setStatus(.running, of: first.campaign.scope)
      try example.replace("audience: 2100000", by: "audience: 2200000", in: "segments.yaml")
      try example.replace("minimum_lift: 0.05", by: "minimum_lift: 0.10", in: "campaign.yaml")
      let second = try await apply(example.read())
      #expect(second.brandChange == .unchanged)
      #expect(second.campaignChange == .updated)
      #expect(second.segments.map(\.change) == [.unchanged, .updated, .unchanged])
      #expect(second.campaign.status == .running)
      #expect(second.campaign.id == first.campaign.id)
      let segments = try await SegmentStore(database).list(in: first.campaign.scope)
      #expect(segments.map(\.audience) == [1_450_000, 2_200_000, 780_000])
    }
  }

  @Test func `a renewed licence reaches the asset's row`() async throws {
    try await withSample { database, example, apply in
      let first = try await apply(example.read())
      try example.replace("      until: null", by: "      until: 2030-12-31", in: "brand.yaml")
      let second = try await apply(example.read())
      #expect(second.brandChange == .updated)
      let brandId = try #require(first.campaign.brand)
      let brand = try await BrandStore(database).find(brandId, workspace: first.campaign.workspace)
      let logo = try #require(brand.document.assets["logo"])
      let rows = try await BrandStore(database).assets([logo.sha256], workspace: first.campaign.workspace)
      #expect(rows[logo.sha256]?.licence.until == "2030-12-31")
    }
  }

  @Test func `a segment without versions may go, one with versions may not, and then nothing else changes`()
    async throws
  {
    try await withSample { database, example, apply in
      let campaign = try await apply(example.read()).campaign
      let scope = campaign.scope
      let text = try String(contentsOf: example.url.appending(component: "segments.yaml"), encoding: .utf8)
      let start = try #require(text.range(of: "  - key: hikers-alps")).lowerBound
      let shorter = String(text[..<start])
      try shorter.write(
        to: example.url.appending(component: "segments.yaml"), atomically: true, encoding: .utf8)
      try example.replace("name: Perlune One, launch", by: "name: Another name", in: "campaign.yaml")

      let segments = try await SegmentStore(database).list(in: scope)
      var randomness = SeededGenerator(seed: 8)
      let variant = Variant(
        id: .new(at: Fixture.moment, using: &randomness), campaign: campaign.id, segment: segments[2].id,
        name: "A", origin: .imported, generation: 1, parent: nil, levels: [:], status: .ready,
        createdAt: Fixture.moment)
      try await VariantStore(database).insert(variant, storyboard: nil)
      await #expect(throws: CampaignsError.self) { try await apply(example.read()) }
      #expect(try await CampaignStore(database).find(campaign.id, workspace: campaign.workspace) == campaign)
      #expect(try await SegmentStore(database).list(in: scope).count == 3)

      try await database.execute("DELETE FROM variant")
      let report = try await apply(example.read())
      #expect(report.segments.last?.key == "hikers-alps")
      #expect(report.segments.last?.change == .removed)
      #expect(try await SegmentStore(database).list(in: scope).count == 2)
    }
  }

  @Test func `a workspace that does not exist gets nothing`() async throws {
    try await withTestDatabase { database in
      try await withTemporaryFolder { folder in
        var randomness = SeededGenerator(seed: 3)
        let applier = CampaignApplier(database: database, vault: AssetVault(dataFolder: folder.path))
        let nowhere = Identifier<Workspace>.new(at: Fixture.moment, using: &randomness)
        let sample = try ExampleFolder(in: folder).read()
        await expectNotFound {
          try await applier.apply(sample, workspace: nowhere, at: Fixture.moment, using: &randomness)
        }
      }
    }
  }
}
