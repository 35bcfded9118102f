/// A stretch of time during which traffic was split in one way, and two arms' values of a metric in it.
///
/// One unit is whatever was randomised: a viewer, or an impression where every impression is assigned anew. A mean
/// (revenue, watch time) has moments of one value; a ratio (clicks per impression, by viewer) has both.
public struct MetricEpoch: Hashable, Sendable, Codable {
  /// The logged probability with which a unit got arm A; 0 where A was not in the test.
  public var shareA: Double
  public var shareB: Double
  public var a: BivariateMoments
  public var b: BivariateMoments
  /// Units that entered the experiment in this epoch, whichever arm they got; nil: estimated from the arms' counts.
  public var units: Int64?

  /// A ratio metric: y per x.
  public init(
    shareA: Double, shareB: Double, ratioA: BivariateMoments, ratioB: BivariateMoments, units: Int64? = nil
  ) {
    self.shareA = shareA
    self.shareB = shareB
    a = ratioA
    b = ratioB
    self.units = units
  }

  /// A mean per unit.
  public init(shareA: Double, shareB: Double, meanA: Moments, meanB: Moments, units: Int64? = nil) {
    self.init(
      shareA: shareA, shareB: shareB, ratioA: BivariateMoments(meanA), ratioB: BivariateMoments(meanB),
      units: units)
  }
}

/// When a normal approximation may be trusted at all.
public struct BurnIn: Hashable, Sendable, Codable {
  /// Units each arm must have, effective ones where epochs weigh differently.
  public var units: Double
  /// What ``Moments/effectiveEvents`` must reach in each arm; 0 for values that may be negative.
  ///
  /// Twice the twenty that successes need: how well a mean of skewed values follows the normal law is decided by
  /// n / skewness^2 (Cochran, "Sampling techniques", 1977, section 2.15), which is the number of successes for a rare
  /// success but (sum x^2)^3 / (sum x^3)^2 for amounts of unlike size: never more than (sum x)^2 / sum x^2, of which
  /// two moments tell.
  public var events: Double

  public init(units: Double = 100, events: Double = 40) {
    self.units = units
    self.events = events
  }

  /// For values of either sign, whose mean may well be zero.
  public static let signedValues = BurnIn(events: 0)

  var allowsNegativeValues: Bool { events <= 0 }
}
