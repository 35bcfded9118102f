import Campaigns
import FoundationEssentials
import Hummingbird
import Ingestion

/// What every door for bodies of events does: read within limits, find out who sends, mind their rate, store, answer.
struct EventReception {
  let backend: Backend
  let keys: KeyRing

  /// Accounts for the bytes a request holds; to be kept as long as they are.
  func lease() -> BodyLease { BodyLease(backend.bodyBudget) }

  /// - Parameter encoding: of the body, where the request's address says it and no header does.
  func body(of request: Request, _ lease: BodyLease, encoding: String? = nil) async throws -> [UInt8] {
    try await RequestBody(
      maxBytes: backend.limits.maxBodyBytes, maxInflatedBytes: backend.limits.maxInflatedBytes, lease: lease
    ).read(request, encoding: encoding)
  }

  /// The sender whose key came in a header.
  func sender(_ context: ServiceRequestContext) throws -> Identity {
    let identity = try context.requireIdentity()
    try identity.require(.ingest)
    return identity
  }

  /// The sender whose key came in a header, else in the body.
  func sender(_ context: ServiceRequestContext, of body: [UInt8]) async throws -> Identity {
    guard context.identity == nil, let key = BodyKey.find(in: body) else { return try sender(context) }
    let identity = try await keys.identity(of: key)
    try identity.require(.ingest)
    return identity
  }

  /// Stores the events and says what became of each.
  /// - Throws: `Problem`: 400 for a body that is not events, 429 over the workspace's rate, 503 when nothing can be kept.
  func answer(
    to body: [UInt8], from sender: Identity, source: EventSource, client: ClientContext
  ) async throws -> Response {
    try await store(body, workspace: sender.workspace.id, source: source, client: client).response
  }

  /// - Throws: as `answer`.
  func store(
    _ body: [UInt8], workspace: Identifier<Workspace>, source: EventSource, client: ClientContext
  ) async throws(Problem) -> IngestReply {
    let moment = backend.now()
    try backend.rateLimit?.admit(workspace, at: moment)
    let reply: IngestReply
    do {
      reply = try await backend.door.receive(
        body, workspace: workspace, source: source, client: client, at: moment)
    } catch {
      throw Problem(error)
    }
    backend.rateLimit?.charge(workspace, reply.received)
    return reply
  }
}
