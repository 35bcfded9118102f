import Postgres

/// What is done for each kind of job. A worker only claims kinds it has a handler for.
public struct JobHandlers: Sendable {
  typealias Handler = @Sendable (JSONB, JobContext) async throws -> Void

  private var byKind: [String: Handler] = [:]

  public init() {}

  public var kinds: [String] { byKind.keys.sorted() }

  /// The work must bear being done again: a worker may die after the last step and before saying so. Work that
  /// throws ``Unrecoverable``, and payloads that cannot be read, are not tried again.
  public mutating func register<Payload>(
    _ kind: JobKind<Payload>, _ work: @escaping @Sendable (Payload, JobContext) async throws -> Void
  ) {
    let name = kind.name
    byKind[name] = { json, context in
      let payload: Payload
      do {
        payload = try json.decode(Payload.self)
      } catch {
        throw JobError.payload(kind: name, problem: ErrorText.of(error))
      }
      try await work(payload, context)
    }
  }

  func handler(of kind: String) -> Handler? { byKind[kind] }
}
