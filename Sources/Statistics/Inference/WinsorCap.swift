/// The height at which single values are cut, so that one large order does not decide an experiment.
///
/// It must come from data that no arm has touched (from before the experiment, all arms pooled) and stay as it is:
/// a cap that follows the arms' own values would move the estimate towards whichever arm is lucky. What is then
/// compared is the mean of min(value, cap), and every result says so.
public struct WinsorCap: Hashable, Sendable, Codable {
  public let cap: Double
  /// The share of values it was meant to leave alone; nil for a cap set by hand.
  public let level: Double?
  /// Values it was chosen from.
  public let basis: Int64

  public init(fixed cap: Double) throws(DataCondition) {
    guard cap.isFinite else { throw .notFinite }
    guard cap > 0 else { throw .noBaseline }
    (self.cap, level, basis) = (cap, nil, 0)
  }

  /// - Parameters:
  ///   - pooled: values per unit before the experiment; zeros (viewers who bought nothing) count.
  ///   - level: 0.999 leaves all but one in a thousand alone.
  ///   - minimumAbove: a cap is not taken from fewer values above it.
  /// - Throws: ``DataCondition/tooFewUnits`` for a history too short to tell the quantile;
  ///   ``DataCondition/noBaseline`` when the quantile is zero, since a cap of zero leaves nothing to measure.
  public init(
    from pooled: LogHistogram, level: Double = 0.999, minimumAbove: Int64 = 10
  ) throws(DataCondition) {
    guard level > 0, level < 1 else { throw .notFinite }
    let count = pooled.count
    guard Double(count) * (1 - level) >= Double(minimumAbove) else { throw .tooFewUnits }
    let cap = try pooled.quantile(level)
    guard cap > 0 else { throw .noBaseline }
    (self.cap, self.level, basis) = (cap, level, count)
  }
}

/// A comparison under a cap, with the cap and what it cut.
public struct WinsorisedEffect: Hashable, Sendable {
  public let cap: WinsorCap
  public let difference: EffectEstimate
  /// Nil when an arm's mean is zero.
  public let logRatio: EffectEstimate?
  /// Of each arm's sum, what lay above the cap.
  public let lostShares: [Double]
  /// Values left out because they were negative or no numbers; a result that stands on many is not to be trusted.
  public let rejected: [Int64]

  public init(_ a: WinsorisedMoments, _ b: WinsorisedMoments) throws(DataCondition) {
    guard a.cap == b.cap else { throw .impossibleCounts }
    guard a.rejected <= a.moments.count, b.rejected <= b.moments.count else { throw .negativeValues }
    let (left, right) = (try MetricValue(a.moments), try MetricValue(b.moments))
    cap = a.cap
    difference = try .difference(left, right)
    logRatio = left.value > 0 && right.value > 0 ? try .logRatio(left, right) : nil
    lostShares = [a.lostShare, b.lostShare]
    rejected = [a.rejected, b.rejected]
  }
}
