import Foundation

/// What of an error is stored with its job and shown on dashboards.
///
/// Safe by default: only errors that describe themselves are quoted; of the others only the type is named, for a
/// reflected payload may hold anything. Passwords in addresses and settings are blanked, control characters and
/// line ends become spaces, and the text ends after 1,000 characters.
public enum ErrorText {
  static let longest = 1000

  public static func of(_ error: any Error) -> String {
    let text =
      switch error {
      case is CancellationError: "the work was cancelled"
      case let error as DecodingError: describe(error)
      case let error as any CustomStringConvertible: error.description
      default: "\(type(of: error)), which does not describe itself; see the log"
      }
    return safe(text)
  }

  static func safe(_ text: String) -> String {
    var result = ""
    for character in text {
      let plain =
        character.isNewline || character.unicodeScalars.contains { $0.value < 32 || $0.value == 127 }
      if plain, result.hasSuffix(" ") { continue }
      result.append(plain ? " " : character)
    }
    result.replace(#/(?<scheme>[A-Za-z][A-Za-z0-9+.\-]*:\/\/)[^\s\/@]*@/#) { "\($0.output.scheme)…@" }
    result.replace(
      #/(?<name>(?i:password|passwd|secret|token|api_key|authorization))(?<sign>\s*[=:]\s*)[^\s,;&]+/#
    ) {
      "\($0.output.name)\($0.output.sign)…"
    }
    result = result.trimmingCharacters(in: .whitespaces)
    if result.isEmpty { result = "failed without saying why" }
    return result.count > longest ? result.prefix(longest) + "…" : result
  }

  private static func describe(_ error: DecodingError) -> String {
    let (problem, context): (String, DecodingError.Context) =
      switch error {
      case .keyNotFound(let key, let context): ("'\(key.stringValue)' is missing", context)
      case .typeMismatch(let type, let context): ("it is not of type \(type)", context)
      case .valueNotFound(let type, let context): ("it is null, not \(type)", context)
      case .dataCorrupted(let context): (context.debugDescription, context)
      @unknown default: ("unreadable", .init(codingPath: [], debugDescription: ""))
      }
    let path = context.codingPath.map(\.stringValue).joined(separator: ".")
    return path.isEmpty ? problem : "at \(path): \(problem)"
  }
}
