import Autopilot
import Campaigns
import Documents
import FoundationEssentials
import HTTPTypes
import Hummingbird

/// `/v1/campaigns`: what people want. Documents go in as the files of a campaign's folder and are read as
/// strictly as from disk.
struct CampaignRoutes {
  let backend: Backend

  func add(to router: RouterGroup<ServiceRequestContext>) {
    let reading = router.group().add(middleware: RequireScope(scope: .read))
    let changing = router.group().add(middleware: RequireScope(scope: .admin))
    reading.get("campaigns", use: list)
    reading.get("campaigns/:campaign", use: get)
    changing.post("campaigns", use: apply)
    changing.patch("campaigns/:campaign", use: change)
    changing.delete("campaigns/:campaign", use: end)
    changing.post("campaigns/:campaign/launch", use: launch)
  }

  @Sendable private func list(_ request: Request, _ context: ServiceRequestContext) async throws -> Response {
    let identity = try context.requireIdentity()
    let campaigns = try await backend.campaigns.list(workspace: identity.workspace.id)
    return try ServiceJSON.response(ListView(items: campaigns.map(CampaignView.init)))
  }

  @Sendable private func get(_ request: Request, _ context: ServiceRequestContext) async throws -> Response {
    try ServiceJSON.response(CampaignView(try await backend.campaign(context)))
  }

  /// Body: `{"files": {"campaign.yaml": "…", "brand.yaml": "…", "segments.yaml": "…",
  /// "assets/logo.svg": {"base64": "…"}}}`. Applying the same files again changes nothing.
  @Sendable private func apply(_ request: Request, _ context: ServiceRequestContext) async throws -> Response
  {
    let identity = try context.requireIdentity()
    let bytes = try await RequestBody(
      maxBytes: backend.limits.maxInflatedBytes, maxInflatedBytes: backend.limits.maxInflatedBytes
    ).read(request)
    let upload = try JSONDecoder().decode(CampaignUpload.self, from: Data(bytes))
    let moment = backend.now()
    let report = try await upload.withFolder { path in
      let folder: CampaignFolder
      do {
        folder = try CampaignFolder.read(at: path, placements: backend.placementIDs, at: moment)
      } catch let error as DocumentError {
        throw Problem(
          .unprocessableContent, "document_invalid", error.description.replacing(path + "/", with: ""))
      }
      var randomness = SystemRandomNumberGenerator()
      return try await backend.applier.apply(
        folder, workspace: identity.workspace.id, at: moment, using: &randomness)
    }
    try await AutopilotSchedule.apply(
      report.campaign, timeZone: backend.timeZone, time: LogicalTime(at: moment, isReplay: false),
      on: backend.database)
    struct Applied: Encodable {
      let campaign: CampaignView
      let brandChange: String
      let campaignChange: String
      let segments: [String: String]
    }
    return try ServiceJSON.response(
      Applied(
        campaign: CampaignView(report.campaign), brandChange: report.brandChange.rawValue,
        campaignChange: report.campaignChange.rawValue,
        segments: Dictionary(uniqueKeysWithValues: report.segments.map { ($0.key, $0.change.rawValue) })),
      status: report.campaignChange == .created ? .created : .ok)
  }

  /// Body: any of `name`, `status` (running, paused, ended), `ends_on`.
  @Sendable private func change(_ request: Request, _ context: ServiceRequestContext) async throws -> Response
  {
    struct Change: Decodable {
      let name: String?
      let status: Campaign.Status?
    }
    var campaign = try await backend.campaign(context)
    let change = try await request.decode(as: Change.self, context: context)
    if let name = change.name {
      guard !name.isEmpty, name.count <= 200 else {
        throw Problem.badRequest("name must have 1 to 200 characters.")
      }
      campaign.name = name
    }
    if let status = change.status {
      guard status != .draft || campaign.status == .draft else {
        throw Problem.conflict("A campaign that ran cannot be a draft again; pause it instead.")
      }
      campaign.status = status
    }
    try await backend.campaigns.update(campaign)
    if change.status != nil { try await backend.campaigns.setStatus(campaign.status, of: campaign.scope) }
    return try ServiceJSON.response(CampaignView(campaign))
  }

  /// Ends the campaign. Its events, verdicts and decisions stay.
  @Sendable private func end(_ request: Request, _ context: ServiceRequestContext) async throws -> Response {
    let campaign = try await backend.campaign(context)
    try await backend.campaigns.setStatus(.ended, of: campaign.scope)
    return Response(status: .noContent)
  }

  /// Designs the first generation and starts rendering it.
  @Sendable private func launch(_ request: Request, _ context: ServiceRequestContext) async throws -> Response
  {
    let campaign = try await backend.campaign(context)
    let time = LogicalTime(at: backend.now(), isReplay: false)
    let variants = try await backend.launcher.order(campaign, time: time)
    return try ServiceJSON.response(
      ListView(items: variants.map { VariantView($0, renditions: []) }), status: .accepted)
  }
}
