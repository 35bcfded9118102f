internal import Postgres

/// What can go wrong between a request and the campaigns it is about. Each message says what to do.
public enum CampaignsError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Not there, or in another workspace: the two are told apart by nobody.
  case notFound(what: String, name: String)
  case alreadyExists(what: String, name: String)
  /// A rule of the domain forbids it.
  case refused(String)
  /// A stored row holds what this version of the program does not know.
  case unreadableRow(table: String, problem: String)

  public var description: String {
    switch self {
    case .notFound(let what, let name):
      "there is no \(what) \(name) in this workspace"
    case .alreadyExists(let what, let name):
      "a \(what) named \(name) exists already; choose another name"
    case .refused(let reason):
      reason
    case .unreadableRow(let table, let problem):
      "a row of \(table) cannot be read: \(problem). Was it written by a newer version of Retake?"
    }
  }
}

/// The enumeration case stored as `text`.
func stored<Value: RawRepresentable<String>>(
  _ text: String, in table: String
) throws(CampaignsError) -> Value {
  guard let value = Value(rawValue: text) else {
    throw .unreadableRow(table: table, problem: "\"\(text)\" is not a known \(Value.self)")
  }
  return value
}

/// Runs a statement whose refusal by a constraint has a meaning people understand.
///
/// The body throws untyped on purpose: catching a typed error around a call on an existential crashes the compiler
/// (Swift 6.3.1, MandatoryAllocBoxToStack).
func translating(
  _ isExpected: (PostgresError) -> Bool, to refusal: @autoclosure () -> String,
  _ body: () async throws -> Void
) async throws {
  do {
    try await body()
  } catch let error as PostgresError where isExpected(error) {
    throw CampaignsError.refused(refusal())
  }
}
