/// A place in a document: reads the value there as what it should be, recording what is wrong.
///
/// Valid inside the closure of `Document.read` only.
public struct DocumentNode {
  let value: DocumentValue
  /// Where this is in the document's structure, such as `scenes[0].duration`.
  public let path: String
  let log: ProblemLog

  public var line: Int { value.line }
  public var column: Int { value.column }
  public var isNull: Bool { value.isNull }
  public var isMapping: Bool { if case .mapping = value.content { true } else { false } }
  public var isList: Bool { if case .sequence = value.content { true } else { false } }
  public var isScalar: Bool { if case .scalar = value.content { true } else { false } }

  /// Records a problem at this place; for rules only the reader knows.
  public func problem(_ message: String) {
    if case .missing = value.content { return }
    report(message, line: value.line, column: value.column)
  }

  func report(_ message: String, line: Int, column: Int) {
    log.problems.append(
      DocumentError.Problem(file: log.file, line: line, column: column, path: path, message: message))
  }

  /// The mapping here; a key not in `allowed` is a problem that names the nearest allowed key.
  public func mapping(allowed: [String]) -> DocumentMapping {
    let map = mapping()
    for entry in map.all where !allowed.contains(entry.key) {
      report(
        "unknown key \"\(entry.key)\"" + Suggestion.tail(for: entry.key, allowed: allowed),
        line: entry.keyLine, column: entry.keyColumn)
    }
    return map
  }

  /// The mapping here with any keys; see `DocumentMapping.entries`.
  public func mapping() -> DocumentMapping {
    guard case .mapping(let entries) = value.content else {
      problem("must be a mapping of keys to values, but is \(value.kindName)")
      return DocumentMapping(node: self, all: [], isStandIn: true)
    }
    return DocumentMapping(node: self, all: entries, isStandIn: false)
  }

  /// The items here, each read by `item`. `count` bounds how many there may be.
  public func list<Item>(
    count: ClosedRange<Int> = 0...10_000, of item: (DocumentNode) -> Item
  ) -> [Item] {
    guard case .sequence(let items) = value.content else {
      problem("must be a list, but is \(value.kindName)")
      return []
    }
    guard count.contains(items.count) else {
      problem("must have \(count.lowerBound) to \(count.upperBound) items, but has \(items.count)")
      return []
    }
    return items.enumerated().map { index, value in
      item(DocumentNode(value: value, path: "\(path)[\(index)]", log: log))
    }
  }

  /// Text of 1 (or `length.lowerBound`) to `length.upperBound` characters. `NO`, `1.10` and `0123` stay
  /// what was written.
  public func string(length: ClosedRange<Int> = 1...10_000) -> String {
    guard let (text, _) = scalar(what: "text") else { return "" }
    guard length.contains(text.count) else {
      problem(
        text.isEmpty
          ? "must not be empty"
          : "must have \(length.lowerBound) to \(length.upperBound) characters, but has \(text.count)")
      return ""
    }
    return text
  }

  /// Text that `parse` understands; `what` completes "must be …".
  public func parsed<Value>(_ what: String, standIn: Value, _ parse: (String) -> Value?) -> Value {
    guard let (text, _) = scalar(what: what) else { return standIn }
    guard let parsed = parse(text) else {
      problem("must be \(what), but is \"\(text.prefix(60))\"")
      return standIn
    }
    return parsed
  }

  public func int(in range: ClosedRange<Int> = Int.min...Int.max) -> Int {
    number("a whole number", in: range, standIn: range.lowerBound) { Int($0) }
  }

  public func double(in range: ClosedRange<Double> = -1e300...1e300) -> Double {
    number("a number", in: range, standIn: range.lowerBound) { text in
      Double(text).flatMap { $0.isFinite ? $0 : nil }
    }
  }

  public func bool() -> Bool {
    guard let (text, isPlain) = scalar(what: "true or false") else { return false }
    switch (text, isPlain) {
    case ("true", true): return true
    case ("false", true): return false
    default:
      problem("must be true or false, but is \"\(text.prefix(60))\"")
      return false
    }
  }

  /// A length of time with its unit: `500ms`, `6s`, `1.5s`, `90m`, `12h`, `14d`, or several: `1m30s`.
  public func duration(in range: ClosedRange<Duration> = .zero ... .seconds(1_000_000_000)) -> Duration {
    guard let (text, _) = scalar(what: "a length of time") else { return range.lowerBound }
    guard let duration = DurationText.parse(text) else {
      problem(
        "must be a length of time with its unit such as 500ms, 6s, 1m30s, 12h or 14d, "
          + "but is \"\(text.prefix(60))\"")
      return range.lowerBound
    }
    guard range.contains(duration) else {
      problem(
        "must be between \(DurationText.format(range.lowerBound)) and "
          + "\(DurationText.format(range.upperBound)), but is \(text)")
      return range.lowerBound
    }
    return duration
  }

  /// One of the cases of `type`, by raw value.
  public func oneOf<Choice: CaseIterable & RawRepresentable>(
    _ type: Choice.Type, what: String? = nil
  ) -> Choice where Choice.RawValue == String {
    let cases = Array(type.allCases)
    let text = known(in: cases.map(\.rawValue), what: what)
    // An enumeration without cases cannot be read at all, so there is a first.
    return cases.first { $0.rawValue == text } ?? cases[0]
  }

  /// One of `words`; `what` names the kind of thing in the message: "is not a known placement".
  public func known(in words: [String], what: String? = nil) -> String {
    guard let (text, _) = scalar(what: what.map { "a \($0)" } ?? "text") else { return words.first ?? "" }
    guard words.contains(text) else {
      let lead = what.map { "is not a known \($0)" } ?? "is not allowed here"
      problem("\"\(text.prefix(60))\" \(lead)" + Suggestion.tail(for: text, allowed: words))
      return words.first ?? text
    }
    return text
  }

  private func number<Value: Comparable>(
    _ what: String, in range: ClosedRange<Value>, standIn: Value, _ parse: (String) -> Value?
  ) -> Value {
    guard let (text, isPlain) = scalar(what: what) else { return standIn }
    guard isPlain, let parsed = parse(text) else {
      let hint = isPlain || parse(text) == nil ? "" : "; take the quotes away"
      problem("must be \(what), but is the text \"\(text.prefix(60))\"\(hint)")
      return standIn
    }
    guard range.contains(parsed) else {
      problem("must be between \(range.lowerBound) and \(range.upperBound), but is \(text)")
      return standIn
    }
    return parsed
  }

  private func scalar(what: String) -> (text: String, isPlain: Bool)? {
    guard case .scalar(let text, let isPlain) = value.content, !value.isNull else {
      problem("must be \(what), but is \(value.kindName)")
      return nil
    }
    return (text, isPlain)
  }
}
