import Campaigns
import Creative
import Jobs
import Postgres

/// Puts designs to work: variants with their storyboards, and a render job for each of their files, all in the
/// caller's transaction.
struct GenerationOrder {
  let campaign: Campaign
  let time: LogicalTime
  let identifiers: IdentifierSource
  let connection: any Queryable

  /// - Parameter existing: every variant the segment has.
  func place(
    _ designs: [VariantDesign], segment: Segment, generation: Int, existing: [Variant]
  ) async throws -> [Variant] {
    guard let brandID = campaign.brand else {
      throw AutopilotError.noDesign(
        "campaign \(campaign.key) has no brand to make versions with; apply its folder with a brand.yaml")
    }
    let brand = try await BrandStore(connection).find(brandID, workspace: campaign.workspace)
    let maker = VariantMaker(brand: brand, campaign: campaign)
    var variants: [Variant] = []
    for (index, design) in designs.enumerated() {
      let (variant, storyboard) = try maker.make(
        design, id: identifiers.next(at: time.at, position: index), segment: segment,
        position: existing.count + index, generation: generation, at: time.at)
      try await VariantStore(connection).insert(variant, storyboard: storyboard)
      for placement in campaign.placements { try await enqueue(variant.id, placement) }
      variants.append(variant)
    }
    return variants
  }

  @discardableResult
  func enqueue(_ variant: Identifier<Variant>, _ placement: String) async throws -> JobQueue.Enqueued {
    let order = RenderOrder(campaign: campaign.id, variant: variant, placement: placement, time: time)
    return try await JobQueue.enqueue(
      .render, order, uniqueKey: order.uniqueKey, runAt: time.at, on: connection)
  }
}
