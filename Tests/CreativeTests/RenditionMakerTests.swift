import Campaigns
import Creative
import Engine
import Foundation
import Postgres
import TestKit
import Testing

@Suite struct RenditionMakerTests {
  /// Small, so that a test renders in a moment; whole 64ths, for x264's quick paths are not repeatable on some
  /// other widths.
  static let catalogue = PlacementCatalogue(placements: [
    Placement(id: "tiktok.infeed", width: 256, height: 448),
    Placement(id: "facebook.feed_square", width: 256, height: 256),
    Placement(id: "youtube.bumper", width: 448, height: 256),
  ])

  private struct Studio {
    var database: Database
    var dataFolder: String
    var campaign: Campaign
    var variant: Variant
    var maker: RenditionMaker {
      RenditionMaker(database: database, dataFolder: dataFolder, placements: catalogue)
    }
  }

  private func withStudio(_ body: (Studio) async throws -> Void) async throws {
    try await withTestDatabase { database in
      try await withTemporaryFolder { folder in
        var randomness = SeededGenerator(seed: 5)
        let sample = try Sample()
        let workspace = try await WorkspaceStore(database).ensure(
          name: "acme", id: .new(at: Sample.moment, using: &randomness), at: Sample.moment)
        let report = try await CampaignApplier(database: database, vault: AssetVault(dataFolder: folder.path))
          .apply(sample.folder, workspace: workspace.id, at: Sample.moment, using: &randomness)
        let brand = try #require(try await BrandStore(database).find(key: "perlune", workspace: workspace.id))
        let segments = try await SegmentStore(database).list(in: report.campaign.scope)
        let design = VariantDesign(levels: sample.levels(["pace": "brisk"]), rationale: "for a test")
        let made = try VariantMaker(brand: brand, campaign: report.campaign).make(
          design, id: .new(at: Sample.moment, using: &randomness), segment: segments[0], position: 0,
          generation: 1, at: Sample.moment)
        try await VariantStore(database).insert(made.variant, storyboard: made.storyboard)
        try await body(
          Studio(
            database: database, dataFolder: folder.path, campaign: report.campaign, variant: made.variant))
      }
    }
  }

  @Test func `making a rendition twice gives one file and one row`() async throws {
    try await withStudio { studio in
      let first = try await studio.maker.make(
        variant: studio.variant.id, placement: "tiktok.infeed", in: studio.campaign.scope, at: Sample.moment)
      #expect(first.fileName == "acme/perlune-one-launch/young-city-fr/A/tiktok.infeed.mp4")
      #expect((first.width, first.height) == (256, 448))
      #expect(abs(first.durationMs - 6000) <= 40)
      let path = studio.maker.path(of: first)
      let bytes = try Data(contentsOf: URL(filePath: path))
      #expect(Int64(bytes.count) == first.sizeBytes)

      let second = try await studio.maker.make(
        variant: studio.variant.id, placement: "tiktok.infeed", in: studio.campaign.scope,
        at: Sample.moment + 60)
      #expect(second == first)

      // Lost files come back with the same bytes, and the row still stands.
      try FileManager.default.removeItem(atPath: path)
      let third = try await studio.maker.make(
        variant: studio.variant.id, placement: "tiktok.infeed", in: studio.campaign.scope,
        at: Sample.moment + 120)
      #expect(third.sha256 == first.sha256)
      #expect(try Data(contentsOf: URL(filePath: path)) == bytes)
      #expect(try await RenditionStore(studio.database).list(in: studio.campaign.scope) == [first])
    }
  }

  @Test func `an asset whose licence has ended is not rendered`() async throws {
    try await withStudio { studio in
      try await studio.database.execute(
        "UPDATE asset SET licence = licence || '{\"until\": \"2026-11-01\"}' WHERE kind = 'product'")
      await #expect {
        try await studio.maker.make(
          variant: studio.variant.id, placement: "tiktok.infeed", in: studio.campaign.scope, at: Sample.moment
        )
      } throws: { error in
        guard case CreativeError.notLicensed(_, "assets/product.svg", .expired("2026-11-01")) = error else {
          return false
        }
        return true
      }
      #expect(try await RenditionStore(studio.database).list(in: studio.campaign.scope).isEmpty)
      #expect(!FileManager.default.fileExists(atPath: studio.dataFolder + "/renditions"))
    }
  }

  @Test func `a damaged asset is noticed before anything is rendered`() async throws {
    try await withStudio { studio in
      let rows = try await studio.database.query(
        "SELECT encode(sha256, 'hex') FROM asset WHERE kind = 'product'"
      )
      .decode(String.self)
      let path = AssetVault(dataFolder: studio.dataFolder).path(of: rows[0])
      try Data("<svg/>".utf8).write(to: URL(filePath: path))
      await #expect(throws: AssetError.damaged(sha256: rows[0], path: path)) {
        try await studio.maker.make(
          variant: studio.variant.id, placement: "tiktok.infeed", in: studio.campaign.scope, at: Sample.moment
        )
      }
    }
  }

  @Test func `another workspace, an unknown placement and an imported variant are refused by name`()
    async throws
  {
    try await withStudio { studio in
      var randomness = SeededGenerator(seed: 6)
      let other = try await WorkspaceStore(studio.database).ensure(
        name: "other", id: .new(at: Sample.moment, using: &randomness), at: Sample.moment)
      let smuggled = CampaignScope(workspace: other.id, campaign: studio.campaign.id)
      await #expect(throws: CampaignsError.self) {
        try await studio.maker.make(
          variant: studio.variant.id, placement: "tiktok.infeed", in: smuggled, at: Sample.moment)
      }
      await #expect(throws: CreativeError.unknownPlacement("tiktok.nowhere")) {
        try await studio.maker.make(
          variant: studio.variant.id, placement: "tiktok.nowhere", in: studio.campaign.scope,
          at: Sample.moment)
      }
      let imported = Variant(
        id: .new(at: Sample.moment, using: &randomness), campaign: studio.campaign.id,
        segment: studio.variant.segment, name: "ad 916", origin: .imported, generation: 1, parent: nil,
        levels: [:], status: .active, createdAt: Sample.moment, activatedAt: Sample.moment)
      try await VariantStore(studio.database).insert(imported, storyboard: nil)
      await #expect(throws: CreativeError.noStoryboard(variant: "ad 916")) {
        try await studio.maker.make(
          variant: imported.id, placement: "tiktok.infeed", in: studio.campaign.scope, at: Sample.moment)
      }
    }
  }
}
