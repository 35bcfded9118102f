import Foundation
import Statistics

struct ProportionsExperiment: PeekedExperiment {
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

struct PooledTestExperiment: PeekedExperiment {
  let rate: Double
  let step: Int
  let alpha: Double
  var a = BinomialCounts.zero
  var b = BinomialCounts.zero

  mutating func look(_ number: Int, _ randomness: inout SplitMix64) -> Int? {
    a += randomness.binomial(step, rate)
    b += randomness.binomial(step, rate)
    guard let test = FixedHorizon.pooledTest(a, b), test.pValue < alpha else { return nil }
    return test.z > 0 ? 1 : -1
  }
}

struct ExactExperiment: PeekedExperiment {
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

struct MetricExperiment: PeekedExperiment {
  let step: Int
  let sequence: AsymptoticConfidenceSequence
  let metric: SimulatedMetric
  var a = BivariateMoments.zero
  var b = BivariateMoments.zero

  mutating func look(_ number: Int, _ randomness: inout SplitMix64) -> Int? {
    a.add(metric, units: step, season: 1, &randomness)
    b.add(metric, units: step, season: 1, &randomness)
    let epoch = MetricEpoch(shareA: 0.5, shareB: 0.5, ratioA: a, ratioB: b)
    return Peeking.claim(DifferenceOfMetrics(epochs: [epoch], sequence: sequence).difference())
  }
}

struct BanditExperiment: PeekedExperiment {
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

struct MetricBanditExperiment: PeekedExperiment {
  let traffic: BanditTraffic
  let metric: SimulatedMetric
  let perDay: Int
  let sequence: AsymptoticConfidenceSequence
  var totals = [BivariateMoments.zero, .zero]
  var epochs: [MetricEpoch] = []

  mutating func look(_ day: Int, _ randomness: inout SplitMix64) -> Int? {
    let shares = traffic.shares(totals)
    let season = 1 + 0.3 * sin(2 * .pi * Double(day) / 7)
    let units = randomness.split(perDay, by: shares)
    var today = [BivariateMoments.zero, .zero]
    for arm in today.indices {
      today[arm].add(metric, units: units[arm], season: season, &randomness)
      totals[arm] += today[arm]
    }
    epochs.append(
      MetricEpoch(
        shareA: shares[0], shareB: shares[1], ratioA: today[0], ratioB: today[1], units: Int64(perDay)))
    return Peeking.claim(
      DifferenceOfMetrics(epochs: epochs, sequence: sequence, weighting: .overlap).difference())
  }
}

extension BivariateMoments {
  mutating func add(_ metric: SimulatedMetric, units: Int, season: Double, _ randomness: inout SplitMix64) {
    for _ in 0..<units {
      let value = metric.unit(season: season, &randomness)
      add(x: value.x, y: value.y)
    }
  }
}
