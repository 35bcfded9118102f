import RealModule

/// When to stop looking for the best arm, with a promise: the arm named is not the best with probability at most
/// alpha, whenever one looks and however units were allocated, for rates that stay as they are.
///
/// Chernoff's rule: the leader's generalised likelihood ratio against every other arm,
///
///     Z_ab = n_a kl(p_a, p_ab) + n_b kl(p_b, p_ab),   p_ab the pooled rate,
///
/// must pass the threshold of Kaufmann & Koolen, "Mixture martingales revisited with applications to sequential
/// tests and confidence intervals" (JMLR 2021, theorem 14, with a union over the other arms):
///
///     3 ln(1 + ln n_a) + 3 ln(1 + ln n_b) + 2 T(ln((K - 1) / alpha) / 2)
///
/// Stricter than a confidence sequence; what moves during the test (a market's mood) breaks it, which
/// ``DifferenceOfProportions`` stands.
public struct BestArmStopping: Hashable, Sendable {
  /// The arm that does best so far.
  public let leader: Int
  /// The rival it is hardest to tell from.
  public let rival: Int
  public let statistic: Double
  public let threshold: Double

  public var isDecided: Bool { statistic >= threshold }

  /// - Throws: ``DataCondition/oneArm``, ``DataCondition/impossibleCounts``, ``DataCondition/tooFewUnits`` when an arm
  ///   has not been shown.
  public init(
    _ arms: [BinomialCounts], alpha: Double = 0.05, preferring preference: Preference = .higher
  ) throws(DataCondition) {
    precondition(alpha > 0 && alpha < 1, "alpha lies between 0 and 1, not at \(alpha)")
    guard arms.count > 1 else { throw .oneArm }
    for arm in arms {
      if let condition = arm.condition { throw condition }
    }
    func isBetter(_ left: Int, _ right: Int) -> Bool {
      preference == .higher ? arms[left].rate > arms[right].rate : arms[left].rate < arms[right].rate
    }
    let leader = arms.indices.reduce(0) { isBetter($1, $0) ? $1 : $0 }
    let base = 2 * Self.excess(0.5 * .log(Double(arms.count - 1) / alpha))
    var closest = (rival: leader, statistic: Double.infinity, threshold: 0.0)
    for rival in arms.indices where rival != leader {
      let threshold =
        base + 3 * [leader, rival].reduce(0) { $0 + .log(onePlus: .log(Double(arms[$1].trials))) }
      let statistic = Self.likelihoodRatio(arms[leader], arms[rival])
      if statistic - threshold < closest.statistic - closest.threshold {
        closest = (rival, statistic, threshold)
      }
    }
    self.leader = leader
    (rival, statistic, threshold) = closest
  }

  private static func likelihoodRatio(_ a: BinomialCounts, _ b: BinomialCounts) -> Double {
    let pooled = (a + b).rate
    func divergence(_ p: Double) -> Double {
      (p > 0 ? p * .log(p / pooled) : 0) + (p < 1 ? (1 - p) * .log((1 - p) / (1 - pooled)) : 0)
    }
    return max(0, Double(a.trials) * divergence(a.rate) + Double(b.trials) * divergence(b.rate))
  }

  /// The paper's T(x) = 2 h~((h^-1(1 + x) + ln(2 zeta(2))) / 2) with h(u) = u - ln u and
  /// h~(x) = min over 1 <= eta <= 3/2 of eta (x - ln ln eta); about x + 4 ln(1 + x + sqrt(2 x)).
  static func excess(_ x: Double) -> Double {
    let y = 0.5 * (inverse(1 + x) + .log(.pi * .pi / 3))
    let edge = 1 / Double.log(1.5)
    if y >= edge - .log(edge) {
      let u = inverse(y)
      return 2 * .exp(1 / u) * u
    }
    return 2 * 1.5 * (y - .log(.log(1.5)))
  }

  /// The u >= 1 with u - ln u = y, by Newton's method; the function is convex, so it does not overshoot twice.
  private static func inverse(_ y: Double) -> Double {
    guard y > 1 else { return 1 }
    var u = y + Double.log(y + .log(y) + 1) + 0.5
    for _ in 0..<60 {
      let step = (u - .log(u) - y) / (1 - 1 / u)
      u = max(1 + 1e-12, u - step)
      if abs(step) < 1e-14 * u { break }
    }
    return u
  }
}
