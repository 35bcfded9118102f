public import Campaigns
public import FoundationEssentials
public import Postgres

/// Makes a variant and its storyboard of a design, ready to be inserted.
public struct VariantMaker: Sendable {
  private let writer: StoryboardWriter
  private let campaign: Identifier<Campaign>

  public init(brand: Brand, campaign: Campaign) {
    writer = StoryboardWriter(brand: brand, document: campaign.document)
    self.campaign = campaign.id
  }

  /// - Parameters:
  ///   - position: how many variants the segment had before, which gives the name.
  ///   - generation: 1 exactly when the design has no parent.
  /// - Throws: `CreativeError`.
  public func make(
    _ design: VariantDesign, id: Identifier<Variant>, segment: Segment, position: Int, generation: Int,
    at moment: Date
  ) throws -> (variant: Variant, storyboard: JSONB) {
    let storyboard = try writer.storyboard(levels: design.levels, language: segment.language)
    let variant = Variant(
      id: id, campaign: campaign, segment: segment.id, name: Variant.name(at: position), origin: .designed,
      generation: generation, parent: design.parent, levels: design.levels, rationale: design.rationale,
      status: .rendering, createdAt: moment)
    return (variant, try JSONB(encoding: storyboard))
  }
}
