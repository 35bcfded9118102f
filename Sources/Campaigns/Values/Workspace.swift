/// A tenant. Owns everything else; nothing crosses from one to another.
public struct Workspace: Hashable, Sendable, Codable, Identifiable {
  public let id: Identifier<Workspace>
  public var name: String

  public init(id: Identifier<Workspace>, name: String) {
    self.id = id
    self.name = name
  }
}

/// What an API key opens.
public enum Scope: String, Hashable, Sendable, Codable, CaseIterable {
  /// Send events and insights.
  case ingest
  /// Read campaigns, results, decisions, reports.
  case read
  /// Change campaigns, take and reverse decisions, make keys.
  case admin
}
