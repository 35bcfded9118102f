import Campaigns
import Foundation
import Postgres
import TestKit

@testable import Service

extension RunningService {
  /// A running campaign with one segment and one imported version, in this or another workspace.
  @discardableResult
  func addCampaign(
    key: String = "spring", variant: String, workspace: Workspace? = nil
  ) async throws -> Campaign {
    let campaign = Campaign(
      id: backend.newID(), workspace: (workspace ?? self.workspace).id, brand: nil, key: key, name: "Spring",
      status: .running, goal: .clickThrough, languages: ["en"], placements: ["tiktok.infeed"],
      startsOn: "2026-11-01", endsOn: nil, budget: nil,
      document: try SampleDocument.load())
    try await CampaignStore(database).insert(campaign)
    let segment = Segment(
      id: backend.newID(), campaign: campaign.id, key: "all", name: "Everybody", language: "en",
      audience: nil, rule: AudienceRule(all: []))
    try await SegmentStore(database).insert(segment, position: 0)
    guard let id = UUID(uuidString: variant) else { throw NeverListened() }
    try await VariantStore(database).insert(
      Variant(
        id: Identifier(id), campaign: campaign.id, segment: segment.id, name: "A", origin: .imported,
        generation: 1, parent: nil, levels: [:], rationale: "", status: .active, createdAt: clock.now,
        activatedAt: clock.now), storyboard: nil)
    return campaign
  }

  func addWorkspace(_ name: String) async throws -> Workspace {
    try await WorkspaceStore(database).ensure(name: name, id: backend.newID(), at: clock.now)
  }
}

/// A campaign document, read from the sample campaign's own folder.
enum SampleDocument {
  static func load() throws -> CampaignDocument {
    try CampaignFolder.read(
      at: SampleFiles.folder.path,
      placements: ["tiktok.infeed", "facebook.feed_square", "youtube.bumper"],
      at: Date(timeIntervalSince1970: 1_794_787_200)
    ).document
  }
}
