import RealModule

/// How many units a test needs that may be looked at whenever one likes, and what it can see: the counterpart of
/// ``FixedHorizonPower`` for ``AsymptoticConfidenceSequence``, by ``BoundaryCrossing``.
public struct SequentialPower: Hashable, Sendable {
  public let sequence: AsymptoticConfidenceSequence
  /// Variance of the difference times the units of all arms together: v_A / share_A + v_B / share_B.
  public let variancePerUnit: Double
  /// What is to be found, in the metric's unit; its sign does not matter.
  public let effect: Double

  public init(
    sequence: AsymptoticConfidenceSequence, effect: Double, variancePerUnit: Double
  ) throws(PlanningProblem) {
    guard effect.isFinite, effect != 0 else { throw .noEffect }
    guard variancePerUnit.isFinite, variancePerUnit > 0 else { throw .noVariance }
    self.sequence = sequence
    self.effect = abs(effect)
    self.variancePerUnit = variancePerUnit
  }

  /// For two rates.
  public init(
    sequence: AsymptoticConfidenceSequence, baseline: Double, target: Double,
    shares: (a: Double, b: Double) = (0.5, 0.5)
  ) throws(PlanningProblem) {
    try PlanningProblem.check(rates: [baseline, target])
    guard shares.a > 0, shares.b > 0 else { throw .noUnits }
    try self.init(
      sequence: sequence, effect: target - baseline,
      variancePerUnit: baseline * (1 - baseline) / shares.a + target * (1 - target) / shares.b)
  }

  private var crossing: BoundaryCrossing {
    BoundaryCrossing(sequence: sequence, drift: effect / variancePerUnit.squareRoot())
  }

  /// The probability that the effect is shown at or before `units` (of all arms together).
  public func power(units: Double) throws(PlanningProblem) -> Double {
    guard units.isFinite, units > 0 else { throw .noUnits }
    return crossing.passed(by: units, steps: 400).last
  }

  /// The units (of all arms together) by which the effect is shown with the given probability.
  /// - Throws: ``PlanningProblem/needsMoreTraffic`` when that is more than `limit`.
  public func units(power: Double = 0.8, limit: Double = 1e12) throws(PlanningProblem) -> Double {
    try PlanningProblem.check(alpha: sequence.alpha, power: power, ratio: 1)
    guard limit > 0 else { throw .noUnits }
    guard let time = crossing.time(passedWith: power, limit: limit) else {
      throw .needsMoreTraffic
    }
    return time
  }

  /// Mean units until the effect is shown or `limit` is reached.
  public func expectedUnits(limit: Double) throws(PlanningProblem) -> Double {
    guard limit.isFinite, limit > 0 else { throw .noUnits }
    return crossing.passed(by: limit, steps: 400).meanTime
  }

  /// The smallest effect that is shown by `units` with the given probability.
  public static func minimumDetectableEffect(
    sequence: AsymptoticConfidenceSequence, variancePerUnit: Double, units: Double, power: Double = 0.8
  ) throws(PlanningProblem) -> Double {
    try PlanningProblem.check(alpha: sequence.alpha, power: power, ratio: 1)
    guard variancePerUnit.isFinite, variancePerUnit > 0 else { throw .noVariance }
    guard units.isFinite, units > 0 else { throw .noUnits }
    return detectable(sequence, variancePerUnit: variancePerUnit, units: units, power: power)
  }

  /// The same for figures already checked.
  static func detectable(
    _ sequence: AsymptoticConfidenceSequence, variancePerUnit: Double, units: Double, power: Double
  ) -> Double {
    // In standard errors at the end: the boundary there is the first guess, some more make it likely.
    let end = units.squareRoot()
    let edge = BoundaryCrossing(sequence: sequence, drift: 1).boundary(units) / end
    var (low, high) = (0.0, edge + 8)
    for _ in 0..<40 {
      let middle = 0.5 * (low + high)
      let crossing = BoundaryCrossing(sequence: sequence, drift: middle / end)
      if crossing.passed(by: units, steps: 200).last >= power { high = middle } else { low = middle }
    }
    return high * (variancePerUnit / units).squareRoot()
  }
}
