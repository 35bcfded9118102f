import Foundation
import Statistics
import StatisticsSimulation
import Testing

@Suite struct TwoArmTests {
  /// mpmath 1.4 at 30 digits, `quad` over `betainc`: small and unlike posteriors, on both of the ways taken.
  @Test(
    "Two posteriors compare as by exact integration",
    arguments: [
      ([12.0, 500, 20, 480], 0.9371013024811581, 0.016863421475281),
      ([30.0, 30, 40, 20], 0.9693836877844823, 0.16773512303955),
      ([13.0, 990, 300, 9000], 0.9999391547246184, 0.01929704023051),
      ([481.0, 9521, 541, 9461], 0.973071133262509, 0.00603080227938),
    ])
  func exact(_ p: [Double], _ probability: Double, _ loss: Double) {
    let pair = TwoArmPosterior(BetaPosterior(alpha: p[0], beta: p[1]), BetaPosterior(alpha: p[2], beta: p[3]))
    #expect(isClose(pair.probabilityOfB, probability, within: 1e-11))
    #expect(isClose(pair.expectedLossOfA, loss, within: 1e-9))
  }

  @Test func `the fast way agrees with the panels for any counts`() {
    var random = SplitMix64(seed: 5)
    for _ in 0..<60 {
      let n = exp(4 + 9 * random.uniform())
      let rate = 0.02 + 0.9 * random.uniform()
      let m = n * exp(2 * random.uniform() - 1)
      let other = min(0.97, max(0.01, rate + (rate * (1 - rate) / n).squareRoot() * 3 * random.normal()))
      let arms = [
        BetaPosterior(alpha: 12 + n * rate, beta: 12 + n * (1 - rate)),
        BetaPosterior(alpha: 12 + m * other, beta: 12 + m * (1 - other)),
      ]
      let fast = TwoArmPosterior(arms[0], arms[1])
      // A third arm that never wins sends the same question over the panels.
      let slow = BestArm(arms + [BetaPosterior(alpha: 1, beta: 1e9)])
      #expect(abs(fast.probabilityOfB - slow.probabilities[1]) < 1e-9)
      #expect(abs(fast.expectedLossOfA - slow.expectedLosses[0]) < 1e-9 * arms[0].standardDeviation + 1e-9)
      // E[max] - E[A] and E[max] - E[B] differ by the means.
      let gap = fast.expectedLossOfA - fast.expectedLossOfB
      #expect(abs(gap - (arms[1].mean - arms[0].mean)) < 1e-12)
    }
  }

  @Test func `the answer does not depend on the order of the arms`() {
    let (a, b) = (BetaPosterior(alpha: 300, beta: 9000), BetaPosterior(alpha: 60, beta: 1500))
    let (there, back) = (TwoArmPosterior(a, b), TwoArmPosterior(b, a))
    #expect(abs(there.probabilityOfB + back.probabilityOfB - 1) < 1e-13)
    #expect(abs(there.expectedLossOfA - back.expectedLossOfB) < 1e-15)
  }

  @Test func `a batch gives the figures of the functions it stands for`() {
    let (a, b) = (BinomialCounts(480, 10_000), BinomialCounts(540, 10_200))
    let sequence = AsymptoticConfidenceSequence(plannedSize: 20_000)
    let analysis = TwoArmAnalysis(a, b, plan: TwoArmAnalysis.Plan(sequence: sequence))
    let difference = DifferenceOfProportions(
      epochs: [AllocationEpoch(shareA: 0.5, shareB: 0.5, countsA: a, countsB: b)], sequence: sequence
    ).difference()
    #expect(isClose(analysis.difference.low, difference.low, within: 1e-12))
    #expect(isClose(analysis.difference.high, difference.high, within: 1e-12))
    #expect(isClose(analysis.difference.logEvidence, difference.logEvidence))
    let mismatch = SampleRatioMismatch.logEvidence([.init(counts: [10_000, 10_200], weights: [0.5, 0.5])])
    #expect(isClose(analysis.logEvidenceOfMismatch, mismatch, within: 1e-9))
    #expect(
      analysis.posterior?.probabilityOfB == TwoArmPosterior(BetaPosterior(a), BetaPosterior(b)).probabilityOfB
    )
    #expect(analysis.condition == nil && !analysis.isMismatched)
  }

  @Test(
    "Bad counts give a named condition and no claim",
    arguments: [
      (BinomialCounts(0, 0), BinomialCounts(5, 100), DataCondition.tooFewUnits),
      (BinomialCounts(7, 5), BinomialCounts(5, 100), .impossibleCounts),
      (BinomialCounts(5, 100), BinomialCounts(-1, 100), .impossibleCounts),
    ])
  func badCounts(_ a: BinomialCounts, _ b: BinomialCounts, _ condition: DataCondition) {
    let plan = TwoArmAnalysis.Plan(sequence: AsymptoticConfidenceSequence(plannedSize: 1000))
    let analysis = TwoArmAnalysis(a, b, plan: plan)
    #expect(analysis.condition == condition)
    #expect(!analysis.difference.excludesZero && analysis.difference.low == -1)
    #expect(analysis.logEvidenceOfMismatch.isFinite)
  }

  @Test func `counts of 1e12 and a z of 40 stay finite`() {
    let plan = TwoArmAnalysis.Plan(sequence: AsymptoticConfidenceSequence(plannedSize: 1e12))
    let n: Int64 = 1_000_000_000_000
    let analysis = TwoArmAnalysis(
      BinomialCounts(n / 20, n), BinomialCounts(n / 20 + 12_328_828, n), plan: plan)
    #expect(analysis.difference.excludesZero && analysis.difference.logEvidence > 600)
    #expect(analysis.posterior?.probabilityOfB == 1)
    #expect(analysis.posterior.map { isClose($0.expectedLossOfA, 12_328_828 / 1e12, within: 1e-9) } == true)
  }
}
