/// What one segment's findings are made of.
public struct SegmentInputs: Hashable, Sendable {
  public var round: ExperimentInputs
  /// The round's counts by placement and by device; empty: no breakdown.
  public var parts: [PartCell]

  public init(_ round: ExperimentInputs, parts: [PartCell] = []) {
    self.round = round
    self.parts = parts
  }
}
