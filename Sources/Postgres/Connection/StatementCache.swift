/// Which statements of a connection are prepared on the server. A statement is prepared when it comes the second
/// time: what runs once costs one round trip, what runs often is parsed once.
struct StatementCache {
  enum Way: Equatable {
    case asText
    case prepareFirst(name: String)
    case prepared(name: String)
  }

  private enum Entry {
    case seen
    case prepared(name: String)
  }

  private var entries: [Key: Entry] = [:]
  private var nextNumber = 0
  /// Beyond this many texts all is forgotten; a program has a few hundred at most.
  private let limit: Int
  private let isEnabled: Bool

  private struct Key: Hashable {
    let text: String
    let types: [PostgresType]
  }

  init(isEnabled: Bool, limit: Int = 512) {
    self.isEnabled = isEnabled
    self.limit = limit
  }

  mutating func way(for text: String, _ parameters: [Parameter]) -> Way {
    guard isEnabled else { return .asText }
    let key = Key(text: text, types: parameters.map(\.type))
    switch entries[key] {
    case .prepared(let name): return .prepared(name: name)
    case .seen:
      nextNumber += 1
      return .prepareFirst(name: "retake_\(nextNumber)")
    case nil:
      if entries.count < limit { entries[key] = .seen }
      return .asText
    }
  }

  mutating func didPrepare(_ text: String, _ parameters: [Parameter], name: String) {
    entries[Key(text: text, types: parameters.map(\.type))] = .prepared(name: name)
  }

  mutating func forget() { entries = [:] }
}
