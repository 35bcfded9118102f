public import Statistics

/// Lifts of 20 segments of unlike size with heavy tails (every fifth three times as far out), tau about two thirds of
/// a typical standard error.
public struct PoolingSimulation: Sendable {
  public var segments = 20

  public init() {}

  /// One report's squared errors, summed over segments, and the share of intervals that hold the truth.
  public struct Outcome: Hashable, Sendable {
    public var own = 0.0
    public var pooled = 0.0
    public var coverage = 0.0
  }

  public func run(reports: Int, seed: UInt64) async throws(DataCondition) -> [Outcome] {
    try await Trials.run(reports, seed: seed) { randomness throws(DataCondition) in try report(&randomness) }
  }

  private func report(_ randomness: inout SplitMix64) throws(DataCondition) -> Outcome {
    var truths: [Double] = []
    var seen: [PartialPooling.Segment] = []
    for index in 0..<segments {
      let truth = 0.1 + 0.02 * randomness.normal() * (index % 5 == 0 ? 3 : 1)
      let error = 0.035 * (1 + 1.5 * Double(index % 4) / 3)
      truths.append(truth)
      seen.append(.init(estimate: truth + error * randomness.normal(), standardError: error))
    }
    let pooling = try PartialPooling(seen)
    var outcome = Outcome()
    for (index, truth) in truths.enumerated() {
      let interval = pooling.segments[index].interval
      outcome.own += (seen[index].estimate - truth) * (seen[index].estimate - truth)
      outcome.pooled += (interval.estimate - truth) * (interval.estimate - truth)
      if interval.low <= truth, truth <= interval.high { outcome.coverage += 1 / Double(segments) }
    }
    return outcome
  }
}
