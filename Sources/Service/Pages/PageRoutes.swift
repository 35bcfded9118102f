import Analysis
import Campaigns
import Foundation
import HTTPTypes
import Hummingbird
import Jobs
import Mustache

/// The dashboard: `/` lists campaigns, `/campaigns/{key}` shows one. A browser signs in with a key that opens
/// `read`, kept in a cookie that scripts and other sites cannot use.
struct PageRoutes {
  let backend: Backend
  let keys: KeyRing
  let library: MustacheLibrary

  func add(to router: Router<ServiceRequestContext>) {
    let router = router.group().add(middleware: OnSharedThreads())
    router.get("assets/:file", use: asset)
    router.get("key", use: keyForm)
    router.post("key", use: signIn)
    router.get("/", use: campaigns)
    router.get("campaigns/:campaign", use: campaign)
  }

  // MARK: - Signing in

  private struct KeyPage {
    let title = "Open"
    let wrong: String?
  }

  private struct KeyForm: Decodable {
    let key: String
  }

  /// `GET /key?key=…` is what a link printed on a terminal uses; it leaves no key in the address bar.
  @Sendable private func keyForm(_ request: Request, _ context: ServiceRequestContext) async throws
    -> Response
  {
    guard let key = request.uri.queryParameters.get("key") else {
      return try page("key", KeyPage(wrong: nil))
    }
    return try await open(key, request)
  }

  @Sendable private func signIn(_ request: Request, _ context: ServiceRequestContext) async throws -> Response
  {
    let form = try await URLEncodedFormDecoder().decode(KeyForm.self, from: request, context: context)
    return try await open(form.key.trimmingCharacters(in: .whitespacesAndNewlines), request)
  }

  private func open(_ key: String, _ request: Request) async throws -> Response {
    do {
      let identity = try await keys.identity(of: key)
      guard identity.key.opens(.read) else {
        return try page("key", KeyPage(wrong: "This key does not open reading."), status: .forbidden)
      }
    } catch let problem as Problem {
      return try page("key", KeyPage(wrong: problem.detail), status: problem.status)
    }
    var response = Response(status: .seeOther, headers: [.location: "/", .cacheControl: "no-store"])
    response.setCookie(
      Cookie(
        name: Authentication.cookie, value: key, maxAge: 30 * 86_400, path: "/", httpOnly: true,
        sameSite: .strict))
    return response
  }

  // MARK: - Pages

  @Sendable private func campaigns(_ request: Request, _ context: ServiceRequestContext) async throws
    -> Response
  {
    guard let identity = context.readingIdentity else { return Self.toKeyForm }
    let campaigns = try await backend.campaigns.list(workspace: identity.workspace.id)
    if campaigns.count == 1, let only = campaigns.first {
      return Response(status: .found, headers: [.location: "/campaigns/\(only.key)"])
    }
    return try page(
      "campaigns", CampaignListPage(workspace: identity.workspace, campaigns: campaigns))
  }

  @Sendable private func campaign(_ request: Request, _ context: ServiceRequestContext) async throws
    -> Response
  {
    guard let identity = context.readingIdentity else { return Self.toKeyForm }
    let campaign = try await backend.campaign(context)
    return try page("campaign", CampaignPage(try await sources(of: campaign, for: identity)))
  }

  private func sources(of campaign: Campaign, for identity: Identity) async throws -> CampaignPage.Sources {
    let scope = campaign.scope
    let moment = backend.now()
    let variants = try await backend.variants.list(in: scope)
    let jobs = try await backend.jobLines(of: campaign, limit: 40)
    var brandName: String?
    if let brand = campaign.brand {
      brandName = try await backend.brands.find(brand, workspace: campaign.workspace).name
    }
    return CampaignPage.Sources(
      campaign: campaign, workspace: identity.workspace, brandName: brandName,
      siblings: try await backend.campaigns.list(workspace: campaign.workspace),
      segments: try await backend.segments.list(in: scope), variants: variants,
      renditions: try await backend.renditions.list(in: scope),
      analyses: try await backend.analyst.analyse(campaign: campaign, at: moment),
      verdicts: try await backend.verdicts.page(in: scope, limit: 500).items,
      decisions: try await backend.decisions.page(in: scope, limit: 60).items, jobs: jobs,
      nextRound: try await backend.nextRound(of: campaign), asOf: moment)
  }

  private func page(
    _ template: String, _ value: Any, status: HTTPResponse.Status = .ok
  ) throws -> Response {
    guard let html = library.render(value, withTemplate: template) else {
      throw Problem(
        .internalServerError, "template_missing", "The template \(template).mustache is not there.")
    }
    return Response(
      status: status,
      headers: [
        .contentType: "text/html; charset=utf-8", .cacheControl: "no-store",
        .contentSecurityPolicy:
          "default-src 'none'; style-src 'self' 'unsafe-inline'; script-src 'self'; img-src 'self' data:; "
          + "media-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
        .xContentTypeOptions: "nosniff",
      ], body: ResponseBody(byteBuffer: ByteBuffer(string: html)))
  }

  private static var toKeyForm: Response { Response(status: .found, headers: [.location: "/key"]) }

  // MARK: - Style and script

  @Sendable private func asset(_ request: Request, _ context: ServiceRequestContext) async throws -> Response
  {
    let types = [
      "dashboard.css": "text/css; charset=utf-8", "dashboard.js": "text/javascript; charset=utf-8",
    ]
    let name = try context.parameters.require("file")
    guard let type = types[name] else { throw Problem.notFound("file \(name)") }
    let body = try await FileIO().loadFile(
      path: backend.pagesFolder.appending(path: name).path, context: context)
    return Response(
      status: .ok, headers: [.contentType: type, .cacheControl: "max-age=60"], body: body)
  }
}

/// What `campaigns.mustache` shows.
struct CampaignListPage {
  struct Card {
    let href: String
    let name: String
    let detail: String
  }

  let title = "Campaigns"
  let navigation: [NavigationLink] = []
  let workspace: String
  let summary: String
  let campaigns: [Card]
  let hasCampaigns: Bool

  init(workspace: Workspace, campaigns: [Campaign]) {
    self.workspace = workspace.name
    summary = campaigns.count == 1 ? "1 campaign" : "\(campaigns.count) campaigns"
    self.campaigns = campaigns.map {
      Card(
        href: "/campaigns/\($0.key)", name: $0.name,
        detail: [$0.status.rawValue, "goal: \($0.goal.rawValue.replacing("_", with: " "))"]
          .joined(separator: " · "))
    }
    hasCampaigns = !campaigns.isEmpty
  }
}

extension ServiceRequestContext {
  /// The identity when its key opens reading.
  var readingIdentity: Identity? { identity.flatMap { $0.key.opens(.read) ? $0 : nil } }
}
