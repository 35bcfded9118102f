import Hummingbird
import Ingestion

/// The protocol of Segment's and RudderStack's SDKs: `POST /v1/batch` and one path per call. The write key is the user
/// of Basic authentication, a Bearer token, or `writeKey` in the body.
struct SegmentSDKRoutes {
  static let paths: [String] = [
    "batch", "track", "page", "screen", "identify", "group", "alias", "import",
  ]

  let reception: EventReception

  func add(to router: RouterGroup<ServiceRequestContext>) {
    for path in Self.paths { router.post(RouterPath(path), use: receive) }
  }

  @Sendable private func receive(
    _ request: Request, _ context: ServiceRequestContext
  ) async throws -> Response {
    let lease = reception.lease()
    defer { withExtendedLifetime(lease) {} }
    let body = try await reception.body(of: request, lease)
    let sender = try await reception.sender(context, of: body)
    return try await reception.answer(
      to: body, from: sender, source: .segment, client: ClientHeaders.sender(request.headers))
  }
}
