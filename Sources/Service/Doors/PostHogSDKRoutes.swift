import Hummingbird
import Ingestion

/// The protocol of PostHog's SDKs: `POST /batch/` from servers, `/e/` and `/i/v0/e/` from browsers, `/capture/` by hand.
/// The project's key is `api_key` or `token` in the body.
struct PostHogSDKRoutes {
  static let paths: [String] = ["batch", "capture", "e", "i/v0/e"]

  let reception: EventReception

  func add(to router: RouterGroup<ServiceRequestContext>) {
    for path in Self.paths { router.post(RouterPath(path), use: receive) }
  }

  @Sendable private func receive(
    _ request: Request, _ context: ServiceRequestContext
  ) async throws -> Response {
    let compression = request.uri.queryParameters.get("compression")
    let isGzip = compression == "gzip" || compression == "gzip-js"
    let lease = reception.lease()
    defer { withExtendedLifetime(lease) {} }
    var body = try await reception.body(of: request, lease, encoding: isGzip ? "gzip" : nil)
    if PostHogForm.isOne(request) { body = try PostHogForm.json(in: body) }
    let sender = try await reception.sender(context, of: body)
    return try await reception.answer(
      to: body, from: sender, source: .postHog, client: ClientHeaders.sender(request.headers))
  }
}
