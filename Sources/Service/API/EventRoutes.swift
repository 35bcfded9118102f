import Campaigns
import FoundationEssentials
import HTTPTypes
import Hummingbird
import Ingestion

/// `POST /v1/events`: a JSON array of events or one event per line. Answered after COMMIT with what became of each, or,
/// while the database is away, with how many are kept on disk for it.
struct EventRoutes {
  let backend: Backend

  func add(to router: RouterGroup<ServiceRequestContext>) {
    let ingesting = router.group().add(middleware: RequireScope(scope: .ingest))
    ingesting.post("events", use: receive)
  }

  @Sendable private func receive(
    _ request: Request, _ context: ServiceRequestContext
  ) async throws -> Response {
    let identity = try context.requireIdentity()
    let lease = BodyLease(backend.bodyBudget)
    defer { withExtendedLifetime(lease) {} }
    let body = try await RequestBody(
      maxBytes: backend.limits.maxBodyBytes, maxInflatedBytes: backend.limits.maxInflatedBytes, lease: lease
    ).read(request)
    let reply: IngestReply
    do {
      reply = try await backend.door.receive(body, workspace: identity.workspace.id, at: backend.now())
    } catch {
      throw Problem(error)
    }
    return reply.response
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
