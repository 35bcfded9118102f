import Foundation

/// A YAML or JSON file, read strictly: unknown keys, wrong types, duplicates and values out of range are
/// problems with file, line, column and what is allowed, and all of them are told at once.
///
/// ```swift
/// let brand = try Document(path: "brand.yaml").read { root in
///   let map = root.mapping(allowed: ["name", "colours"])
///   return Brand(name: map.string("name"), colours: map.list("colours") { $0.string() })
/// }
/// ```
///
/// Readers never throw and never return nil for a value that must be there: a bad value is recorded and a
/// harmless stand-in returned, so that reading goes on and finds the other problems. `read` then throws and
/// the stand-ins go nowhere.
public struct Document: Sendable {
  /// 4 MiB: far above any brief, far below what could hurt.
  public static let defaultByteLimit = 4 << 20

  /// How messages name the document.
  public let name: String
  let root: DocumentValue

  /// - Throws: `DocumentError` when the file cannot be read, is larger than `byteLimit`, is not UTF-8 or
  ///   not well-formed.
  public init(path: String, byteLimit: Int = Document.defaultByteLimit) throws(DocumentError) {
    let bytes: Data
    do {
      let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
      bytes = try file.read(upToCount: byteLimit + 1) ?? Data()
      try file.close()
    } catch {
      let exists = FileManager.default.fileExists(atPath: path)
      throw DocumentError(
        file: path, message: exists ? "cannot be read; check its permissions" : "there is no such file")
    }
    guard let text = String(data: bytes, encoding: .utf8) else {
      throw DocumentError(file: path, message: "is not UTF-8 text")
    }
    try self.init(text: text, name: path, byteLimit: byteLimit)
  }

  public init(
    text: String, name: String, byteLimit: Int = Document.defaultByteLimit
  ) throws(DocumentError) {
    guard text.utf8.count <= byteLimit else {
      throw DocumentError(file: name, message: "is larger than the limit of \(byteLimit) bytes")
    }
    self.name = name
    var parser = DocumentParser(name: name)
    root = try parser.parse(JSONEscapes.joinSurrogates(in: text, name: name))
  }

  /// Hands the root to `body` and returns what it makes, or throws every problem it met.
  ///
  /// - Throws: `DocumentError` with all problems; or what `body` throws when there were none.
  public func read<Value>(_ body: (DocumentNode) throws -> Value) throws -> Value {
    let log = ProblemLog(file: name)
    let outcome = Result { try body(DocumentNode(value: root, path: "", log: log)) }
    guard log.problems.isEmpty else { throw DocumentError(problems: log.problems) }
    return try outcome.get()
  }
}

/// JSON writers escape characters beyond the basic plane as two `\u` surrogates; YAML has no such pair.
enum JSONEscapes {
  static func joinSurrogates(in text: String, name: String) -> String {
    guard name.hasSuffix(".json"), text.contains("\\u") else { return text }
    return text.replacing(#/\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})/#) { match in
      guard let high = UInt32(match.1, radix: 16), let low = UInt32(match.2, radix: 16),
        let scalar = Unicode.Scalar(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))
      else { return String(match.0) }
      return String(Character(scalar))
    }
  }
}

/// Where the nodes of one reading put their problems. Lives only inside `Document.read`.
final class ProblemLog {
  let file: String
  var problems: [DocumentError.Problem] = []

  init(file: String) {
    self.file = file
  }
}
