import Campaigns
import FoundationEssentials
import HTTPTypes
import Hummingbird
import Ingestion

/// `POST /v1/events`: a JSON array of events or one event per line. Answered after COMMIT with what became of each.
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
    let body = try await RequestBody(
      maxBytes: backend.limits.maxBodyBytes, maxInflatedBytes: backend.limits.maxInflatedBytes
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
    let code =
      switch error {
      case .body(let body): body.code.rawValue
      case .overloaded: "overloaded"
      case .draining: "shutting_down"
      case .unavailable: "database_unavailable"
      }
    let isBody = if case .body = error { true } else { false }
    self.init(
      isBody ? .badRequest : .serviceUnavailable, code, error.description,
      retryAfter: error.retryAfterSeconds)
  }
}
