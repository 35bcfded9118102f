import Foundation
import Statistics

/// What a hundred looks at many experiments came to.
struct PeekingOutcome {
  var experiments = 0
  var claims = 0
  /// Claims that B is better.
  var claimsForB = 0
  /// Sum over experiments of units per arm when it stopped, at a claim or the last look.
  var stoppedAt = 0.0

  var claimRate: Double { Double(claims) / Double(experiments) }
  var shareForB: Double { claims > 0 ? Double(claimsForB) / Double(claims) : 0.5 }
  var meanStopping: Double { stoppedAt / Double(experiments) }

  /// The 99 % upper bound (Wilson) of ``claimRate``.
  var upperBound: Double {
    let counts = BinomialCounts(successes: Int64(claims), trials: Int64(experiments))
    return FixedHorizon.wilson(counts, alpha: 0.02)?.high ?? 1
  }

  /// An A/A rate that a true alpha cannot be told from: at most three standard errors above it.
  func keeps(_ alpha: Double) -> Bool {
    claimRate <= alpha + 3 * (alpha * (1 - alpha) / Double(experiments)).squareRoot()
  }
}

/// Looks at experiments until one claims something.
enum Peeking {
  /// - Parameters:
  ///   - step: units per arm between looks.
  ///   - look: a fresh experiment's state; returns +1 when B is claimed better, -1 when A is, nil for no claim.
  static func run(
    experiments: Int, looks: Int = 100, step: Int, seed: UInt64,
    experiment: (inout SplitMix64) -> (Int, inout SplitMix64) -> Int?
  ) -> PeekingOutcome {
    var randomness = SplitMix64(seed: seed)
    var outcome = PeekingOutcome(experiments: experiments)
    for _ in 0..<experiments {
      let look = experiment(&randomness)
      var stopped = looks
      for number in 1...looks {
        guard let claim = look(number, &randomness) else { continue }
        outcome.claims += 1
        if claim > 0 { outcome.claimsForB += 1 }
        stopped = number
        break
      }
      outcome.stoppedAt += Double(stopped * step)
    }
    return outcome
  }

  static func claim(_ interval: IntervalEstimate) -> Int? {
    guard interval.excludesZero else { return nil }
    return interval.low > 0 ? 1 : -1
  }

  /// Two arms of equal traffic judged by the difference of their rates.
  static func proportions(
    _ rateA: Double, _ rateB: Double, step: Int, experiments: Int, seed: UInt64,
    sequence: AsymptoticConfidenceSequence
  ) -> PeekingOutcome {
    run(experiments: experiments, step: step, seed: seed) { _ in
      var a = BinomialCounts.zero
      var b = BinomialCounts.zero
      return { _, randomness in
        a += randomness.binomial(step, rateA)
        b += randomness.binomial(step, rateB)
        let epoch = AllocationEpoch(shareA: 0.5, shareB: 0.5, countsA: a, countsB: b)
        return claim(DifferenceOfProportions(epochs: [epoch], sequence: sequence).difference())
      }
    }
  }

  /// The same judged by the exact process.
  static func exact(
    _ rateA: Double, _ rateB: Double, step: Int, experiments: Int, seed: UInt64, plannedSize: Double,
    alpha: Double = 0.05
  ) -> PeekingOutcome {
    run(experiments: experiments, step: step, seed: seed) { _ in
      var process = TwoProportionProcess(alpha: alpha, plannedSize: plannedSize)
      return { _, randomness in
        process.add(a: randomness.binomial(step, rateA), b: randomness.binomial(step, rateB))
        guard process.logEvidence >= -log(alpha) else { return nil }
        return process.b.rate > process.a.rate ? 1 : -1
      }
    }
  }

  /// Two arms of equal traffic judged by the difference of a metric of one unit.
  static func metric(
    step: Int, looks: Int = 100, experiments: Int, seed: UInt64, sequence: AsymptoticConfidenceSequence,
    unit: @escaping (inout SplitMix64) -> (x: Double, y: Double)
  ) -> PeekingOutcome {
    run(experiments: experiments, looks: looks, step: step, seed: seed) { _ in
      var arms = [BivariateMoments.zero, .zero]
      return { _, randomness in
        for arm in arms.indices {
          for _ in 0..<step {
            let value = unit(&randomness)
            arms[arm].add(x: value.x, y: value.y)
          }
        }
        let epoch = MetricEpoch(shareA: 0.5, shareB: 0.5, ratioA: arms[0], ratioB: arms[1])
        return claim(DifferenceOfMetrics(epochs: [epoch], sequence: sequence).difference())
      }
    }
  }

  /// Whole days under a policy that sees everything of the days before, with a weekly season; all pairs compared.
  static func bandit(
    _ shares: @escaping ([BinomialCounts]) -> [Double], rates: [Double], days: Int, perDay: Int,
    experiments: Int, seed: UInt64, alpha: Double = 0.05, weighting: EpochWeighting = .overlap
  ) -> PeekingOutcome {
    run(experiments: experiments, looks: days, step: perDay / rates.count, seed: seed) { _ in
      var epochs: [PairwiseDifferences.Epoch] = []
      var totals = rates.map { _ in BinomialCounts.zero }
      return { day, randomness in
        let today = shares(totals)
        let season = 1 + 0.3 * sin(2 * .pi * Double(day) / 7)
        let counts = zip(randomness.split(perDay, by: today), rates).map {
          randomness.binomial($0, $1 * season)
        }
        for arm in totals.indices { totals[arm] += counts[arm] }
        epochs.append(.init(shares: today, counts: counts, units: Int64(perDay)))
        let pairs = PairwiseDifferences(
          epochs: epochs, alpha: alpha, plannedSize: Double(days * perDay) / 2, weighting: weighting)
        for row in rates.indices {
          for column in 0..<row {
            if let interval = pairs[row, against: column]?.difference(), let claim = claim(interval) {
              return claim
            }
          }
        }
        return nil
      }
    }
  }

  /// Two arms' Thompson shares from the normal approximation of their rates: cheap enough for thousands of days.
  static func thompson(floor: Double = 0.05) -> ([BinomialCounts]) -> [Double] {
    { totals in
      let posteriors = totals.map { BetaPosterior($0) }
      let error = posteriors.reduce(0) { $0 + $1.standardDeviation * $1.standardDeviation }.squareRoot()
      let first = Normal.cdf((posteriors[0].mean - posteriors[1].mean) / error)
      return [floor + (1 - 2 * floor) * first, floor + (1 - 2 * floor) * (1 - first)]
    }
  }

  /// Shares by a policy's own quadrature: exact, slower.
  static func policy(_ policy: AllocationPolicy, floor: Double = 0.05) -> ([BinomialCounts]) -> [Double] {
    { totals in policy.shares(for: totals.map { BetaPosterior($0) }, floor: floor) }
  }
}
