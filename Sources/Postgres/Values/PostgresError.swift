/// Everything that can go wrong in this room. `message` says what happened and, where somebody can act on it, what
/// to do. `description` never shows values of rows; `detail` may, so print it only where that is allowed.
public struct PostgresError: Error, Sendable, Equatable {
  public enum Kind: String, Sendable {
    /// An address or a setting that cannot be used.
    case configuration
    /// The server is away, refuses us, or went away in the middle. The work may be tried again.
    case connection
    /// The server understood and refused the statement; see `sqlState`.
    case server
    /// A value has no form in PostgreSQL, or a COPY row has the wrong number of fields.
    case encoding
    /// A row has not the columns or the types the caller asked for.
    case decoding
    /// A statement, a connection attempt or the wait for a free connection took longer than it may.
    case timeout
    /// The task was cancelled, or somebody cancelled the statement on the server.
    case cancelled
    /// The `Database` was closed.
    case closed
    /// The schema's files and the database do not fit together.
    case migration
    /// The private cluster cannot be made, started or stopped.
    case cluster
  }

  public var kind: Kind
  public var message: String
  /// SQLSTATE, five characters (PostgreSQL documentation, appendix A).
  public var sqlState: String?
  /// The server's detail. May hold values of rows.
  public var detail: String?
  public var hint: String?
  public var constraint: String?
  public var table: String?
  public var column: String?
  /// The text of the statement, never its parameters.
  public var statement: String?

  public init(_ kind: Kind, _ message: String, sqlState: String? = nil, hint: String? = nil) {
    self.kind = kind
    self.message = message
    self.sqlState = sqlState
    self.hint = hint
  }

  public var isUniqueViolation: Bool { sqlState == "23505" }
  public var isForeignKeyViolation: Bool { sqlState == "23503" }
  public var isCheckViolation: Bool { sqlState == "23514" }
  public var isNotNullViolation: Bool { sqlState == "23502" }
  public var isExclusionViolation: Bool { sqlState == "23P01" }
  public var isUndefinedTable: Bool { sqlState == "42P01" }
  public var isDeadlock: Bool { sqlState == "40P01" }
  public var isSerializationFailure: Bool { sqlState == "40001" }

  /// The same transaction, tried again, may succeed.
  public var isRetryable: Bool { isDeadlock || isSerializationFailure || kind == .connection }
}

extension PostgresError: CustomStringConvertible, CustomDebugStringConvertible {
  public var description: String {
    var text = message
    if let sqlState { text += " [\(sqlState)]" }
    if let constraint { text += " (constraint \(constraint))" }
    if let hint { text += ". \(hint)" }
    return text
  }

  /// With the detail and the statement: for a developer, not for a log that others read.
  public var debugDescription: String {
    var text = "PostgresError.\(kind.rawValue): \(description)"
    if let detail { text += "\n  detail: \(detail)" }
    if let statement { text += "\n  statement: \(statement)" }
    return text
  }
}
