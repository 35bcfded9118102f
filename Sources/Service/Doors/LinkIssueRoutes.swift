import Campaigns
import Delivery
import FoundationEssentials
import HTTPTypes
import Hummingbird

/// Issues signed links, and keeps the pages clicks may lead to.
struct LinkIssueRoutes {
  static let linksAtOnce = 10_000

  let backend: Backend

  func add(to router: RouterGroup<ServiceRequestContext>) {
    let issuing = router.group().add(middleware: RequireScope(scope: .ingest))
    let reading = router.group().add(middleware: RequireScope(scope: .read))
    let changing = router.group().add(middleware: RequireScope(scope: .admin))
    issuing.post("campaigns/:campaign/links", use: issue)
    reading.get("campaigns/:campaign/targets", use: list)
    changing.put("campaigns/:campaign/targets", use: register)
    changing.delete("campaigns/:campaign/targets/:target", use: remove)
  }

  private struct Order: Decodable {
    let variantID: UUID
    let placement: String?
    /// The id or the address of a registered target.
    let target: String?
    let kinds: [String]?
    let reusable: Bool?
    let count: Int?

    private enum CodingKeys: String, CodingKey {
      case variantID = "variant_id"
      case placement, target, kinds, reusable, count
    }
  }

  @Sendable private func issue(_ request: Request, _ context: ServiceRequestContext) async throws -> Response
  {
    let campaign = try await backend.campaign(context)
    let order = try await request.decode(as: Order.self, context: context)
    let count = order.count ?? 1
    guard (1...Self.linksAtOnce).contains(count) else {
      throw Problem.badRequest("count must be 1 to \(Self.linksAtOnce).")
    }
    let variant = try await backend.variants.find(Identifier(order.variantID), in: campaign.scope)
    if let placement = order.placement, !campaign.placements.contains(placement) {
      throw Problem.badRequest(
        "The campaign has no placement \"\(placement)\"; it has \(campaign.placements.joined(separator: ", ")).",
        code: "unknown_placement")
    }
    var target: ClickTarget?
    if let wanted = order.target {
      target = try await backend.clickTargetStore.list(of: campaign.id)
        .first { "\($0.id)" == wanted.lowercased() || $0.url == wanted }
      guard target != nil else {
        throw Problem.badRequest(
          "\"\(wanted.prefix(100))\" is not a target of this campaign; register it first with PUT "
            + "/v1/campaigns/\(campaign.key)/targets.", code: "unknown_target")
      }
    }
    let moment = backend.now()
    var issued: [LinkView] = []
    for _ in 0..<count {
      let link = SignedLink(
        workspace: campaign.workspace, variant: variant.id, placement: order.placement,
        issuedAtMs: Int64((moment.timeIntervalSince1970 * 1000).rounded(.down)),
        nonce: UInt64.random(in: 0 ... .max), target: target?.id,
        kinds: try Self.kinds(order.kinds, hasTarget: target != nil), isReusable: order.reusable ?? false)
      let token = try await backend.links.token(of: link, at: moment)
      issued.append(LinkView(token: token, base: base(request), hasTarget: target != nil))
    }
    return try ServiceJSON.response(ListView(items: issued))
  }

  private static func kinds(_ names: [String]?, hasTarget: Bool) throws(Problem) -> Set<EventKind> {
    guard let names else { return SignedLink.standardKinds }
    var kinds: Set<EventKind> = hasTarget ? [.click] : []
    for name in names {
      guard let kind = EventKind(name: name) else {
        throw Problem.badRequest("\"\(name.prefix(40))\" is not a kind of event.", code: "unknown_type")
      }
      kinds.insert(kind)
    }
    return kinds
  }

  private func base(_ request: Request) -> String {
    backend.baseURL ?? "http://\(request.head.authority ?? "127.0.0.1")"
  }

  @Sendable private func list(_ request: Request, _ context: ServiceRequestContext) async throws -> Response {
    let campaign = try await backend.campaign(context)
    let targets = try await backend.clickTargetStore.list(of: campaign.id)
    return try ServiceJSON.response(ListView(items: targets.map(TargetView.init)))
  }

  /// Body: `{"url": "https://…"}`. The same address again is the same target.
  @Sendable private func register(
    _ request: Request, _ context: ServiceRequestContext
  ) async throws -> Response {
    struct Registration: Decodable { let url: String }
    let campaign = try await backend.campaign(context)
    let url = try await request.decode(as: Registration.self, context: context).url
    let (target, isNew) = try await backend.clickTargetStore.register(
      url, for: campaign, id: backend.newID(), at: backend.now())
    return try ServiceJSON.response(TargetView(target), status: isNew ? .created : .ok)
  }

  @Sendable private func remove(
    _ request: Request, _ context: ServiceRequestContext
  ) async throws -> Response {
    let campaign = try await backend.campaign(context)
    try await backend.clickTargetStore.remove(try context.identifier("target"), of: campaign.id)
    return Response(status: .noContent)
  }
}

private struct TargetView: Encodable {
  let id: String
  let url: String

  init(_ target: ClickTarget) {
    id = "\(target.id)"
    url = target.url
  }
}

private struct LinkView: Encodable {
  let token: String
  let beacon: String
  let picture: String
  let click: String?

  init(token: String, base: String, hasTarget: Bool) {
    self.token = token
    beacon = "\(base)/b/\(token)"
    picture = "\(base)/b/\(token).gif"
    click = hasTarget ? "\(base)/c/\(token)" : nil
  }
}
