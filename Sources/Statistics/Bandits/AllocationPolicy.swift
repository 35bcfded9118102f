/// How the next epoch's traffic is split.
///
/// Shares follow from posteriors and are fixed for a whole epoch, so every unit's probability is known and logged;
/// ``DifferenceOfProportions`` then undoes what the moving did to the plain means.
public enum AllocationPolicy: Hashable, Sendable, Codable {
  /// Everyone the same.
  case equal
  /// By the probability of being best (Thompson 1933).
  case thompson
  /// Top-two Thompson sampling (Russo, "Simple Bayesian algorithms for best-arm identification", 2020): the
  /// leader with probability `leader`, otherwise the best of the rest. Keeps learning about the runner-up, which
  /// is what ends a test; 0.5 is a good default.
  case topTwoThompson(leader: Double = 0.5)

  /// One share per arm, each at least `floor`, summing to 1.
  /// - Parameters:
  ///   - floor: 0.05 unless there is a reason; more than 1 / arms means equal shares.
  ///   - preference: `.lower` for metrics such as skips or cost, where the best arm is the lowest.
  public func shares(
    for posteriors: [BetaPosterior], floor: Double = 0.05, preferring preference: Preference = .higher
  ) -> [Double] {
    shares(arms: posteriors.count, floor: floor) {
      BestArm(posteriors, preferring: preference).probabilities
    }
  }

  /// The same for means, ratios and effects whose posteriors are normal.
  public func shares(
    normals: [NormalPosterior], floor: Double = 0.05, preferring preference: Preference = .higher
  ) -> [Double] {
    shares(arms: normals.count, floor: floor) {
      BestArm(normals: normals, preferring: preference).probabilities
    }
  }

  private func shares(arms: Int, floor: Double, best: () -> [Double]) -> [Double] {
    let equal = [Double](repeating: 1 / Double(max(1, arms)), count: arms)
    guard arms > 1, floor * Double(arms) < 1, self != .equal else { return equal }
    let wanted: [Double] =
      switch self {
      case .equal: equal
      case .thompson: best()
      case .topTwoThompson(let leader): Self.topTwo(best(), leader: min(1, max(0, leader)))
      }
    return wanted.map { floor + (1 - floor * Double(arms)) * $0 }
  }

  /// P(arm i is played) = P_i ( leader + (1 - leader) sum_{j != i} P_j / (1 - P_j) ).
  private static func topTwo(_ best: [Double], leader: Double) -> [Double] {
    // 1 - P_j as the sum of the others: precise where P_j is nearly 1.
    let rest = best.indices.map { j in
      best.indices.reduce(0) { $1 == j ? $0 : $0 + best[$1] }
    }
    return best.indices.map { i in
      best.indices.reduce(leader * best[i]) { sum, j in
        guard j != i, best[j] > 0 else { return sum }
        // When nothing is left beside j, the others share the second place.
        let second = rest[j] > 0 ? best[i] / rest[j] : 1 / Double(best.count - 1)
        return sum + (1 - leader) * best[j] * second
      }
    }
  }
}
