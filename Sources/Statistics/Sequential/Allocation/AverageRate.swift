/// One arm's rate averaged over the traffic of all epochs it was shown in, valid at any look.
///
/// The same weighting and sequence as ``DifferenceOfProportions``, for a single arm.
public struct AverageRate: Sendable {
  /// One stretch of time with one share.
  public struct Epoch: Hashable, Sendable, Codable {
    public var share: Double
    public var counts: BinomialCounts
    /// Units that entered, whichever arm they got; nil: estimated as trials / share.
    public var units: Int64?

    public init(share: Double, counts: BinomialCounts, units: Int64? = nil) {
      self.share = share
      self.counts = counts
      self.units = units
    }
  }

  /// The rate, its interval inside 0...1; the whole of it while nothing can be claimed.
  public let interval: IntervalEstimate

  /// - Parameter designEffect: see ``DifferenceOfProportions``.
  public init(
    epochs: [Epoch], sequence: AsymptoticConfidenceSequence, minimumEvents: Double = 20,
    designEffect: Double = 1
  ) {
    let strata = Strata(
      epochs: epochs.map { ([$0.share], [$0.counts], $0.units) }, weighting: .traffic)
    let rate = StandardisedRate(strata, arm: 0, designEffect: max(1, designEffect))
    let condition: EstimateCondition? =
      if !strata.isPossible {
        .impossibleCounts
      } else if strata.strata.isEmpty {
        .noOverlap
      } else if !rate.isPastBurnIn(minimumEvents) {
        .burnIn
      } else {
        nil
      }
    if let condition {
      interval = IntervalEstimate(
        estimate: rate.rate, low: 0, high: 1, alpha: sequence.alpha, sampleSize: rate.trials,
        standardError: rate.variance.squareRoot(), condition: condition)
    } else {
      interval = sequence.interval(
        estimate: rate.rate, standardError: rate.variance.squareRoot(),
        variancePerUnit: rate.designVariance, units: strata.totalWeight, sampleSize: rate.trials
      ).clipped(to: 0...1)
    }
  }
}
