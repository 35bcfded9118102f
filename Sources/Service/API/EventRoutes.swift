import HTTPTypes
import Hummingbird
import Ingestion

/// `POST /v1/events`: a JSON array of events or one event per line; CloudEvents by their content type. Answered after
/// COMMIT with what became of each, or, while the database is away, with how many are kept on disk for it.
struct EventRoutes {
  let reception: EventReception

  func add(to router: RouterGroup<ServiceRequestContext>) {
    router.post("events", use: receive)
    router.post("cloudevents", use: receiveCloudEvents)
  }

  @Sendable private func receive(
    _ request: Request, _ context: ServiceRequestContext
  ) async throws -> Response {
    if CloudEventRequest.isOne(request) { return try await receiveCloudEvents(request, context) }
    let sender = try reception.sender(context)
    let lease = reception.lease()
    defer { withExtendedLifetime(lease) {} }
    let body = try await reception.body(of: request, lease)
    return try await reception.answer(
      to: body, from: sender, source: .native, client: ClientHeaders.sender(request.headers))
  }

  @Sendable private func receiveCloudEvents(
    _ request: Request, _ context: ServiceRequestContext
  ) async throws -> Response {
    let sender = try reception.sender(context)
    let lease = reception.lease()
    defer { withExtendedLifetime(lease) {} }
    let body = try CloudEventRequest.structured(try await reception.body(of: request, lease), of: request)
    return try await reception.answer(
      to: body, from: sender, source: .cloudEvents, client: ClientHeaders.sender(request.headers))
  }
}

extension Problem {
  init(_ error: IngestError) {
    let isBody = if case .body = error { true } else { false }
    self.init(
      isBody ? .badRequest : .serviceUnavailable, error.code, error.description,
      retryAfter: error.retryAfterSeconds)
  }
}
