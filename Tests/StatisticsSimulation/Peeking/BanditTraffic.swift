public import Statistics

/// Who decides a day's shares, from all days before.
public enum BanditTraffic: Hashable, Sendable {
  /// Two arms' Thompson shares from the normal approximation of their rates: cheap enough for thousands of days.
  case normalThompson
  /// By the policy's own quadrature: exact, slower.
  case policy(AllocationPolicy)

  static let floor = 0.05

  func shares(_ totals: [BinomialCounts]) -> [Double] {
    let posteriors = totals.map { BetaPosterior($0) }
    switch self {
    case .policy(let policy):
      return policy.shares(for: posteriors, floor: Self.floor)
    case .normalThompson:
      let error = posteriors.reduce(0) { $0 + $1.standardDeviation * $1.standardDeviation }.squareRoot()
      let first = Normal.cdf((posteriors[0].mean - posteriors[1].mean) / error)
      return [first, 1 - first].map { Self.floor + (1 - 2 * Self.floor) * $0 }
    }
  }

  /// The same for values of a metric; equal shares until every arm has a mean with an error.
  func shares(_ arms: [BivariateMoments]) -> [Double] {
    let equal = arms.map { _ in 1 / Double(arms.count) }
    var normals: [NormalPosterior] = []
    for arm in arms {
      guard arm.count > 1, arm.meanX > 0 else { return equal }
      let value = arm.meanY / arm.meanX
      let variance = arm.residualVariance(slope: value) / (arm.meanX * arm.meanX) / Double(arm.count)
      do throws(DataCondition) {
        normals.append(try NormalPosterior(mean: value, standardDeviation: variance.squareRoot()))
      } catch {
        return equal
      }
    }
    switch self {
    case .policy(let policy): return policy.shares(normals: normals, floor: Self.floor)
    case .normalThompson: return AllocationPolicy.thompson.shares(normals: normals, floor: Self.floor)
    }
  }
}
