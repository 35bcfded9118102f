import Campaigns
import FoundationEssentials
import HTTPTypes
import Hummingbird
import Postgres

/// `/v1/campaigns/{campaign}/variants`: the versions of the ad and their files.
struct VariantRoutes {
  let backend: Backend

  func add(to router: RouterGroup<ServiceRequestContext>) {
    let reading = router.group().add(middleware: RequireScope(scope: .read))
    reading.get("campaigns/:campaign/variants", use: list)
    reading.get("campaigns/:campaign/variants/:variant", use: get)
    reading.get("campaigns/:campaign/variants/:variant/storyboard", use: storyboard)
  }

  /// Query: `segment=KEY` for one segment's.
  @Sendable private func list(_ request: Request, _ context: ServiceRequestContext) async throws -> Response {
    let campaign = try await backend.campaign(context)
    var segment: Identifier<Segment>?
    if let key = request.uri.queryParameters.get("segment") {
      segment = try await backend.segments.find(key: key, in: campaign.scope).id
    }
    let variants = try await backend.variants.list(in: campaign.scope, segment: segment)
    let renditions = Dictionary(
      grouping: try await backend.renditions.list(in: campaign.scope), by: \.variant)
    return try ServiceJSON.response(
      ListView(items: variants.map { VariantView($0, renditions: renditions[$0.id] ?? []) }))
  }

  @Sendable private func get(_ request: Request, _ context: ServiceRequestContext) async throws -> Response {
    let (campaign, variant) = try await find(context)
    let renditions = try await backend.renditions.list(in: campaign.scope, variant: variant.id)
    return try ServiceJSON.response(VariantView(variant, renditions: renditions))
  }

  @Sendable private func storyboard(
    _ request: Request, _ context: ServiceRequestContext
  ) async throws -> Response {
    let (campaign, variant) = try await find(context)
    guard let storyboard = try await backend.variants.storyboard(of: variant.id, in: campaign.scope) else {
      throw Problem.notFound("storyboard of version \(variant.name); it was imported from a platform")
    }
    return Response(
      status: .ok, headers: [.contentType: "application/json"],
      body: ResponseBody(byteBuffer: ByteBuffer(string: storyboard.text)))
  }

  private func find(
    _ context: ServiceRequestContext
  ) async throws -> (campaign: Campaign, variant: Variant) {
    let campaign = try await backend.campaign(context)
    let id: Identifier<Variant> = try context.identifier("variant")
    return (campaign, try await backend.variants.find(id, in: campaign.scope))
  }
}
