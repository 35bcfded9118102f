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

  /// - Parameter designEffect: see ``DifferenceOfProportions``.
  init(_ strata: Strata<BinomialCounts>, arm: Int, designEffect: Double = 1) {
    var squaredSuccesses = 0.0
    var squaredFailures = 0.0
    for stratum in strata.strata {
      let counts = stratum.arms[arm]
      let perTrial = stratum.weight / Double(counts.trials)
      rate += stratum.weight * counts.rate
      squaredSuccesses += perTrial * perTrial * Double(counts.successes)
      squaredFailures += perTrial * perTrial * Double(counts.trials - counts.successes)
      trials += counts.trials
    }
    guard squaredSuccesses > 0, squaredFailures > 0 else { return }
    effectiveSuccesses = rate * rate / squaredSuccesses / designEffect
    effectiveFailures = (1 - rate) * (1 - rate) / squaredFailures / designEffect

    // A stratum with few successes would understate its own variance, so its rate leans on the average with as
    // many trials as hold five events. With one stratum this changes nothing.
    let leaning = 5 / min(rate, 1 - rate)
    for stratum in strata.strata {
      let counts = stratum.arms[arm]
      let trials = Double(counts.trials)
      let p = (Double(counts.successes) + leaning * rate) / (trials + leaning)
      variance += stratum.weight * stratum.weight * p * (1 - p) / trials
      designVariance += stratum.weight * p * (1 - p) / strata.launchShares[arm]
    }
    variance *= designEffect
    designVariance *= designEffect
  }

  func isPastBurnIn(_ minimumEvents: Double) -> Bool {
    variance > 0 && min(effectiveSuccesses, effectiveFailures) >= minimumEvents
  }
}
