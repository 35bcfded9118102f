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
  private let epochs: [Epoch]
  private let sequence: AsymptoticConfidenceSequence
  private let weighting: EpochWeighting
  private let designEffect: Double

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
    self.epochs = epochs
    self.weighting = weighting
    self.designEffect = designEffect
    sequence = AsymptoticConfidenceSequence(
      alpha: alpha / Double(max(1, arms * (arms - 1) / 2)), plannedSize: plannedSize, design: design)
  }

  /// Arm `row` minus arm `column`, worked out when it is asked for; nil for an arm against itself, arms that are not
  /// there, and with a ``condition``.
  public subscript(row: Int, against column: Int) -> DifferenceOfProportions? {
    let places = 0..<arms
    guard condition == nil, row != column, places.contains(row), places.contains(column) else { return nil }
    return DifferenceOfProportions(
      epochs: epochs.map { epoch in
        AllocationEpoch(
          shareA: epoch.shares[column], shareB: epoch.shares[row], countsA: epoch.counts[column],
          countsB: epoch.counts[row], units: epoch.units)
      }, sequence: sequence, weighting: weighting, designEffect: designEffect)
  }

  /// The arm shown to be better than every other; nil while there is none.
  public var winner: Int? {
    guard condition == nil else { return nil }
    return (0..<arms).first { row in
      (0..<arms).allSatisfy { column in
        guard let difference = self[row, against: column]?.difference() else { return row == column }
        return difference.excludesZero && difference.low > 0
      }
    }
  }
}
