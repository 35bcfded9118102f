import Foundation
import StatisticsSimulation
import Testing

@testable import Statistics

@Suite struct PreferenceTests {
  let skips = [50, 60, 55].map { BetaPosterior(BinomialCounts($0, 1000)) }

  /// mpmath 1.4 at 20 digits.
  @Test func `three normal posteriors have their probabilities of being best and losses`() throws {
    let normals = try [(1.0, 0.2), (1.2, 0.1), (1.1, 0.3)].map {
      try NormalPosterior(mean: $0.0, standardDeviation: $0.1)
    }
    let best = BestArm(normals: normals)
    let expected = [0.127334307041934, 0.52293851645509, 0.349727176502976]
    let losses = [0.297096720636898, 0.0970967206368981, 0.197096720636898]
    for arm in 0..<3 {
      #expect(isClose(best.probabilities[arm], expected[arm], within: 1e-9))
      #expect(isClose(best.expectedLosses[arm], losses[arm], within: 1e-9))
    }
    #expect(AllocationPolicy.thompson.shares(normals: normals, floor: 0) == best.probabilities)
  }

  @Test func `where lower is better the lowest rate is the best arm`() {
    let best = BestArm(skips, preferring: .lower)
    #expect(best.probabilities[0] > best.probabilities[2] && best.probabilities[2] > best.probabilities[1])
    #expect(
      best.expectedLosses[0] < best.expectedLosses[2] && best.expectedLosses[2] < best.expectedLosses[1])
    // The same counts turned round: P(lowest of X) = P(highest of 1 - X).
    let turned = BestArm([950, 940, 945].map { BetaPosterior(BinomialCounts($0, 1000)) })
    #expect(zip(best.probabilities, turned.probabilities).allSatisfy { isClose($0, $1, within: 1e-9) })
    let pair = BestArm(Array(skips.prefix(2)), preferring: .lower)
    #expect(pair.probabilities[0] > 0.8)
  }

  /// gbstats 0.8 hands out top-two weights as if the highest arm were best whatever the metric's direction.
  @Test func `top-two gives the lowest arm the most traffic where lower is better`() {
    let policy = AllocationPolicy.topTwoThompson()
    let shares = policy.shares(for: skips, preferring: .lower)
    #expect(shares[0] > shares[2] && shares[2] > shares[1])
    #expect(shares.allSatisfy { $0 >= 0.05 - 1e-15 })
    #expect(isClose(shares.reduce(0, +), 1, within: 1e-12))
    let higher = policy.shares(for: skips)
    #expect(higher[1] > higher[2] && higher[2] > higher[0])
  }

  /// P_i (1/2 + 1/2 sum_j P_j / (1 - P_j)) from the published probabilities of being best.
  @Test func `top-two is the exact probability of being played`() {
    let p = [0.10164096891531729, 0.6199931404694156, 0.27836589061526706]
    let shares = AllocationPolicy.topTwoThompson().shares(for: skips, floor: 0)
    for arm in 0..<3 {
      let odds = (0..<3).filter { $0 != arm }.reduce(0.0) { $0 + p[$1] / (1 - p[$1]) }
      #expect(isClose(shares[arm], p[arm] * (0.5 + 0.5 * odds), within: 1e-9))
    }
  }
}

@Suite struct EffectPosteriorTests {
  let a = BinomialCounts(480, 10_000)
  let b = BinomialCounts(540, 10_000)

  /// gbstats 0.8 takes an absolute prior's figures for relative ones when the effect is relative.
  @Test func `an absolute prior means the same under a relative effect`() throws {
    let prior = try EffectPrior(mean: 0.001, standardDeviation: 0.004, scale: .absolute)
    let (left, right) = (try MetricValue(a), try MetricValue(b))
    let absolute = try EffectEstimate.difference(left, right)
    // The same effect told relatively, its baseline taken as known.
    let relative = try EffectEstimate(
      estimate: absolute.estimate / 0.048, standardError: absolute.standardError / 0.048, scale: .relative,
      sampleSize: absolute.sampleSize)
    let there = try EffectPosterior(absolute, prior: prior, baseline: 0.048)
    let here = try EffectPosterior(relative, prior: prior, baseline: 0.048)
    #expect(isClose(there.probabilityOfB(), here.probabilityOfB(), within: 1e-12))
    #expect(isClose(there.expectedLossOfB(), here.expectedLossOfB() * 0.048, within: 1e-12))
    // By hand: precisions 1 / 0.004^2 and 1 / se^2.
    let (before, data) = (1 / (0.004 * 0.004), 1 / (absolute.standardError * absolute.standardError))
    #expect(isClose(there.belief.mean, (0.001 * before + 0.006 * data) / (before + data)))
    #expect(isClose(there.belief.standardDeviation, 1 / (before + data).squareRoot()))
  }

  @Test func `priors convert there and back`() throws {
    let prior = try EffectPrior(mean: 0.1, standardDeviation: 0.05, scale: .relative)
    let logs = try prior.converted(to: .logRatio, baseline: 0.05)
    let back = try EffectPrior(mean: logs.mean, standardDeviation: logs.standardDeviation, scale: .logRatio)
      .converted(to: .relative, baseline: 0.05)
    #expect(isClose(back.mean, 0.1) && isClose(back.standardDeviation, 0.05))
    #expect(isClose(try prior.converted(to: .absolute, baseline: 0.05).mean, 0.005))
    #expect(throws: DataCondition.noBaseline) { try prior.converted(to: .absolute, baseline: 0) }
    #expect(throws: DataCondition.noVariance) { try EffectPrior(standardDeviation: 0, scale: .absolute) }
  }

  @Test func `without a prior the posterior is the normal likelihood`() throws {
    let effect = try EffectEstimate.difference(MetricValue(a), MetricValue(b))
    let posterior = try EffectPosterior(effect, baseline: 0.048)
    #expect(isClose(posterior.probabilityOfB(), Normal.cdf(0.006 / effect.standardError)))
    let gain = posterior.expectedLossOfA() - posterior.expectedLossOfB()
    #expect(isClose(gain, 0.006, within: 1e-12))
    #expect(posterior.expectedLossOfB(preferring: .lower) == posterior.expectedLossOfA())
  }
}

@Suite struct BestArmStoppingTests {
  @Test func `a clear leader ends the search and a tie does not`() throws {
    let clear = try BestArmStopping([
      BinomialCounts(500, 10_000), BinomialCounts(900, 10_000), BinomialCounts(520, 10_000),
    ])
    #expect(clear.isDecided && clear.leader == 1 && clear.rival == 2)
    let tie = try BestArmStopping([BinomialCounts(500, 10_000), BinomialCounts(505, 10_000)])
    #expect(!tie.isDecided && tie.leader == 1 && tie.rival == 0)
    let lower = try BestArmStopping(
      [BinomialCounts(500, 10_000), BinomialCounts(800, 10_000)], preferring: .lower)
    #expect(lower.isDecided && lower.leader == 0)
  }

  @Test func `looking all the time names a wrong arm in at most 5 per cent`() throws {
    var random = SplitMix64(seed: 21)
    var wrong = 0
    for _ in 0..<100 {
      var arms = [BinomialCounts.zero, .zero, .zero]
      for _ in 0..<15 {
        for arm in 0..<3 { arms[arm] += random.binomial(100, arm == 0 ? 0.22 : 0.2) }
        let state = try BestArmStopping(arms)
        guard state.isDecided else { continue }
        if state.leader != 0 { wrong += 1 }
        break
      }
    }
    #expect(wrong <= 5)
  }

  /// The paper's approximation x + 4 ln(1 + x + sqrt(2 x)) for x of 5 and more: ten per cent off at 5, less beyond.
  @Test func `the threshold's function is near the paper's approximation`() {
    for x in [5.0, 10, 30, 100] {
      #expect(isClose(BestArmStopping.excess(x), x + 4 * log(1 + x + (2 * x).squareRoot()), within: 0.1))
    }
  }

  @Test func `bad input is named`() {
    #expect(throws: DataCondition.oneArm) { try BestArmStopping([BinomialCounts(1, 2)]) }
    #expect(throws: DataCondition.tooFewUnits) { try BestArmStopping([BinomialCounts(1, 2), .zero]) }
    #expect(throws: DataCondition.impossibleCounts) {
      try BestArmStopping([BinomialCounts(1, 2), BinomialCounts(3, 2)])
    }
  }

  @Test func `arms that never or always succeed are compared without logarithms of zero`() throws {
    let sure = try BestArmStopping([BinomialCounts(0, 500), BinomialCounts(500, 500)])
    #expect(sure.isDecided && sure.statistic.isFinite)
    let none = try BestArmStopping([BinomialCounts(0, 500), BinomialCounts(0, 500)])
    #expect(!none.isDecided && none.statistic == 0)
  }
}
