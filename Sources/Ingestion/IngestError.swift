/// Why a request's events were not stored. Nothing of such a request was acknowledged; sending the same bytes again
/// is always safe.
public enum IngestError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The body is not events: HTTP 400.
  case body(BodyError)
  /// More is waiting to be written than the queue holds: HTTP 503.
  case overloaded(retryAfterSeconds: Int)
  /// The program is stopping: HTTP 503.
  case draining(retryAfterSeconds: Int)
  /// The database is away, or whether it committed cannot be known: HTTP 503.
  case unavailable(reason: String, retryAfterSeconds: Int)

  public var description: String {
    switch self {
    case .body(let error): error.description
    case .overloaded(let seconds):
      "more events are waiting than can be written; send these again in \(seconds) s"
    case .draining(let seconds): "the service is stopping; send these events again in \(seconds) s"
    case .unavailable(let reason, let seconds):
      "the events could not be stored (\(reason)); send them again in \(seconds) s"
    }
  }

  /// Seconds for the `Retry-After` header; nil when trying again cannot help.
  public var retryAfterSeconds: Int? {
    switch self {
    case .body: nil
    case .overloaded(let seconds), .draining(let seconds), .unavailable(_, let seconds): seconds
    }
  }
}
