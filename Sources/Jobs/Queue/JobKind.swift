/// A kind of work: its name in the table, the type of what it is told, and how often it is tried.
///
///     extension JobKind where Payload == RenderOrder {
///       static var render: Self { JobKind(name: "render", maxAttempts: 4) }
///     }
///
/// Rows outlive programs: change a payload only so that rows written before can still be read.
public struct JobKind<Payload: Codable & Sendable>: Sendable {
  public let name: String
  public let maxAttempts: Int

  public init(name: String, maxAttempts: Int = 5) {
    self.name = name
    self.maxAttempts = maxAttempts
  }
}
