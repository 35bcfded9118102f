/// A stretch of time during which traffic was split in one way, and what two arms did in it.
public struct AllocationEpoch: Hashable, Sendable, Codable {
  /// The logged probability with which a unit got arm A; 0 where A was not in the test.
  public var shareA: Double
  public var shareB: Double
  public var countsA: BinomialCounts
  public var countsB: BinomialCounts
  /// Units that entered the experiment in this epoch, whichever arm they got; nil: estimated from the counts of
  /// A and B and their shares.
  public var units: Int64?

  public init(
    shareA: Double, shareB: Double, countsA: BinomialCounts, countsB: BinomialCounts, units: Int64? = nil
  ) {
    self.shareA = shareA
    self.shareB = shareB
    self.countsA = countsA
    self.countsB = countsB
    self.units = units
  }
}

/// How much an epoch says in the average over epochs. Both depend on shares alone, which are known before the
/// epoch begins, so both keep the error rate.
public enum EpochWeighting: String, Hashable, Sendable, Codable {
  /// By traffic: the effect averaged over all units that entered.
  case traffic
  /// By traffic times `1 / (1 / shareA + 1 / shareB)`: the effect averaged over units weighted by how evenly
  /// they were split (overlap weights, Li, Morgan, Zaslavsky 2018). Much narrower when a bandit starved an arm
  /// for a while, and the same where the effect does not change over time.
  case overlap
}
