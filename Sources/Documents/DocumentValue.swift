/// A document's tree with the place of every node; what Yams composes, made `Sendable` and bounded.
struct DocumentValue: Sendable {
  enum Content: Sendable {
    /// `isPlain` is false for quoted and block text, which is never null, a number or a boolean.
    case scalar(text: String, isPlain: Bool)
    case sequence([DocumentValue])
    case mapping([Entry])
    /// Stands where a required key is absent; already reported, so reading it reports nothing more.
    case missing
  }

  struct Entry: Sendable {
    let key: String
    let keyLine: Int
    let keyColumn: Int
    let value: DocumentValue
  }

  let content: Content
  let line: Int
  let column: Int

  var isNull: Bool {
    guard case .scalar(let text, true) = content else { return false }
    return text.isEmpty || text == "~" || text == "null"
  }

  /// What people call this kind of node in a message.
  var kindName: String {
    switch content {
    case .scalar(let text, _): isNull ? "nothing" : "the text \"\(text.prefix(40))\""
    case .sequence: "a list"
    case .mapping: "a mapping"
    case .missing: "nothing"
    }
  }
}
