import RealModule

/// One batch of both arms and what was bet on it before it came.
struct TwoProportionBet: Hashable, Sendable {
  let a: BinomialCounts
  let b: BinomialCounts
  /// The common rate expected from what came before.
  let rate: Double
  /// Arm B's share of what came before.
  let shareB: Double
  /// The planned log odds ratio at that rate.
  let logOddsRatio: Double

  /// Multiples of the planned log odds ratio and the logarithms of their weights.
  static let alternatives: [(multiple: Double, logWeight: Double)] =
    [(0.75, 0.3), (1, 0.4), (1.5, 0.2), (3, 0.1)].flatMap { multiple, weight in
      [(multiple, Double.log(weight / 2)), (-multiple, Double.log(weight / 2))]
    }

  static func logMixture(_ logWealth: [Double]) -> Double {
    let weighted = zip(logWealth, alternatives).map { $0 + $1.logWeight }
    let largest = weighted.max() ?? 0
    return largest + .log(weighted.reduce(0) { $0 + .exp($1 - largest) })
  }

  /// ln of each alternative's e-value against rate B - rate A = `difference`.
  func logIncrements(difference: Double) -> [Double] {
    // Rates of that difference whose mean is the expected rate, kept off 0 and 1.
    let edge = min(rate, 1 - rate) / 4
    let nullA = min(1 - edge, max(edge, rate - difference * shareB))
    let nullB = min(1 - edge, max(edge, rate + difference * (1 - shareB)))
    return Self.alternatives.map { alternative in
      let half = alternative.multiple * logOddsRatio / 2
      return logIncrement(
        rateA: Self.shifted(nullA, by: -half), rateB: Self.shifted(nullB, by: half), difference: difference)
    }
  }

  private func logIncrement(rateA: Double, rateB: Double, difference: Double) -> Double {
    let nullA = projection(rateA, rateB, difference)
    return Self.logRatio(a, rateA, nullA) + Self.logRatio(b, rateB, nullA + difference)
  }

  /// The rate of odds e^delta times as large.
  private static func shifted(_ rate: Double, by delta: Double) -> Double {
    1 / (1 + (1 - rate) / rate * .exp(-delta))
  }

  private static func logRatio(_ counts: BinomialCounts, _ rate: Double, _ null: Double) -> Double {
    let successes = Double(counts.successes)
    let failures = Double(counts.trials - counts.successes)
    return successes * .log(rate / null) + failures * .log((1 - rate) / (1 - null))
  }

  /// The rate of A that minimises n_a KL(rateA, x) + n_b KL(rateB, x + difference): its slope vanishes, which is
  /// what makes the ratio's mean at most 1 on the whole line.
  private func projection(_ rateA: Double, _ rateB: Double, _ difference: Double) -> Double {
    let weightA = Double(a.trials) / (Double(a.trials) + Double(b.trials))
    let weightB = 1 - weightA
    if difference == 0 { return weightA * rateA + weightB * rateB }
    var low = max(0, -difference)
    var high = min(1, 1 - difference)
    var x = weightA * rateA + weightB * (rateB - difference)
    if !(x > low && x < high) { x = 0.5 * (low + high) }
    for _ in 0..<60 {
      let y = x + difference
      let slope = weightA * (x - rateA) / (x * (1 - x)) + weightB * (y - rateB) / (y * (1 - y))
      if slope > 0 { high = x } else { low = x }
      let curvature =
        weightA * (rateA / (x * x) + (1 - rateA) / ((1 - x) * (1 - x)))
        + weightB * (rateB / (y * y) + (1 - rateB) / ((1 - y) * (1 - y)))
      let newton = x - slope / curvature
      let next = newton > low && newton < high ? newton : 0.5 * (low + high)
      if abs(next - x) <= 1e-15 { break }
      x = next
    }
    return x
  }
}
