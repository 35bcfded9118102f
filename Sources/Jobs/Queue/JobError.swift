/// What the Jobs room refuses. Failures of the database stay `PostgresError`.
public enum JobError: Error, Sendable, CustomStringConvertible {
  /// The payload does not have the shape its kind says; trying again is of no use.
  case payload(kind: String, problem: String)
  /// Somebody else has the job now, or it was cancelled: what was done must not be kept.
  case leaseLost(JobID)
  case unknownTimeZone(String)

  public var description: String {
    switch self {
    case .payload(let kind, let problem): "the payload of this '\(kind)' job cannot be read: \(problem)"
    case .leaseLost(let id): "job \(id) was cancelled or given to another worker; its result was discarded"
    case .unknownTimeZone(let name):
      "'\(name)' is no time zone known here; write one such as UTC or Europe/Berlin"
    }
  }
}

/// Thrown by work that no further attempt can mend; the job is discarded at once.
public struct Unrecoverable: Error, Sendable, CustomStringConvertible {
  /// For people: what is wrong, where, what to do.
  public let description: String

  public init(_ description: String) { self.description = description }
}
