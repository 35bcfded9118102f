import Autopilot
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
    let changing = router.group().add(middleware: RequireScope(scope: .admin))
    changing.post("campaigns/:campaign/variants", use: compose)
    changing.delete("campaigns/:campaign/variants/:variant", use: retire)
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

  /// Body: `{"segment": KEY, "levels": {FACTOR: LEVEL, …}, "rationale": "…"}`, a level for every factor.
  @Sendable private func compose(_ request: Request, _ context: ServiceRequestContext) async throws
    -> Response
  {
    struct Draft: Decodable {
      let segment: String
      let levels: [String: String]
      let rationale: String?
    }
    let identity = try context.requireIdentity()
    let campaign = try await backend.campaign(context)
    let draft = try await request.decode(as: Draft.self, context: context)
    let variant = try await DecisionByHand(database: backend.database).compose(
      levels: draft.levels, segment: draft.segment, of: campaign,
      rationale: draft.rationale ?? "Composed by \(identity.keyName).",
      time: LogicalTime(at: backend.now(), isReplay: false))
    return try ServiceJSON.response(VariantView(variant, renditions: []), status: .accepted)
  }

  /// Takes the version out of its test. Query: `reason=…`. Its files, events and verdicts stay.
  @Sendable private func retire(_ request: Request, _ context: ServiceRequestContext) async throws -> Response
  {
    let identity = try context.requireIdentity()
    let (campaign, variant) = try await find(context)
    let now = backend.now()
    let decision = try await DecisionByHand(database: backend.database).retire(
      variant.id, of: campaign,
      reason: request.uri.queryParameters.get("reason") ?? "Taken out by \(identity.keyName).",
      by: identity.keyName, time: LogicalTime(at: now, isReplay: false), now: now)
    return try ServiceJSON.response(DecisionView(decision))
  }

  private func find(
    _ context: ServiceRequestContext
  ) async throws -> (campaign: Campaign, variant: Variant) {
    let campaign = try await backend.campaign(context)
    let id: Identifier<Variant> = try context.identifier("variant")
    return (campaign, try await backend.variants.find(id, in: campaign.scope))
  }
}
