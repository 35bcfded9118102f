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

/// One experiment under way, as it starts: a value, so that each run gets its own copy.
protocol PeekedExperiment {
  /// Adds what happened since the last look; +1 when B is claimed better, -1 when A is, nil for no claim.
  mutating func look(_ number: Int, _ randomness: inout SplitMix64) -> Int?
}

/// Looks at experiments until one claims something.
enum Peeking {
  /// - Parameter step: units per arm between looks.
  static func run(
    _ fresh: some PeekedExperiment, experiments: Int, looks: Int = 100, step: Int, seed: UInt64
  ) -> PeekingOutcome {
    var randomness = SplitMix64(seed: seed)
    var outcome = PeekingOutcome(experiments: experiments)
    for _ in 0..<experiments {
      var experiment = fresh
      var stopped = looks
      for number in 1...looks {
        guard let claim = experiment.look(number, &randomness) else { continue }
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
    run(
      ProportionsExperiment(rateA: rateA, rateB: rateB, step: step, sequence: sequence),
      experiments: experiments, step: step, seed: seed)
  }

  /// The same judged by the exact process.
  static func exact(
    _ rateA: Double, _ rateB: Double, step: Int, experiments: Int, seed: UInt64, plannedSize: Double
  ) -> PeekingOutcome {
    run(
      ExactExperiment(
        rateA: rateA, rateB: rateB, step: step, process: TwoProportionProcess(plannedSize: plannedSize)),
      experiments: experiments, step: step, seed: seed)
  }

  /// Two arms of equal traffic judged by the difference of a metric of one unit.
  static func metric(
    step: Int, looks: Int = 100, experiments: Int, seed: UInt64, sequence: AsymptoticConfidenceSequence,
    unit: @escaping (inout SplitMix64) -> (x: Double, y: Double)
  ) -> PeekingOutcome {
    run(
      MetricExperiment(step: step, sequence: sequence, unit: unit), experiments: experiments, looks: looks,
      step: step, seed: seed)
  }

  /// Whole days under a policy that sees everything of the days before, with a weekly season; all pairs compared.
  static func bandit(
    _ traffic: BanditTraffic, rates: [Double], days: Int, perDay: Int, experiments: Int, seed: UInt64,
    weighting: EpochWeighting = .overlap
  ) -> PeekingOutcome {
    run(
      BanditExperiment(
        traffic: traffic, rates: rates, perDay: perDay, plannedSize: Double(days * perDay) / 2,
        weighting: weighting, totals: rates.map { _ in .zero }),
      experiments: experiments, looks: days, step: perDay / rates.count, seed: seed)
  }
}

/// Who decides a day's shares, from all days before.
enum BanditTraffic {
  /// Two arms' Thompson shares from the normal approximation of their rates: cheap enough for thousands of days.
  case normalThompson
  /// By the policy's own quadrature: exact, slower.
  case policy(AllocationPolicy)

  func shares(_ totals: [BinomialCounts], floor: Double = 0.05) -> [Double] {
    let posteriors = totals.map { BetaPosterior($0) }
    switch self {
    case .policy(let policy):
      return policy.shares(for: posteriors, floor: floor)
    case .normalThompson:
      let error = posteriors.reduce(0) { $0 + $1.standardDeviation * $1.standardDeviation }.squareRoot()
      let first = Normal.cdf((posteriors[0].mean - posteriors[1].mean) / error)
      return [floor + (1 - 2 * floor) * first, floor + (1 - 2 * floor) * (1 - first)]
    }
  }
}

private struct ProportionsExperiment: PeekedExperiment {
  let rateA: Double
  let rateB: Double
  let step: Int
  let sequence: AsymptoticConfidenceSequence
  var a = BinomialCounts.zero
  var b = BinomialCounts.zero

  mutating func look(_ number: Int, _ randomness: inout SplitMix64) -> Int? {
    a += randomness.binomial(step, rateA)
    b += randomness.binomial(step, rateB)
    let epoch = AllocationEpoch(shareA: 0.5, shareB: 0.5, countsA: a, countsB: b)
    return Peeking.claim(DifferenceOfProportions(epochs: [epoch], sequence: sequence).difference())
  }
}

private struct ExactExperiment: PeekedExperiment {
  let rateA: Double
  let rateB: Double
  let step: Int
  var process: TwoProportionProcess

  mutating func look(_ number: Int, _ randomness: inout SplitMix64) -> Int? {
    process.add(a: randomness.binomial(step, rateA), b: randomness.binomial(step, rateB))
    guard process.logEvidence >= -log(process.alpha) else { return nil }
    return process.b.rate > process.a.rate ? 1 : -1
  }
}

private struct MetricExperiment: PeekedExperiment {
  let step: Int
  let sequence: AsymptoticConfidenceSequence
  let unit: (inout SplitMix64) -> (x: Double, y: Double)
  var a = BivariateMoments.zero
  var b = BivariateMoments.zero

  mutating func look(_ number: Int, _ randomness: inout SplitMix64) -> Int? {
    for _ in 0..<step {
      let first = unit(&randomness)
      a.add(x: first.x, y: first.y)
      let second = unit(&randomness)
      b.add(x: second.x, y: second.y)
    }
    let epoch = MetricEpoch(shareA: 0.5, shareB: 0.5, ratioA: a, ratioB: b)
    return Peeking.claim(DifferenceOfMetrics(epochs: [epoch], sequence: sequence).difference())
  }
}

private struct BanditExperiment: PeekedExperiment {
  let traffic: BanditTraffic
  let rates: [Double]
  let perDay: Int
  let plannedSize: Double
  let weighting: EpochWeighting
  var totals: [BinomialCounts]
  var epochs: [PairwiseDifferences.Epoch] = []

  mutating func look(_ day: Int, _ randomness: inout SplitMix64) -> Int? {
    let today = traffic.shares(totals)
    let season = 1 + 0.3 * sin(2 * .pi * Double(day) / 7)
    let units = randomness.split(perDay, by: today)
    var counts: [BinomialCounts] = []
    for (arm, rate) in rates.enumerated() { counts.append(randomness.binomial(units[arm], rate * season)) }
    for arm in totals.indices { totals[arm] += counts[arm] }
    epochs.append(PairwiseDifferences.Epoch(shares: today, counts: counts, units: Int64(perDay)))
    let pairs = PairwiseDifferences(epochs: epochs, plannedSize: plannedSize, weighting: weighting)
    for row in rates.indices {
      for column in 0..<row {
        if let interval = pairs[row, against: column]?.difference(), let claim = Peeking.claim(interval) {
          return claim
        }
      }
    }
    return nil
  }
}
