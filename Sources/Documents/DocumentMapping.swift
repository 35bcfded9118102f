/// A mapping of a document: reads the values of its keys.
///
/// `string("k")` and its like want the key to be there; `optionalString("k")` gives nil when it is absent
/// or null; the forms with `default:` say what absence means.
public struct DocumentMapping {
  let node: DocumentNode
  let all: [DocumentValue.Entry]
  /// True when the place held something else than a mapping, which is already reported.
  let isStandIn: Bool

  public var path: String { node.path }
  public var keys: [String] { all.map(\.key) }
  /// Every key with its value, in the document's order; for mappings whose keys are names people choose.
  public var entries: [(key: String, node: DocumentNode)] {
    all.map { ($0.key, child($0.key, $0.value)) }
  }

  /// Records a problem of the mapping as a whole.
  public func problem(_ message: String) { node.problem(message) }

  public func has(_ key: String) -> Bool { optional(key) != nil }

  /// The place of `key`; when it is absent that is recorded once and reading the place records no more.
  public func require(_ key: String) -> DocumentNode {
    if let entry = all.first(where: { $0.key == key }) { return child(key, entry.value) }
    if !isStandIn { node.problem("the key \"\(key)\" is missing") }
    return child(key, DocumentValue(content: .missing, line: node.line, column: node.column))
  }

  /// The place of `key`, or nil when it is absent or null.
  public func optional(_ key: String) -> DocumentNode? {
    guard let entry = all.first(where: { $0.key == key }), !entry.value.isNull else { return nil }
    return child(key, entry.value)
  }

  private func child(_ key: String, _ value: DocumentValue) -> DocumentNode {
    DocumentNode(value: value, path: node.path.isEmpty ? key : "\(node.path).\(key)", log: node.log)
  }
}

extension DocumentMapping {
  public func mapping(_ key: String, allowed: [String]) -> DocumentMapping {
    require(key).mapping(allowed: allowed)
  }
  public func optionalMapping(_ key: String, allowed: [String]) -> DocumentMapping? {
    optional(key)?.mapping(allowed: allowed)
  }
  public func list<Item>(
    _ key: String, count: ClosedRange<Int> = 0...10_000, of item: (DocumentNode) -> Item
  ) -> [Item] {
    require(key).list(count: count, of: item)
  }
  /// Empty when the key is absent.
  public func optionalList<Item>(
    _ key: String, count: ClosedRange<Int> = 0...10_000, of item: (DocumentNode) -> Item
  ) -> [Item] {
    optional(key)?.list(count: count, of: item) ?? []
  }

  public func string(_ key: String, length: ClosedRange<Int> = 1...10_000) -> String {
    require(key).string(length: length)
  }
  public func optionalString(_ key: String, length: ClosedRange<Int> = 1...10_000) -> String? {
    optional(key)?.string(length: length)
  }
  public func strings(_ key: String, count: ClosedRange<Int> = 0...10_000) -> [String] {
    list(key, count: count) { $0.string() }
  }
  public func optionalStrings(_ key: String, count: ClosedRange<Int> = 0...10_000) -> [String] {
    optionalList(key, count: count) { $0.string() }
  }

  public func int(_ key: String, in range: ClosedRange<Int> = Int.min...Int.max) -> Int {
    require(key).int(in: range)
  }
  public func optionalInt(_ key: String, in range: ClosedRange<Int> = Int.min...Int.max) -> Int? {
    optional(key)?.int(in: range)
  }
  public func double(_ key: String, in range: ClosedRange<Double> = -1e300...1e300) -> Double {
    require(key).double(in: range)
  }
  public func optionalDouble(_ key: String, in range: ClosedRange<Double> = -1e300...1e300) -> Double? {
    optional(key)?.double(in: range)
  }
  public func bool(_ key: String) -> Bool { require(key).bool() }
  public func bool(_ key: String, default standard: Bool) -> Bool { optional(key)?.bool() ?? standard }

  public func duration(
    _ key: String, in range: ClosedRange<Duration> = .zero ... .seconds(1_000_000_000)
  ) -> Duration {
    require(key).duration(in: range)
  }
  public func optionalDuration(
    _ key: String, in range: ClosedRange<Duration> = .zero ... .seconds(1_000_000_000)
  ) -> Duration? {
    optional(key)?.duration(in: range)
  }

  public func oneOf<Choice: CaseIterable & RawRepresentable>(
    _ key: String, _ type: Choice.Type, what: String? = nil
  ) -> Choice where Choice.RawValue == String {
    require(key).oneOf(type, what: what)
  }
  public func optionalOneOf<Choice: CaseIterable & RawRepresentable>(
    _ key: String, _ type: Choice.Type, what: String? = nil
  ) -> Choice? where Choice.RawValue == String {
    optional(key)?.oneOf(type, what: what)
  }
}
