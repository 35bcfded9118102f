/// Epochs with the same shares put together, weighted, for any number of arms.
///
/// Inside one stratum every unit had the same chance of each arm, so plain means compare like with like. Between
/// strata they do not (Simpson's paradox, Qin & Russo 2022), so strata are averaged with common weights.
struct Strata {
  struct Stratum {
    var shares: [Double]
    var counts: [BinomialCounts]
    var units: Double
    var weight = 0.0
  }

  var strata: [Stratum] = []
  /// The shares of the first epoch in which all arms were shown: what the design's variance is measured by.
  var launchShares: [Double] = []
  /// The weights' sum before they were normalised, in units of the launch epoch.
  var totalWeight = 0.0
  var isPossible = true

  /// - Parameter epochs: in the order of time.
  init(
    epochs: [(shares: [Double], counts: [BinomialCounts], units: Int64?)], weighting: EpochWeighting
  ) {
    for epoch in epochs {
      guard epoch.counts.allSatisfy(\.isPossible), epoch.shares.allSatisfy({ $0 >= 0 && $0 <= 1 }) else {
        isPossible = false
        return
      }
      // An arm that was not in the test cannot be compared in that epoch.
      guard epoch.shares.allSatisfy({ $0 > 0 }) else { continue }
      let shown = Double(epoch.counts.reduce(0) { $0 + $1.trials })
      let units = epoch.units.map(Double.init) ?? shown / epoch.shares.reduce(0, +)
      if let same = strata.firstIndex(where: { Self.areEqual($0.shares, epoch.shares) }) {
        strata[same].units += max(units, shown)
        for arm in epoch.counts.indices { strata[same].counts[arm] += epoch.counts[arm] }
      } else {
        strata.append(Stratum(shares: epoch.shares, counts: epoch.counts, units: max(units, shown)))
      }
    }
    strata.removeAll { $0.counts.contains { $0.trials == 0 } }
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
    zip(left, right).allSatisfy { abs($0 - $1) < 1e-9 }
  }
}

/// One arm's rate averaged over strata, with what its interval needs.
struct StandardisedRate {
  /// Sum of weight times the stratum's rate.
  var rate = 0.0
  /// Variance of ``rate``.
  var variance = 0.0
  /// Variance per unit if all traffic had been split as at launch.
  var designVariance = 0.0
  /// Kish's effective number of successes, (sum of weights)^2 / sum of squared weights, over the successes: what
  /// the normal approximation really rests on when an epoch weighs much and has few of them.
  var effectiveSuccesses = 0.0
  var effectiveFailures = 0.0
  var trials: Int64 = 0

  init(_ strata: Strata, arm: Int) {
    var squaredSuccesses = 0.0
    var squaredFailures = 0.0
    for stratum in strata.strata {
      let counts = stratum.counts[arm]
      let perTrial = stratum.weight / Double(counts.trials)
      rate += stratum.weight * counts.rate
      squaredSuccesses += perTrial * perTrial * Double(counts.successes)
      squaredFailures += perTrial * perTrial * Double(counts.trials - counts.successes)
      trials += counts.trials
    }
    guard squaredSuccesses > 0, squaredFailures > 0 else { return }
    effectiveSuccesses = rate * rate / squaredSuccesses
    effectiveFailures = (1 - rate) * (1 - rate) / squaredFailures

    // A stratum with few successes would understate its own variance, so its rate leans on the average with as
    // many trials as hold five events. With one stratum this changes nothing.
    let leaning = 5 / min(rate, 1 - rate)
    for stratum in strata.strata {
      let counts = stratum.counts[arm]
      let trials = Double(counts.trials)
      let p = (Double(counts.successes) + leaning * rate) / (trials + leaning)
      variance += stratum.weight * stratum.weight * p * (1 - p) / trials
      designVariance += stratum.weight * p * (1 - p) / strata.launchShares[arm]
    }
  }

  func isPastBurnIn(_ minimumEvents: Double) -> Bool {
    variance > 0 && min(effectiveSuccesses, effectiveFailures) >= minimumEvents
  }
}
