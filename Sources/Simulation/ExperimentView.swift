public import Foundation

/// An experiment as `GET /v1/campaigns/{key}/experiments` answers it (an array of these): all that a client that
/// assigns viewers itself must know. Keys are snake_case, times RFC 3339.
public struct ExperimentView: Codable, Hashable, Sendable {
  public struct Epoch: Codable, Hashable, Sendable {
    public var number: Int
    /// A whole hour, UTC.
    public var startsAt: Date
    /// In the order in which they are laid over [0, 1).
    public var shares: [Share]

    public init(number: Int, startsAt: Date, shares: [Share]) {
      self.number = number
      self.startsAt = startsAt
      self.shares = shares
    }
  }

  public struct Share: Codable, Hashable, Sendable {
    public var variantId: UUID
    public var name: String
    public var share: Double

    public init(variantId: UUID, name: String, share: Double) {
      self.variantId = variantId
      self.name = name
      self.share = share
    }
  }

  /// A variant as far as a client that shows it must know.
  public struct Variant: Codable, Hashable, Sendable {
    public var id: UUID
    public var name: String
    public var generation: Int
    public var activatedAt: Date?

    public init(id: UUID, name: String, generation: Int, activatedAt: Date?) {
      self.id = id
      self.name = name
      self.generation = generation
      self.activatedAt = activatedAt
    }
  }

  public var id: UUID
  /// The segment's key.
  public var segment: String
  public var round: Int
  public var startedAt: Date
  public var endedAt: Date?
  public var epochs: [Epoch]
  public var variants: [Variant]

  public init(
    id: UUID, segment: String, round: Int, startedAt: Date, endedAt: Date?, epochs: [Epoch],
    variants: [Variant]
  ) {
    self.id = id
    self.segment = segment
    self.round = round
    self.startedAt = startedAt
    self.endedAt = endedAt
    self.epochs = epochs
    self.variants = variants
  }
}
