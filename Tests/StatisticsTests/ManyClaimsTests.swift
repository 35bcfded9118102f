import Foundation
import Statistics
import Testing

@Suite struct ManyClaimsTests {
  let pValues = [0.001, 0.2, 0.008, 0.03, 0.02, 0.9]

  /// statsmodels 0.14 `multipletests`.
  @Test func `adjusted p-values give their figures`() {
    let holm = MultipleTesting.holmAdjusted(pValues)
    let expectedHolm = [0.006, 0.4, 0.04, 0.09, 0.08, 0.9]
    #expect(zip(holm, expectedHolm).allSatisfy { isClose($0, $1) })
    let adjusted = MultipleTesting.benjaminiHochbergAdjusted(pValues)
    let expected = [0.006, 0.24, 0.024, 0.045, 0.04, 0.9]
    #expect(zip(adjusted, expected).allSatisfy { isClose($0, $1) })
    let yekutieli = MultipleTesting.benjaminiYekutieli(pValues, alpha: 0.05)
    #expect(yekutieli == [true, false, false, false, false, false])
    #expect(MultipleTesting.holmAdjusted([]).isEmpty)
  }

  /// mpmath 1.4 at 30 digits.
  @Test func `calibrators turn p-values into e-values, far below the smallest number too`() {
    #expect(isClose(ECalibrator.mixture.logEvidence(p: 0.01), 1.49312705111641538))
    #expect(isClose(ECalibrator.mixture.logEvidence(p: 0.5), -0.448361220692674878))
    #expect(isClose(ECalibrator.mixture.logEvidence(p: 1e-300), 677.699898058405391))
    #expect(isClose(ECalibrator.mixture.logEvidence(p: 1), log(0.5)))
    #expect(isClose(ECalibrator.power(kappa: 0.5).logEvidence(p: 0.01), log(5)))
    #expect(isClose(ECalibrator.shafer.logEvidence(p: 0.01), log(9)))
    #expect(ECalibrator.shafer.logEvidence(p: 1) == -.infinity)
    // z = 40: p = 3.7e-350 is below every number, its evidence is not.
    let logP = log(2) + Normal.logCDF(-40)
    #expect(isClose(ECalibrator.power(kappa: 0.5).logEvidence(logP: logP), log(0.5) - 0.5 * logP))
    #expect(ECalibrator.mixture.logEvidence(logP: logP).isFinite)
    #expect(ECalibrator.logP(logEvidence: 3) == -3 && ECalibrator.logP(logEvidence: -1) == 0)
  }

  @Test(
    "No calibrator promises more than 1 on average under the null",
    arguments: [ECalibrator.mixture, .power(kappa: 0.3), .power(kappa: 0.5), .shafer])
  func integral(calibrator: ECalibrator) {
    // int e(p) dp with p = e^-t: the midpoint rule over t.
    let step = 0.001
    let sum = (0..<60_000).reduce(0.0) { sum, index in
      let t = (Double(index) + 0.5) * step
      return sum + step * exp(calibrator.logEvidence(logP: -t) - t)
    }
    #expect(sum <= 1 + 1e-6 && sum > 0.9)
  }

  @Test func `the mean of e-values stays in the log domain`() {
    #expect(isClose(ECalibrator.logMean([1000, 1000 + log(3)]), 1000 + log(2)))
    #expect(ECalibrator.logMean([]) == 0)
    #expect(ECalibrator.logMean([-.infinity, -.infinity]) == -.infinity)
  }

  @Test func `intervals of what was picked are widened by the share picked`() {
    let widths = SelectedIntervals.eBY([true, false, true, false], alpha: 0.05) { index, level in
      IntervalEstimate(
        estimate: Double(index), low: 0, high: 0, alpha: level, sampleSize: 1, standardError: 1)
    }
    #expect(widths.map { $0?.alpha } == [0.025, nil, 0.025, nil])
    #expect(SelectedIntervals.eBYLevel(selected: 0, of: 4, alpha: 0.05) == nil)
    let level = SelectedIntervals.fixedHorizonLevel(selected: 2, of: 4, alpha: 0.05)
    #expect(level.map { isClose($0, 0.025 / (1 + 0.5 + 1 / 3.0 + 0.25)) } == true)
  }

  @Test func `a confidence sequence's interval at any level excludes zero exactly when its evidence says so`()
    throws
  {
    let sequence = AsymptoticConfidenceSequence(plannedSize: 10_000, design: .plannedEffect)
    for mean in stride(from: 0.002, through: 0.06, by: 0.002) {
      let interval = sequence.interval(mean: mean, variance: 0.9, count: 8_000)
      #expect(sequence.interval(interval, alpha: 0.05) == interval)
      for alpha in [0.2, 0.05, 0.004, 1e-6, 1e-12] {
        let other = try #require(sequence.interval(interval, alpha: alpha))
        #expect(other.excludesZero == (interval.logEvidence > -log(alpha)), "\(mean) at \(alpha)")
        #expect((other.high - other.low > interval.high - interval.low) == (alpha < 0.05))
      }
    }
    let none = sequence.interval(mean: 0, variance: 0, count: 100)
    #expect(sequence.interval(none, alpha: 0.01) == nil)
  }
}
