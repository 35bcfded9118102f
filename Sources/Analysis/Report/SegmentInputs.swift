/// What one segment's findings are made of.
public struct SegmentInputs: Hashable, Sendable {
  public var round: ExperimentInputs
  /// The round's counts by placement; empty: no breakdown.
  public var placements: [PlacementCell]

  public init(_ round: ExperimentInputs, placements: [PlacementCell] = []) {
    self.round = round
    self.placements = placements
  }
}
