import Campaigns
import Delivery
import FoundationEssentials
import HTTPTypes
import Hummingbird
import Ingestion
import Logging

/// Signed links, called by viewers' browsers and players without a key: `GET /b/TOKEN` reports an event and answers
/// 204, `GET /b/TOKEN.gif` answers a picture of one clear pixel, `GET /c/TOKEN` reports a click and leads to its target.
struct LinkRoutes {
  let backend: Backend
  let reception: EventReception

  func add(to router: Router<ServiceRequestContext>) {
    router.get("b/:token", use: beacon)
    router.get("c/:token", use: click)
  }

  /// Says what became of the event: `stored`, `duplicate`, or the code it was refused with.
  private static let outcome = HTTPField.Name("Retake-Outcome")

  @Sendable private func beacon(
    _ request: Request, _ context: ServiceRequestContext
  ) async throws -> Response {
    var token = try context.parameters.require("token")
    let isPicture = token.hasSuffix(".gif")
    if isPicture { token = String(token.dropLast(4)) }
    let moment = backend.now()
    let link = try await link(token, at: moment)
    let name = request.uri.queryParameters.get("k") ?? EventKind.impression.name
    guard let kind = EventKind(name: name), link.kinds.contains(kind) else {
      throw Problem.badRequest(
        "This link may not report k=\(name.prefix(40)); it may report "
          + link.kinds.map(\.name).sorted().joined(separator: ", ") + ".", code: "kind_not_allowed")
    }
    let reply = try await store(kind, link, request, context, source: .beacon, at: moment)
    var headers = Self.headers
    if let outcome = Self.outcome { headers[outcome] = Self.word(for: reply) }
    guard isPicture else { return Response(status: .noContent, headers: headers) }
    headers[.contentType] = "image/gif"
    return Response(
      status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: Self.clearPixel)))
  }

  /// The target is the registered one and nothing the address says. The click is stored first; a click that cannot be
  /// stored is counted as lost and the person still arrives.
  @Sendable private func click(
    _ request: Request, _ context: ServiceRequestContext
  ) async throws -> Response {
    let moment = backend.now()
    let link = try await link(try context.parameters.require("token"), at: moment)
    guard let id = link.target, link.kinds.contains(.click) else {
      throw Problem(.notFound, "link_without_target", "This link leads nowhere; it only reports.")
    }
    let target = try await backend.clickTargets.target(id, workspace: link.workspace, at: moment)
    var headers = Self.headers
    do {
      let reply = try await store(.click, link, request, context, source: .click, at: moment)
      if let outcome = Self.outcome { headers[outcome] = Self.word(for: reply) }
    } catch let problem as Problem {
      backend.linkCounters.noteLostClick(problem.code)
      if let outcome = Self.outcome { headers[outcome] = problem.code }
      context.logger.warning("A click was not stored", metadata: ["reason": "\(problem.code)"])
    }
    headers[.location] = target.url
    // The token is nobody's business at the target.
    if let policy = HTTPField.Name("Referrer-Policy") { headers[policy] = "origin" }
    return Response(status: .found, headers: headers)
  }

  private func link(_ token: String, at moment: Date) async throws -> SignedLink {
    do {
      return try await backend.links.link(of: token, at: moment)
    } catch let error as LinkError {
      switch error {
      case .unknown: throw Problem(.notFound, "link_unknown", error.description)
      case .forged: throw Problem(.forbidden, "link_forged", error.description)
      case .expired: throw Problem(.forbidden, "link_expired", error.description)
      }
    }
  }

  /// A link for one view has its time of issue for a timestamp, so that a reload meets what is stored. One for many
  /// views takes the time of the call, and the call's own number `n` beside it.
  private func store(
    _ kind: EventKind, _ link: SignedLink, _ request: Request, _ context: ServiceRequestContext,
    source: EventSource, at moment: Date
  ) async throws -> IngestReply {
    let client = ClientHeaders.context(request)
    let query = request.uri.queryParameters
    let named = query.get("v").flatMap { $0.isEmpty ? nil : String($0.prefix(200)) }
    let viewer: String
    if let named {
      viewer = named
    } else {
      viewer = try await backend.anonymousViewers.name(
        address: ClientHeaders.address(request, peer: context.remoteAddress?.ipAddress),
        userAgent: client.userAgent ?? "", at: moment)
    }
    let nonce = String(link.nonce, radix: 16)
    var message = "\(nonce):\(kind.name)"
    var timestamp = link.issuedAtMs
    if link.isReusable {
      timestamp = Int64((moment.timeIntervalSince1970 * 1000).rounded(.down))
      let number = query.get("n").map { String($0.prefix(64)) }
      message += ":" + (number ?? String(UInt64.random(in: 0 ... .max), radix: 16))
    }
    let event = LinkEvent(
      kind: kind, variant: link.variant, viewer: viewer, placement: link.placement, timestampMs: timestamp,
      messageID: message)
    return try await reception.store(event.body, workspace: link.workspace, source: source, client: client)
  }

  private static func word(for reply: IngestReply) -> String {
    if let rejection = reply.rejected.first { return rejection.code.rawValue }
    return reply.counts.duplicate > 0 ? "duplicate" : "stored"
  }

  private static let headers: HTTPFields = {
    var headers = HTTPFields()
    headers[.cacheControl] = "no-store"
    return headers
  }()

  /// GIF89a, one clear pixel.
  static let clearPixel: [UInt8] = [
    0x47, 0x49, 0x46, 0x38, 0x39, 0x61, 1, 0, 1, 0, 0x80, 0, 0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0x21, 0xF9, 4, 1,
    0,
    0, 0, 0, 0x2C, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0, 0x3B,
  ]
}
