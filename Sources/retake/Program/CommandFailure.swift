import Foundation
import Postgres

/// A failure a person can act on; printed as it is, without a stack of causes.
struct CommandFailure: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}

/// What a failed command tells: one message and an exit status.
enum FailureText {
  /// The rooms' errors all describe themselves: what, where, what to do. Foundation's have a text of their own.
  static func of(_ error: any Error) -> String {
    switch error {
    case let error as PostgresError where error.kind == .connection || error.kind == .timeout:
      "the database does not answer: \(error)"
    case is CocoaError, is POSIXError: error.localizedDescription
    case let error as any CustomStringConvertible: error.description
    default: error.localizedDescription
    }
  }
}
