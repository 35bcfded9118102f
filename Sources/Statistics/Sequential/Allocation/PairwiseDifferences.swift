/// Every pair of arms compared at once: the chance that any interval ever misses is at most alpha, which is split
/// evenly over the pairs (Bonferroni), however traffic was moved between epochs.
public struct PairwiseDifferences: Sendable {
  /// A stretch of time with one split of traffic, arm by arm.
  public struct Epoch: Hashable, Sendable, Codable {
    /// The logged probability of each arm; 0 for one not in the test.
    public var shares: [Double]
    public var counts: [BinomialCounts]
    /// Units that entered, whichever arm they got; nil: estimated from the counts.
    public var units: Int64?

    public init(shares: [Double], counts: [BinomialCounts], units: Int64? = nil) {
      self.shares = shares
      self.counts = counts
      self.units = units
    }
  }

  public let arms: Int
  /// Impossible counts (also epochs of unequal width) or fewer than two arms; pairs have conditions of their own.
  public let condition: EstimateCondition?
  private let pairs: [[DifferenceOfProportions?]]

  /// - Parameters:
  ///   - alpha: over all pairs together.
  ///   - plannedSize: units planned over all arms.
  ///   - designEffect: see ``DifferenceOfProportions``.
  public init(
    epochs: [Epoch], alpha: Double = 0.05, plannedSize: Double,
    design: AsymptoticConfidenceSequence.Design = .plannedEffect, weighting: EpochWeighting = .overlap,
    designEffect: Double = 1
  ) {
    let arms = epochs.first?.shares.count ?? 0
    self.arms = arms
    condition =
      if epochs.contains(where: { $0.shares.count != arms || $0.counts.count != arms }) {
        .impossibleCounts
      } else {
        arms < 2 ? .tooFewArms : nil
      }
    guard condition == nil else {
      pairs = []
      return
    }
    let sequence = AsymptoticConfidenceSequence(
      alpha: alpha / Double(arms * (arms - 1) / 2), plannedSize: plannedSize, design: design)
    pairs = (0..<arms).map { row in
      (0..<arms).map { column in
        guard row != column else { return nil }
        return DifferenceOfProportions(
          epochs: epochs.map { epoch in
            AllocationEpoch(
              shareA: epoch.shares[column], shareB: epoch.shares[row], countsA: epoch.counts[column],
              countsB: epoch.counts[row], units: epoch.units)
          }, sequence: sequence, weighting: weighting, designEffect: designEffect)
      }
    }
  }

  /// Arm `row` minus arm `column`; nil for an arm against itself, arms that are not there, and with a ``condition``.
  public subscript(row: Int, against column: Int) -> DifferenceOfProportions? {
    guard pairs.indices.contains(row), pairs.indices.contains(column) else { return nil }
    return pairs[row][column]
  }

  /// Whether any two arms fulfil a predicate.
  public func contains(where predicate: (DifferenceOfProportions) -> Bool) -> Bool {
    pairs.joined().contains { $0.map(predicate) ?? false }
  }

  /// The arm shown to be better than every other; nil while there is none.
  public var winner: Int? {
    pairs.indices.first { row in
      pairs.indices.allSatisfy { column in
        guard let difference = self[row, against: column]?.difference() else { return row == column }
        return difference.excludesZero && difference.low > 0
      }
    }
  }
}
