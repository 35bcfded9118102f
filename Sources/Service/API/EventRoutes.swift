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

  private struct Receipt: Encodable {
    struct Counts: Encodable {
      let received: Int
      let stored: Int
      let duplicate: Int
      let quarantined: Int
      let rejected: Int
      /// Left out when there are none, which is nearly always.
      let spooled: Int?
    }

    struct Rejected: Encodable {
      let index: Int
      let code: String
      let message: String
      let quarantined: Bool
    }

    let success = true
    let status = 1
    let counts: Counts
    let rejected: [Rejected]

    private enum CodingKeys: CodingKey { case success, status, counts, rejected }
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
    return try ServiceJSON.response(
      Receipt(
        counts: .init(
          received: reply.received, stored: reply.counts.stored, duplicate: reply.counts.duplicate,
          quarantined: reply.counts.quarantined, rejected: reply.counts.rejected,
          spooled: reply.spooled > 0 ? reply.spooled : nil),
        rejected: reply.rejected.map {
          .init(
            index: $0.index, code: $0.code.rawValue, message: $0.message,
            quarantined: $0.code.isQuarantine)
        }))
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
