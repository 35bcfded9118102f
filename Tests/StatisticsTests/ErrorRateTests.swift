import Foundation
import Statistics
import StatisticsSimulation
import Testing

/// What ``CalibrationTests`` leave out: a policy that no sensible bandit follows, an effect that changes, and what a
/// test for one look makes of a hundred.
@Suite struct ErrorRateTests {
  static let alpha = 0.05
  let sequence = AsymptoticConfidenceSequence(alpha: alpha, plannedSize: 10_000)

  @Test func `a fixed test looked at as often does name false winners, so the simulation can tell`() async {
    let outcome = await Peeking.pooledTest(rate: 0.05, step: 200, experiments: 300, seed: 22)
    #expect(outcome.claimRate > 0.25)
  }

  /// Three equal arms; every day the arm with the best plain mean gets 85 to 90 % of traffic, the rest 5 % or a
  /// little more, under a day-of-week season. This policy follows luck harder than any sensible bandit.
  @Test("A/A under greedily moving traffic keeps alpha", arguments: [EpochWeighting.traffic, .overlap])
  func greedyTraffic(weighting: EpochWeighting) {
    var randomness = SplitMix64(seed: 23)
    let experiments = 400
    var wrong = 0
    for _ in 0..<experiments {
      var epochs: [AllocationEpoch] = []
      var totals = [BinomialCounts.zero, .zero, .zero]
      var shares = [1 / 3.0, 1 / 3.0, 1 / 3.0]
      for day in 0..<28 {
        let rate = 0.04 * (1 + 0.3 * sin(2 * .pi * Double(day) / 7))
        let units = randomness.split(1000, by: shares)
        let counts = units.map { randomness.binomial($0, rate) }
        for arm in totals.indices { totals[arm] += counts[arm] }
        epochs.append(
          AllocationEpoch(
            shareA: shares[0], shareB: shares[1], countsA: counts[0], countsB: counts[1], units: 1000))
        if DifferenceOfProportions(epochs: epochs, sequence: sequence, weighting: weighting).difference()
          .excludesZero
        {
          wrong += 1
          break
        }
        let rates = totals.map(\.rate)
        shares = rates.map { $0 == rates.max() ? 0.9 - 0.001 * Double(day) : 0.05 + 0.0005 * Double(day) }
      }
    }
    #expect(Double(wrong) / Double(experiments) <= Self.alpha)
  }

  @Test func `the running mean of an effect that changes with time stays covered under moving traffic`() {
    var randomness = SplitMix64(seed: 25)
    let experiments = 300
    var missed = 0
    for _ in 0..<experiments {
      var epochs: [AllocationEpoch] = []
      var effects = 0.0
      var share = 0.5
      for day in 0..<28 {
        let effect = 0.02 * cos(.pi * Double(day) / 28)
        effects += effect
        let units = randomness.split(1000, by: [1 - share, share])
        let a = randomness.binomial(units[0], 0.05)
        let b = randomness.binomial(units[1], 0.05 + effect)
        epochs.append(AllocationEpoch(shareA: 1 - share, shareB: share, countsA: a, countsB: b, units: 1000))
        let interval = DifferenceOfProportions(epochs: epochs, sequence: sequence).difference()
        let truth = effects / Double(day + 1)
        if interval.condition == nil, truth < interval.low || truth > interval.high {
          missed += 1
          break
        }
        share = b.rate > a.rate ? min(0.9, share + 0.1) : max(0.1, share - 0.1)
      }
    }
    #expect(Double(missed) / Double(experiments) <= Self.alpha)
  }
}
