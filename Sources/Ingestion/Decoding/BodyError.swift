/// Why a whole body was refused: nothing in it was stored.
public struct BodyError: Error, Hashable, Sendable, CustomStringConvertible {
  public enum Code: String, Hashable, Sendable, CaseIterable {
    case emptyBody = "empty_body"
    case malformedJSON = "malformed_json"
    case tooDeep = "too_deep"
    case tooManyEvents = "too_many_events"
  }

  public var code: Code
  /// Bytes before the place where reading stopped.
  public var offset: Int
  public var message: String

  public var description: String { "\(message) (byte \(offset))" }

  static func malformed(_ error: JSONSyntaxError) -> BodyError {
    BodyError(
      code: error.problem == .tooDeep ? .tooDeep : .malformedJSON, offset: error.offset,
      message: error.problem.message)
  }
}

/// Where bytes stop being JSON, and why.
struct JSONSyntaxError: Error, Hashable {
  enum Problem: UInt8, Hashable {
    case unexpectedByte, unexpectedEnd, expectedKey, expectedColon, expectedCommaOrEnd, expectedValue
    case controlCharacter, malformedNumber, tooDeep, trailingBytes

    var message: String {
      switch self {
      case .unexpectedByte: "an unexpected character; send a JSON array of events, or one event per line"
      case .unexpectedEnd: "the JSON ends in the middle"
      case .expectedKey: "expected a key in double quotes"
      case .expectedColon: "expected ':' after the key"
      case .expectedCommaOrEnd: "expected ',' or the end of the object or array"
      case .expectedValue: "expected a value"
      case .controlCharacter: "a control character inside a string; write it as \\u00XX"
      case .malformedNumber: "this is not a number as JSON writes them"
      case .tooDeep: "objects and arrays are nested too deep"
      case .trailingBytes: "something follows the end of the value"
      }
    }
  }

  var problem: Problem
  var offset: Int
}
