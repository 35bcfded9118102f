import Foundation
import Statistics
import StatisticsSimulation
import Testing

@Suite struct SequentialAllocationTests {
  @Test func `pairs mirror each other and a clear best arm wins`() throws {
    let counts = [BinomialCounts(400, 10_000), BinomialCounts(600, 10_000), BinomialCounts(450, 10_000)]
    let pairs = PairwiseDifferences(
      epochs: [.init(shares: [1 / 3.0, 1 / 3.0, 1 / 3.0], counts: counts)], plannedSize: 30_000)
    #expect(pairs.condition == nil && pairs.winner == 1)
    let there = try #require(pairs[1, against: 0]).difference()
    let back = try #require(pairs[0, against: 1]).difference()
    #expect(isClose(there.low, -back.high, within: 1e-12))
    // Three pairs share alpha.
    #expect(isClose(there.alpha, 0.05 / 3))
    #expect(pairs[1, against: 1] == nil && pairs[0, against: 7] == nil)
  }

  @Test func `one arm, no arms and ragged epochs are named`() {
    let one = PairwiseDifferences(
      epochs: [.init(shares: [1], counts: [BinomialCounts(5, 100)])], plannedSize: 1000)
    #expect(one.condition == .tooFewArms && one.winner == nil && one[0, against: 0] == nil)
    #expect(PairwiseDifferences(epochs: [], plannedSize: 1000).condition == .tooFewArms)
    let ragged = PairwiseDifferences(
      epochs: [.init(shares: [0.5, 0.5], counts: [.zero])], plannedSize: 1000)
    #expect(ragged.condition == .impossibleCounts && ragged.winner == nil)
  }

  @Test(
    "A/A under Thompson sampling by whole days keeps alpha", arguments: [EpochWeighting.traffic, .overlap])
  func thompson(weighting: EpochWeighting) async {
    let outcome = await Peeking.bandit(
      BanditTraffic.normalThompson, rates: [0.05, 0.05], days: 28, perDay: 1000, experiments: 250, seed: 161,
      weighting: weighting)
    #expect(outcome.claimRate <= 0.05)
  }

  @Test func `A/A of three arms under top-two Thompson sampling keeps alpha over all pairs`() async {
    let outcome = await Peeking.bandit(
      BanditTraffic.policy(.topTwoThompson()), rates: [0.05, 0.05, 0.05], days: 10, perDay: 1500,
      experiments: 25,
      seed: 162)
    #expect(outcome.claimRate <= 0.05 + 1e-9)
  }

  /// What a method that pools epochs of different shares makes of the same traffic, so the simulation can tell.
  @Test func `pooling what a bandit moved does name false winners`() {
    var wrong = 0
    var randomness = SplitMix64(seed: 163)
    let sequence = AsymptoticConfidenceSequence(plannedSize: 14_000, design: .plannedEffect)
    for _ in 0..<150 {
      var totals = [BinomialCounts.zero, .zero]
      for day in 0..<28 {
        let shares = day == 0 ? [0.5, 0.5] : totals[0].rate > totals[1].rate ? [0.95, 0.05] : [0.05, 0.95]
        let rate = 0.05 * (1 + 0.8 * sin(2 * .pi * Double(day) / 28))
        for (arm, units) in randomness.split(1000, by: shares).enumerated() {
          totals[arm] += randomness.binomial(units, rate)
        }
        let pooled = AllocationEpoch(shareA: 0.5, shareB: 0.5, countsA: totals[0], countsB: totals[1])
        if DifferenceOfProportions(epochs: [pooled], sequence: sequence).difference().excludesZero {
          wrong += 1
          break
        }
      }
    }
    #expect(Double(wrong) / 150 > 0.1)
  }

  /// At alpha 0.4, so that there are false claims enough to divide.
  @Test func `false claims fall to both sides about evenly`() async {
    let sequence = AsymptoticConfidenceSequence(alpha: 0.4, plannedSize: 10_000, design: .plannedEffect)
    let outcome = await Peeking.proportions(
      0.05, 0.05, step: 100, experiments: 400, seed: 164, sequence: sequence)
    #expect(outcome.claims > 60)
    #expect((0.35...0.65).contains(outcome.shareForB))
  }
}
