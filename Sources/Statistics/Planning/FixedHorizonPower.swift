import RealModule

/// How many units a test with one look needs, and what it can see. For plans and for comparison with other tools;
/// tests that are looked at earlier need ``SequentialPower``.
public enum FixedHorizonPower {
  /// Which variance the test statistic is taken to have under the null.
  public enum NullVariance: String, Hashable, Sendable, Codable {
    /// That of the pooled rate, as in the pooled z test (Fleiss, Levin, Paik, "Statistical methods for rates and
    /// proportions", 2003, equation 4.14).
    case pooled
    /// That of both rates apart, as in Wald's interval.
    case unpooled
  }

  /// Units arm A needs to tell `target` from `baseline` in a two-sided test; not rounded.
  /// - Parameter ratio: units of B per unit of A.
  /// - Throws: ``PlanningProblem``.
  public static func units(
    baseline: Double, target: Double, alpha: Double = 0.05, power: Double = 0.8, ratio: Double = 1,
    variance: NullVariance = .pooled
  ) throws(PlanningProblem) -> Double {
    try PlanningProblem.check(rates: [baseline, target])
    try PlanningProblem.check(alpha: alpha, power: power, ratio: ratio)
    let difference = target - baseline
    guard difference != 0 else { throw .noEffect }
    let spread = Spread(baseline, target, ratio)
    let z = -Normal.quantile(alpha / 2)
    let root =
      z * (variance == .pooled ? spread.pooled : spread.apart).squareRoot()
      + Normal.quantile(power) * spread.apart.squareRoot()
    return (root / difference) * (root / difference)
  }

  /// The probability of finding a difference that is there, with `units` in arm A; the chance of finding it the wrong
  /// way round is not counted.
  public static func power(
    baseline: Double, target: Double, units: Double, alpha: Double = 0.05, ratio: Double = 1,
    variance: NullVariance = .pooled
  ) throws(PlanningProblem) -> Double {
    try PlanningProblem.check(rates: [baseline, target])
    try PlanningProblem.check(alpha: alpha, power: 0.8, ratio: ratio)
    guard units.isFinite, units > 0 else { throw .noUnits }
    let spread = Spread(baseline, target, ratio)
    let z = -Normal.quantile(alpha / 2)
    let reach = abs(target - baseline) * units.squareRoot()
    return Normal.cdf(
      (reach - z * (variance == .pooled ? spread.pooled : spread.apart).squareRoot())
        / spread.apart.squareRoot())
  }

  /// The smallest rise above `baseline` that `units` in arm A find with the given power, in rate.
  /// - Throws: ``PlanningProblem/needsMoreTraffic`` when not even a rate of 1 would be told apart.
  public static func minimumDetectableEffect(
    baseline: Double, units: Double, alpha: Double = 0.05, power: Double = 0.8, ratio: Double = 1,
    variance: NullVariance = .pooled
  ) throws(PlanningProblem) -> Double {
    func reached(_ effect: Double) throws(PlanningProblem) -> Bool {
      try self.power(
        baseline: baseline, target: baseline + effect, units: units, alpha: alpha, ratio: ratio,
        variance: variance) >= power
    }
    try PlanningProblem.check(alpha: alpha, power: power, ratio: ratio)
    var low = 0.0
    var high = (1 - baseline) * (1 - 1e-12)
    guard try reached(high) else { throw .needsMoreTraffic }
    for _ in 0..<100 where high - low > 1e-15 * high {
      let middle = 0.5 * (low + high)
      if try reached(middle) { high = middle } else { low = middle }
    }
    return high
  }

  /// Units arm A needs to tell means apart that differ by `difference`, with one standard deviation in both arms.
  /// With CUPED multiply by ``CovariateAdjustment/varianceRatio``.
  public static func units(
    difference: Double, standardDeviation: Double, alpha: Double = 0.05, power: Double = 0.8,
    ratio: Double = 1
  ) throws(PlanningProblem) -> Double {
    try PlanningProblem.check(alpha: alpha, power: power, ratio: ratio)
    guard difference.isFinite, difference != 0 else { throw .noEffect }
    guard standardDeviation.isFinite, standardDeviation > 0 else { throw .noVariance }
    let root = (Normal.quantile(power) - Normal.quantile(alpha / 2)) * (standardDeviation / difference)
    return root * root * (1 + 1 / ratio)
  }

  /// Variance of the difference times the units of A.
  private struct Spread {
    let pooled: Double
    let apart: Double

    init(_ a: Double, _ b: Double, _ ratio: Double) {
      let mean = (a + ratio * b) / (1 + ratio)
      pooled = mean * (1 - mean) * (1 + 1 / ratio)
      apart = a * (1 - a) + b * (1 - b) / ratio
    }
  }
}

/// Why a plan has no number.
public enum PlanningProblem: String, Error, Hashable, Sendable, Codable, CaseIterable {
  /// Rates must lie between 0 and 1, ends excluded.
  case impossibleRate
  /// A lift is above 0.
  case impossibleLift
  /// No rate is above 1.
  case impossibleTarget
  /// alpha and power must lie between 0 and 1, the ratio above 0.
  case impossibleDemand
  /// No number of units tells equal things apart.
  case noEffect
  case noVariance
  /// No units, or none a day.
  case noUnits
  /// More units than there are.
  case needsMoreTraffic

  static func check(rates: [Double]) throws(PlanningProblem) {
    guard rates.allSatisfy({ $0 > 0 && $0 < 1 }) else { throw .impossibleRate }
  }

  static func check(alpha: Double, power: Double, ratio: Double) throws(PlanningProblem) {
    guard alpha > 0, alpha < 1, power > 0, power < 1, ratio > 0, ratio.isFinite else {
      throw .impossibleDemand
    }
  }
}

extension PlanningProblem: CustomStringConvertible {
  public var description: String {
    switch self {
    case .impossibleRate: "rates lie between 0 and 1; give baseline and target as shares, 0.05 for 5 %"
    case .impossibleLift: "a lift is above 0: what the better version does more than the other"
    case .impossibleTarget: "with that lift the rate would reach 1; take a smaller lift or check the rate"
    case .impossibleDemand: "alpha and power lie between 0 and 1, the ratio of the arms above 0"
    case .noEffect: "baseline and target are equal; no number of units tells them apart"
    case .noVariance: "a metric that does not vary needs no test"
    case .noUnits: "there is no traffic to count on"
    case .needsMoreTraffic:
      "the traffic there is does not suffice; widen the segment or look for a larger effect"
    }
  }
}
