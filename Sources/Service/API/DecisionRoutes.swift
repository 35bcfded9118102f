import Autopilot
import Campaigns
import FoundationEssentials
import HTTPTypes
import Hummingbird

/// `/v1/campaigns/{campaign}/decisions`: what was done, why, and how to undo it.
struct DecisionRoutes {
  let backend: Backend

  func add(to router: RouterGroup<ServiceRequestContext>) {
    let reading = router.group().add(middleware: RequireScope(scope: .read))
    let changing = router.group().add(middleware: RequireScope(scope: .admin))
    reading.get("campaigns/:campaign/decisions", use: list)
    reading.get("campaigns/:campaign/decisions/:decision", use: get)
    changing.post("campaigns/:campaign/decisions/:decision/reverse", use: reverse)
  }

  /// Query: `after=ID`, `limit=N`.
  @Sendable private func list(_ request: Request, _ context: ServiceRequestContext) async throws -> Response {
    let campaign = try await backend.campaign(context)
    let page = try await backend.decisions.page(
      in: campaign.scope, after: try request.identifier("after"), limit: try request.limit())
    return try ServiceJSON.response(
      ListView(
        items: page.items.map(DecisionView.init),
        next: page.hasMore ? page.items.last?.id.description : nil))
  }

  @Sendable private func get(_ request: Request, _ context: ServiceRequestContext) async throws -> Response {
    let campaign = try await backend.campaign(context)
    let decision = try await backend.decisions.find(try context.identifier("decision"), in: campaign.scope)
    return try ServiceJSON.response(DecisionView(decision))
  }

  @Sendable private func reverse(_ request: Request, _ context: ServiceRequestContext) async throws
    -> Response
  {
    let identity = try context.requireIdentity()
    let campaign = try await backend.campaign(context)
    let now = backend.now()
    do {
      let decision = try await DecisionReversal(database: backend.database).reverse(
        try context.identifier("decision"), in: campaign.scope, by: identity.keyName,
        time: LogicalTime(at: now, isReplay: false), now: now)
      return try ServiceJSON.response(DecisionView(decision), status: .created)
    } catch let error as AutopilotError {
      throw Problem.conflict(error.description, code: "not_reversible")
    }
  }
}
