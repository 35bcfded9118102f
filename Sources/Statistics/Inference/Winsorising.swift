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

/// One arm's values under a cap.
public struct WinsorisedValues: Hashable, Sendable, Codable {
  public let cap: WinsorCap
  /// Of min(value, cap).
  public private(set) var summary = MeanSummary.empty
  /// Values that were cut, and by how much in sum.
  public private(set) var cut: Int64 = 0
  public private(set) var cutAway = 0.0
  /// Negative values and those that are no numbers: counted, in no figure.
  public private(set) var rejected: Int64 = 0

  public init(cap: WinsorCap) { self.cap = cap }

  public mutating func add(_ value: Double) {
    guard value >= 0, value.isFinite else {
      rejected += 1
      return
    }
    if value > cap.cap {
      cut += 1
      cutAway += value - cap.cap
    }
    summary.add(min(value, cap.cap))
  }

  /// - Throws: ``DataCondition/impossibleCounts`` for values under different caps.
  public mutating func merge(_ other: Self) throws(DataCondition) {
    guard cap == other.cap else { throw .impossibleCounts }
    summary = summary + other.summary
    cut += other.cut
    cutAway += other.cutAway
    rejected += other.rejected
  }

  /// The share of the whole sum that lies above the cap: how much the figures leave out.
  public var shareCutAway: Double {
    let kept = summary.mean * Double(summary.count)
    return cutAway > 0 ? cutAway / (kept + cutAway) : 0
  }
}

/// A comparison under a cap, with the cap and what it cut.
public struct WinsorisedEffect: Hashable, Sendable {
  public let cap: WinsorCap
  public let difference: EffectEstimate
  /// Nil when an arm's mean is zero.
  public let logRatio: EffectEstimate?
  public let sharesCutAway: [Double]
  /// Values left out because they were negative or no numbers; a result that stands on many is not to be trusted.
  public let rejected: [Int64]

  public init(_ a: WinsorisedValues, _ b: WinsorisedValues) throws(DataCondition) {
    guard a.cap == b.cap else { throw .impossibleCounts }
    guard a.rejected <= a.summary.count, b.rejected <= b.summary.count else { throw .negativeValues }
    let (left, right) = (try a.summary.nonNegativeMetric(), try b.summary.nonNegativeMetric())
    cap = a.cap
    difference = try .difference(left, right)
    logRatio = left.value > 0 && right.value > 0 ? try .logRatio(left, right) : nil
    sharesCutAway = [a.shareCutAway, b.shareCutAway]
    rejected = [a.rejected, b.rejected]
  }
}
