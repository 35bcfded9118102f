internal import Documents
internal import Foundation

/// A value with its place in a document, for rules that can only be held to it once other files are read.
struct Located<Value> {
  let value: Value
  let file: String
  let line: Int
  let column: Int
  let path: String

  func problem(_ message: String) -> DocumentError.Problem {
    DocumentError.Problem(file: file, line: line, column: column, path: path, message: message)
  }
}

extension DocumentNode {
  func located<Value>(_ value: Value, file: String) -> Located<Value> {
    Located(value: value, file: file, line: line, column: column, path: path)
  }

  /// A name in lower-case letters, digits and hyphens.
  func key() -> String {
    parsed("1 to 63 lower-case letters, digits, hyphens or underscores, a letter first", standIn: "") {
      $0.wholeMatch(of: #/[a-z][a-z0-9_-]{0,62}/#) == nil ? nil : $0
    }
  }

  func language() -> String {
    parsed("a language such as en, fr or pt-BR", standIn: "") {
      $0.wholeMatch(of: #/[a-z]{2,3}(-[A-Za-z0-9]{2,8})*/#) == nil ? nil : $0
    }
  }

  func day() -> String {
    parsed("a day such as 2026-10-26", standIn: "") { Day.isDay($0) ? $0 : nil }
  }

  /// Text per language, in exactly these languages.
  func localised(_ languages: [String], length: ClosedRange<Int> = 1...400) -> LocalisedText {
    let map = mapping(allowed: languages)
    return Dictionary(uniqueKeysWithValues: languages.map { ($0, map.string($0, length: length)) })
  }

  /// Text per language, in whichever there are.
  func localisedInAny(length: ClosedRange<Int> = 1...400) -> LocalisedText {
    let entries = mapping().entries
    if entries.isEmpty { problem("needs a text for at least one language") }
    return Dictionary(entries.map { ($0.key, $0.node.string(length: length)) }) { first, _ in first }
  }
}

extension DocumentMapping {
  /// Holds the document to the kind and version it states in its key `schema`.
  func schema(_ name: String) {
    let node = require("schema")
    let found = node.string()
    if !found.isEmpty, found != name { node.problem("must be \(name), but is \(found)") }
  }

  /// Items whose `key` is theirs alone.
  func uniqueList<Item>(
    _ name: String, count: ClosedRange<Int>, key: (Item) -> String, of item: (DocumentNode) -> Item
  ) -> [Item] {
    var seen: Set<String> = []
    return list(name, count: count) { node in
      let item = item(node)
      if !key(item).isEmpty, !seen.insert(key(item)).inserted {
        node.problem("the key \"\(key(item))\" is there twice; each must be its own")
      }
      return item
    }
  }
}
