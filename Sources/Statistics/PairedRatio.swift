import RealModule

/// The ratio of two series of rates observed on the same days, with the noise that days add.
///
/// theta = sum u x / sum u y over days; Var ln theta by the delta method from the binomial variances. The days'
/// residuals x - theta y, compared with the variance they should have, tell the over-dispersion (McCullagh &
/// Nelder 1989, section 4.5.2: Pearson's statistic over its degrees of freedom).
struct PairedRatio {
  struct Day {
    var x: Double
    var varianceX: Double
    var y: Double
    var varianceY: Double
  }

  let logRatio: Double
  let variance: Double
  let pearson: Double
  let degreesOfFreedom: Int

  /// nil when either series is 0 throughout.
  init?(_ days: [Day]) {
    // Days weigh by how well both of their rates are known.
    let weights = days.map { 1 / ($0.varianceX + $0.varianceY) }
    let x = zip(weights, days).reduce(0) { $0 + $1.0 * $1.1.x }
    let y = zip(weights, days).reduce(0) { $0 + $1.0 * $1.1.y }
    guard x > 0, y > 0, x.isFinite, y.isFinite else { return nil }
    let theta = x / y
    logRatio = .log(theta)
    variance = zip(weights, days).reduce(0) { sum, pair in
      let (weight, day) = pair
      return sum + weight * weight * (day.varianceX / (x * x) + day.varianceY / (y * y))
    }
    pearson = days.reduce(0) { sum, day in
      let residual = day.x - theta * day.y
      return sum + residual * residual / (day.varianceX + theta * theta * day.varianceY)
    }
    degreesOfFreedom = days.count - 1
  }
}

/// Several arms' rate on one day as one number, with weights that stay the same on all days: a change in the mix
/// of arms, which a bandit causes all the time, is not a change of the market.
struct ArmMix {
  let weights: [Double]
  /// Each arm's variance of one trial.
  private let variances: [Double]

  /// - Parameter totals: each arm's counts over all days; arms of zero weight are left out.
  init(totals: [BinomialCounts]) {
    let sum = totals.reduce(0) { $0 + Double($1.trials) }
    weights = totals.map { sum > 0 ? Double($0.trials) / sum : 0 }
    variances = totals.map { $0.rate * (1 - $0.rate) }
  }

  /// nil when an arm of the mix was not shown that day.
  func day(_ counts: [BinomialCounts]) -> (rate: Double, variance: Double)? {
    var rate = 0.0
    var variance = 0.0
    for (arm, count) in counts.enumerated() where weights[arm] > 0 {
      guard count.trials > 0 else { return nil }
      rate += weights[arm] * count.rate
      variance += weights[arm] * weights[arm] * variances[arm] / Double(count.trials)
    }
    return variance > 0 ? (rate, variance) : nil
  }
}
