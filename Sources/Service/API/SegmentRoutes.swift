import Campaigns
import FoundationEssentials
import HTTPTypes
import Hummingbird

/// `/v1/campaigns/{campaign}/segments`: the audiences of a campaign.
struct SegmentRoutes {
  let backend: Backend

  func add(to router: RouterGroup<ServiceRequestContext>) {
    let reading = router.group().add(middleware: RequireScope(scope: .read))
    let changing = router.group().add(middleware: RequireScope(scope: .admin))
    reading.get("campaigns/:campaign/segments", use: list)
    reading.get("campaigns/:campaign/segments/:segment", use: get)
    changing.post("campaigns/:campaign/segments", use: create)
    changing.patch("campaigns/:campaign/segments/:segment", use: change)
    changing.delete("campaigns/:campaign/segments/:segment", use: remove)
  }

  private struct Draft: Decodable {
    let key: String
    let name: String
    let language: String
    let audience: Int64?
    let rule: AudienceRule
  }

  private struct Change: Decodable {
    let name: String?
    let audience: Int64?
    let rule: AudienceRule?
  }

  @Sendable private func list(_ request: Request, _ context: ServiceRequestContext) async throws -> Response {
    let campaign = try await backend.campaign(context)
    let segments = try await backend.segments.list(in: campaign.scope)
    return try ServiceJSON.response(ListView(items: segments.map(SegmentView.init)))
  }

  @Sendable private func get(_ request: Request, _ context: ServiceRequestContext) async throws -> Response {
    try ServiceJSON.response(SegmentView(try await find(context).segment))
  }

  @Sendable private func create(_ request: Request, _ context: ServiceRequestContext) async throws -> Response
  {
    let campaign = try await backend.campaign(context)
    let draft = try await request.decode(as: Draft.self, context: context)
    guard campaign.languages.contains(draft.language) else {
      throw Problem.badRequest(
        "language \"\(draft.language)\" is not one of the campaign's: \(campaign.languages.joined(separator: ", "))."
      )
    }
    guard draft.key.wholeMatch(of: #/[a-z0-9][a-z0-9-]{0,62}/#) != nil else {
      throw Problem.badRequest("key must be lower-case letters, digits and hyphens.")
    }
    let others = try await backend.segments.list(in: campaign.scope)
    guard !others.contains(where: { $0.key == draft.key }) else {
      throw Problem.conflict("There is a segment \"\(draft.key)\" already.", code: "already_exists")
    }
    let segment = Segment(
      id: backend.newID(), campaign: campaign.id, key: draft.key, name: draft.name,
      language: draft.language, audience: draft.audience, rule: draft.rule)
    try await backend.segments.insert(segment, position: others.count)
    return try ServiceJSON.response(SegmentView(segment), status: .created)
  }

  @Sendable private func change(_ request: Request, _ context: ServiceRequestContext) async throws -> Response
  {
    var (campaign, segment) = try await find(context)
    let change = try await request.decode(as: Change.self, context: context)
    let position = try await backend.segments.list(in: campaign.scope).firstIndex { $0.id == segment.id }
    segment.name = change.name ?? segment.name
    segment.audience = change.audience ?? segment.audience
    segment.rule = change.rule ?? segment.rule
    try await backend.segments.update(segment, position: position ?? 0)
    return try ServiceJSON.response(SegmentView(segment))
  }

  /// Refused once the segment has versions: its results are history.
  @Sendable private func remove(_ request: Request, _ context: ServiceRequestContext) async throws -> Response
  {
    let (_, segment) = try await find(context)
    try await backend.segments.remove(segment)
    return Response(status: .noContent)
  }

  private func find(
    _ context: ServiceRequestContext
  ) async throws -> (campaign: Campaign, segment: Segment) {
    let campaign = try await backend.campaign(context)
    let key = try context.parameters.require("segment")
    return (campaign, try await backend.segments.find(key: key, in: campaign.scope))
  }
}
