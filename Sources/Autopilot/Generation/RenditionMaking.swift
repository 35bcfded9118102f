public import Campaigns
public import Creative
public import FoundationEssentials

/// Makes one file and its row; what is there already stays.
public protocol RenditionMaking: Sendable {
  func make(
    variant: Identifier<Variant>, placement: String, in scope: CampaignScope, at moment: Date,
    progress: @escaping @Sendable (_ done: Int, _ total: Int) -> Void
  ) async throws -> Rendition
}

extension RenditionMaker: RenditionMaking {}
