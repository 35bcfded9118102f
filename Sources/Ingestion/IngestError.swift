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
  /// The database is there and will not take these events, which is a mistake of this program or its schema: HTTP 503.
  case refused(reason: String, retryAfterSeconds: Int)
  /// The database is away and the spool holds all it may: HTTP 503.
  case spoolFull(retryAfterSeconds: Int)
  /// The database is away and hardly any space is left on the spool's disk: HTTP 503.
  case storageLow(retryAfterSeconds: Int)

  init(_ error: SpoolError) {
    self =
      switch error {
      case .full: .spoolFull(retryAfterSeconds: 10)
      case .storageLow: .storageLow(retryAfterSeconds: 10)
      case .inUse, .closed, .system: .unavailable(reason: "neither database nor spool", retryAfterSeconds: 2)
      }
  }

  /// Stable and machine-readable; stands in the answer.
  public var code: String {
    switch self {
    case .body(let error): error.code.rawValue
    case .overloaded: "overloaded"
    case .draining: "shutting_down"
    case .unavailable: "database_unavailable"
    case .refused: "database_refused"
    case .spoolFull: "spool_full"
    case .storageLow: "storage_low"
    }
  }

  public var description: String {
    switch self {
    case .body(let error): error.description
    case .overloaded(let seconds):
      "more events are waiting than can be written; send these again in \(seconds) s"
    case .draining(let seconds): "the service is stopping; send these events again in \(seconds) s"
    case .unavailable(let reason, let seconds):
      "the events could not be stored (\(reason)); send them again in \(seconds) s"
    case .refused(let reason, let seconds):
      "the database did not take the events (\(reason)); its operator must look, send them again in \(seconds) s"
    case .spoolFull(let seconds):
      "the database is away and as many events as may be are kept for it; send these again in \(seconds) s"
    case .storageLow(let seconds):
      "the database is away and the disk nearly full; send these events again in \(seconds) s"
    }
  }

  /// Seconds for the `Retry-After` header; nil when trying again cannot help.
  public var retryAfterSeconds: Int? {
    switch self {
    case .body: nil
    case .overloaded(let seconds), .draining(let seconds), .unavailable(_, let seconds),
      .refused(_, let seconds), .spoolFull(let seconds), .storageLow(let seconds):
      seconds
    }
  }
}
