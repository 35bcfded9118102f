import Foundation
import Statistics
import Testing

/// A = 480 of 10,000 and B = 540 of 10,000 unless said. Figures computed with mpmath 1.3 at 25 to 40 digits from the
/// published formulas; the sequential interval by GrowthBook's formula in double precision, the three-arm figures
/// with scipy 1.17.1 `integrate.quad`.
@Suite struct ReferenceFigureTests {
  let a = BinomialCounts(480, 10_000)
  let b = BinomialCounts(540, 10_000)

  @Test func `the pooled z test gives its figures`() throws {
    let test = try #require(FixedHorizon.pooledTest(a, b))
    #expect(isClose(test.z, 1.92849296215053744))
    #expect(isClose(test.pValue, 0.0537938388031447532))
  }

  @Test func `the Wald, Newcombe and Wilson intervals give their figures`() throws {
    let wald = try #require(FixedHorizon.wald(a, b))
    #expect(isClose(wald.low, -0.0000973468383123614977))
    #expect(isClose(wald.high, 0.0120973468383123615))
    let newcombe = try #require(FixedHorizon.newcombe(a, b))
    #expect(isClose(newcombe.low, -0.000100775279280720288))
    #expect(isClose(newcombe.high, 0.0121110631182253233))
    let wilson = try #require(FixedHorizon.wilson(a))
    #expect(isClose(wilson.low, 0.0439810363881183657))
    #expect(isClose(wilson.high, 0.0523660981389732769))
  }

  @Test func `the confidence sequence tuned to 5000 units gives its rho and interval`() {
    let sequence = AsymptoticConfidenceSequence(alpha: 0.05, plannedSize: 5000)
    #expect(isClose(sequence.rho, 0.03984006677137368, within: 1e-15))
    let variance = 2 * (0.048 * 0.952 + 0.054 * 0.946)
    let interval = sequence.interval(mean: 0.006, variance: variance, count: 20_000)
    #expect(isClose(interval.low, -0.003728290768328749, within: 1e-12))
    #expect(isClose(interval.high, 0.01572829076832875, within: 1e-12))
    // With equal shares throughout, the allocation-aware difference is the same interval.
    let difference = DifferenceOfProportions(
      epochs: [AllocationEpoch(shareA: 0.5, shareB: 0.5, countsA: a, countsB: b)], sequence: sequence
    ).difference()
    #expect(isClose(difference.low, -0.003728290768328749, within: 1e-12))
    #expect(isClose(difference.high, 0.01572829076832875, within: 1e-12))
    #expect(!difference.excludesZero)
  }

  @Test func `the chi-square test of the sample ratio gives its figures`() throws {
    let phase = SampleRatioMismatch.Phase(counts: [10_000, 10_200, 9_700], weights: [1, 1, 1])
    let test = try #require(SampleRatioMismatch.chiSquare(phase))
    #expect(isClose(test.statistic, 12.7090301003344482))
    #expect(isClose(test.pValue, 0.00173887826285822061))
    #expect(test.degreesOfFreedom == 2)
  }

  @Test func `the sequential sample ratio test gives its figures`() {
    #expect(
      isClose(
        SampleRatioMismatch.logEvidence([.init(counts: [5000, 5300], weights: [0.5, 0.5])]),
        2.00326823001691957, within: 1e-9))
    #expect(
      isClose(
        SampleRatioMismatch.logEvidence([.init(counts: [10_000, 10_200, 9_700], weights: [2, 2, 2])]),
        0.63426679964135112, within: 1e-9))
  }

  @Test func `e-Benjamini-Hochberg rejects its published numbers of hypotheses`() {
    let evidence = [200, 150, 90, 30, 12, 3, 1, 0.5, 0.2, 0.1].map { log($0) }
    #expect(MultipleTesting.eBH(evidence, alpha: 0.05) == (0..<10).map { $0 < 3 })
    #expect(MultipleTesting.eBH(evidence, alpha: 0.1) == (0..<10).map { $0 < 4 })
    #expect(MultipleTesting.eBH(evidence.reversed(), alpha: 0.1) == (0..<10).map { $0 >= 6 })
    #expect(MultipleTesting.eBH([], alpha: 0.1).isEmpty)
  }

  /// By hand: sorted 0.001 0.008 0.02 0.03 0.2 0.9 against 0.05 / (6, 5, 4 ...) and 0.05 (1, 2, 3 ...) / 6.
  @Test func `Holm and Benjamini-Hochberg reject what their thresholds say`() {
    let pValues = [0.001, 0.2, 0.008, 0.03, 0.02, 0.9]
    #expect(MultipleTesting.holm(pValues, alpha: 0.05) == [true, false, true, false, false, false])
    #expect(
      MultipleTesting.benjaminiHochberg(pValues, alpha: 0.05) == [true, false, true, true, true, false])
    #expect(MultipleTesting.holm([0.6, 0.7], alpha: 0.05) == [false, false])
  }

  @Test func `the alphas of all looks add up to alpha`() {
    let spent = (1...1000).reduce(0) { $0 + AlphaSpending.alpha(atLook: $1, of: 0.05) }
    #expect(isClose(spent, 0.05 * (1 - 1 / 1001.0), within: 1e-12))
  }

  @Test func `two Beta posteriors compare as by exact integration`() {
    let best = BestArm([BetaPosterior(a), BetaPosterior(b)])
    #expect(isClose(best.probabilities[1], 0.973071133262509, within: 1e-9))
    #expect(isClose(best.expectedLosses[1], 3.20020394282e-05, within: 1e-9))
    #expect(isClose(best.expectedLosses[0], 0.00603080227938, within: 1e-9))
  }

  @Test func `three arms have the published probabilities of being best and expected losses`() {
    let best = BestArm([50, 60, 55].map { BetaPosterior(BinomialCounts($0, 1000)) })
    for (arm, probability) in [0.10164096891531729, 0.6199931404694156, 0.27836589061526706].enumerated() {
      #expect(isClose(best.probabilities[arm], probability, within: 1e-9))
    }
    for (arm, loss) in [0.012587693484131, 0.002607653563971, 0.007597673524051].enumerated() {
      #expect(isClose(best.expectedLosses[arm], loss, within: 1e-9))
    }
  }
}
