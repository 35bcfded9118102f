import Yams

/// Text -> `DocumentValue`, refusing what could hurt: too deep, too many nodes, keys that are not text.
struct DocumentParser {
  /// Nodes after aliases are followed; a small file of nested aliases cannot grow past it.
  static let maximumNodes = 200_000
  static let maximumDepth = 64

  let name: String
  private var nodes = 0

  init(name: String) {
    self.name = name
  }

  mutating func parse(_ text: String) throws(DocumentError) -> DocumentValue {
    try refuseHostileShapes(text)
    let root: Node?
    do {
      root = try Parser(yaml: text).singleRoot()
    } catch let error as YamlError {
      throw describe(error)
    } catch {
      throw DocumentError(file: name, message: "cannot be read as YAML: \(error)")
    }
    guard let root else {
      throw DocumentError(file: name, line: 1, column: 1, message: "the document is empty")
    }
    return try convert(root, depth: 0)
  }

  private mutating func convert(_ node: Node, depth: Int) throws(DocumentError) -> DocumentValue {
    let (line, column) = (node.mark?.line ?? 1, node.mark?.column ?? 1)
    nodes += 1
    guard nodes <= Self.maximumNodes else {
      throw DocumentError(
        file: name, line: line, column: column,
        message: "the document grows past \(Self.maximumNodes) values once its aliases are followed")
    }
    guard depth <= Self.maximumDepth else {
      throw tooDeep(line: line, column: column)
    }
    switch node {
    case .scalar(let scalar):
      let isPlain = scalar.style == .plain || scalar.style == .any
      return DocumentValue(
        content: .scalar(text: scalar.string, isPlain: isPlain), line: line, column: column)
    case .sequence(let sequence):
      var items: [DocumentValue] = []
      for item in sequence { items.append(try convert(item, depth: depth + 1)) }
      return DocumentValue(content: .sequence(items), line: line, column: column)
    case .mapping(let mapping):
      var entries: [DocumentValue.Entry] = []
      for (key, value) in mapping {
        guard case .scalar(let scalar) = key else {
          throw DocumentError(
            file: name, line: key.mark?.line ?? line, column: key.mark?.column ?? column,
            message: "a key must be plain text")
        }
        entries.append(
          DocumentValue.Entry(
            key: scalar.string, keyLine: key.mark?.line ?? line, keyColumn: key.mark?.column ?? column,
            value: try convert(value, depth: depth + 1)))
      }
      return DocumentValue(content: .mapping(entries), line: line, column: column)
    case .alias:
      throw DocumentError(
        file: name, line: line, column: column, message: "an alias without the anchor it names")
    }
  }

  private func tooDeep(line: Int, column: Int) -> DocumentError {
    DocumentError(
      file: name, line: line, column: column,
      message: "nested deeper than \(Self.maximumDepth) levels")
  }

  /// Yams composes by recursion and hashes every key of a mapping. Nesting beyond reason would end the
  /// stack, and a key that is an alias of a collection would be hashed in its expanded size, before any
  /// budget of ours could count. So both are refused from the text, before it is composed.
  private func refuseHostileShapes(_ text: String) throws(DocumentError) {
    var line = 1
    var flowDepth = 0
    var leading = 0
    var atLineStart = true
    var previous = UInt8(ascii: "\n")
    var hasAnchor = false
    var complexKeyLine: Int?
    var pendingClose = false
    var aliasToken = false
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\n"):
        line += 1
        leading = 0
        atLineStart = true
      case UInt8(ascii: " "), UInt8(ascii: "-"):
        if atLineStart { leading += 1 }
      case UInt8(ascii: "["), UInt8(ascii: "{"):
        flowDepth += 1
        atLineStart = false
      case UInt8(ascii: "]"), UInt8(ascii: "}"):
        flowDepth = max(0, flowDepth - 1)
        atLineStart = false
      default:
        if byte == UInt8(ascii: "?"), atLineStart, complexKeyLine == nil { complexKeyLine = line }
        atLineStart = false
      }
      guard flowDepth <= 8 * Self.maximumDepth, leading <= 8 * Self.maximumDepth else {
        throw tooDeep(line: line, column: 1)
      }
      let separated = " \n[{,:-".utf8.contains(previous)
      if byte == UInt8(ascii: "&"), separated { hasAnchor = true }
      if byte == UInt8(ascii: "*"), separated {
        aliasToken = true
      } else if byte == UInt8(ascii: "]") || byte == UInt8(ascii: "}") {
        pendingClose = true
      } else if byte == UInt8(ascii: ":") {
        if pendingClose || aliasToken, complexKeyLine == nil { complexKeyLine = line }
        (pendingClose, aliasToken) = (false, false)
      } else if byte != UInt8(ascii: " ") {
        pendingClose = false
        if " \n,]}".utf8.contains(byte) || previous == UInt8(ascii: " ") { aliasToken = false }
      }
      previous = byte
    }
    if hasAnchor, let complexKeyLine {
      throw DocumentError(
        file: name, line: complexKeyLine, column: 1,
        message: "a key must be plain text; lists, mappings and aliases cannot be keys")
    }
  }

  private func describe(_ error: YamlError) -> DocumentError {
    switch error {
    case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
      .composer(let context, let problem, let mark, _):
      let lead = context.map { "\($0.text): " } ?? ""
      return DocumentError(
        file: name, line: mark.line, column: mark.column, message: "not well-formed YAML: \(lead)\(problem)")
    case .duplicatedKeysInMapping(let duplicates, let context):
      let keys = duplicates.map { "\"\($0)\"" }.joined(separator: ", ")
      return DocumentError(
        file: name, line: context.mark.line, column: context.mark.column,
        message: "the key \(keys) stands twice in one mapping; keep one")
    case .reader(let problem, let offset, _, let yaml):
      let before = yaml.prefix(offset ?? 0)
      let line = before.count { $0.isNewline } + 1
      let column = before.reversed().prefix { !$0.isNewline }.count + 1
      return DocumentError(file: name, line: line, column: column, message: "unreadable text: \(problem)")
    default:
      return DocumentError(file: name, message: "cannot be read as YAML: \(error)")
    }
  }
}
