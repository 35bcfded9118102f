import Campaigns
import Creative
import Engine
import Foundation
import Postgres
import TestKit

/// The sample campaign as values, and applied to a database where a test needs one.
struct Sample {
  static let moment = Date(timeIntervalSince1970: 1_794_787_200)
  static let placements = ["tiktok.infeed", "facebook.feed_square", "youtube.bumper"]

  let folder: CampaignFolder
  let brand: Brand
  let campaign: Campaign
  let segments: [Segment]

  init() throws {
    folder = try CampaignFolder.read(
      at: Repository.file("examples/perlune").path, placements: Self.placements, at: Self.moment)
    var randomness = SeededGenerator(seed: 11)
    let workspace = Identifier<Workspace>.new(at: Self.moment, using: &randomness)
    brand = Brand(
      id: .new(at: Self.moment, using: &randomness), workspace: workspace, key: folder.brandKey,
      name: folder.brandName, document: folder.brand)
    let campaign = Campaign(
      id: .new(at: Self.moment, using: &randomness), workspace: workspace, brand: brand.id, key: folder.key,
      name: folder.name, status: .draft, goal: folder.goal, languages: folder.languages,
      placements: folder.placements, startsOn: folder.startsOn, endsOn: folder.endsOn, budget: folder.budget,
      document: folder.document)
    self.campaign = campaign
    segments = folder.segments.map {
      Segment(
        id: .new(at: Self.moment, using: &randomness), campaign: campaign.id, key: $0.key, name: $0.name,
        language: $0.language, audience: $0.audience, rule: $0.rule)
    }
  }

  var designer: VariantDesigner { VariantDesigner(factors: folder.document.factors, seed: 7) }
  var writer: StoryboardWriter { StoryboardWriter(brand: brand, document: folder.document) }

  /// One level of every factor, the first unless told otherwise.
  func levels(_ chosen: [String: String] = [:]) -> [String: String] {
    Dictionary(
      uniqueKeysWithValues: folder.document.factors.map { ($0.key, chosen[$0.key] ?? $0.levels[0].key) })
  }
}
