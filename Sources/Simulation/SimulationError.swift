/// Why traffic could not be sent.
public enum SimulationError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The service said no, and would say so again.
  case refused(status: Int, body: String)
  /// Not answered, or told to come back, more often than we try.
  case gaveUp(attempts: Int, reason: String)
  /// The answer was not what the API promises.
  case unreadable(what: String, reason: String)

  public var description: String {
    switch self {
    case .refused(401, _): "the service does not know this key; make one with `retake key create`"
    case .refused(403, _): "the key lacks the scope for this; it needs ingest and read"
    case .refused(let status, let body): "the service answered \(status): \(body)"
    case .gaveUp(let attempts, let reason):
      "gave up after \(attempts) attempts: \(reason). Is the service running at this address?"
    case .unreadable(let what, let reason): "\(what) cannot be read: \(reason)"
    }
  }
}
