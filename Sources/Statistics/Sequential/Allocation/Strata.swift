/// What one arm did in a stretch of time: counts of a rate, moments of a value.
protocol StratumArm {
  /// Units that got the arm.
  var unitCount: Int64 { get }
  var isPossible: Bool { get }
  static func += (left: inout Self, right: Self)
}

extension BinomialCounts: StratumArm {
  var unitCount: Int64 { trials }
}

extension BivariateMoments: StratumArm {
  var unitCount: Int64 { count }
}

/// Epochs with the same shares put together, weighted, for any number of arms.
///
/// Inside one stratum every unit had the same chance of each arm, so plain means compare like with like. Between
/// strata they do not (Simpson's paradox, Qin & Russo 2022), so strata are averaged with common weights.
struct Strata<Arm: StratumArm> {
  struct Stratum {
    var shares: [Double]
    var arms: [Arm]
    var units: Double
    var weight = 0.0
  }

  var strata: [Stratum] = []
  /// The shares of the first epoch in which all arms were shown: what the design's variance is measured by.
  var launchShares: [Double] = []
  /// The weights' sum before they were normalised, in units of the launch epoch.
  var totalWeight = 0.0
  var isPossible = true

  /// - Parameter epochs: in the order of time; units are those that entered, whichever arm they got; nil: estimated
  ///   from those shown and their shares.
  init(epochs: [(shares: [Double], arms: [Arm], units: Int64?)], weighting: EpochWeighting) {
    for epoch in epochs {
      guard epoch.arms.allSatisfy(\.isPossible), epoch.shares.allSatisfy({ $0 >= 0 && $0 <= 1 }) else {
        isPossible = false
        return
      }
      // An arm that was not in the test cannot be compared in that epoch.
      guard epoch.shares.allSatisfy({ $0 > 0 }) else { continue }
      let shown = epoch.arms.reduce(0) { $0 + Double($1.unitCount) }
      let units = max(shown, epoch.units.map(Double.init) ?? shown / min(1, epoch.shares.reduce(0, +)))
      if let same = strata.indices.first(where: { Self.areEqual(strata[$0].shares, epoch.shares) }) {
        strata[same].units += units
        for arm in epoch.arms.indices { strata[same].arms[arm] += epoch.arms[arm] }
      } else {
        strata.append(Stratum(shares: epoch.shares, arms: epoch.arms, units: units))
      }
    }
    strata.removeAll { $0.arms.contains { $0.unitCount == 0 } }
    launchShares = strata.first?.shares ?? []
    weigh(by: weighting)
  }

  private mutating func weigh(by weighting: EpochWeighting) {
    func overlap(_ shares: [Double]) -> Double { 1 / shares.reduce(0) { $0 + 1 / $1 } }
    for index in strata.indices {
      strata[index].weight = strata[index].units
      if weighting == .overlap {
        strata[index].weight *= overlap(strata[index].shares) / overlap(launchShares)
      }
    }
    totalWeight = strata.reduce(0) { $0 + $1.weight }
    guard totalWeight > 0 else { return }
    for index in strata.indices { strata[index].weight /= totalWeight }
  }

  private static func areEqual(_ left: [Double], _ right: [Double]) -> Bool {
    for (left, right) in zip(left, right) where abs(left - right) >= 1e-9 { return false }
    return true
  }
}
