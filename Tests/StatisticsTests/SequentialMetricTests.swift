import Foundation
import Statistics
import Testing

@Suite struct SequentialMetricTests {
  let sequence = AsymptoticConfidenceSequence(plannedSize: 20_000)

  func epoch(_ shareA: Double, _ shareB: Double, _ a: Moments, _ b: Moments) -> MetricEpoch {
    MetricEpoch(shareA: shareA, shareB: shareB, meanA: a, meanB: b)
  }

  @Test func `the mean of zeros and ones is compared as the rate is`() throws {
    let a = BinomialCounts(1000, 20_000)
    let b = BinomialCounts(620, 10_000)
    let (shareA, shareB) = (2 / 3.0, 1 / 3.0)
    let asMean = DifferenceOfMetrics(
      epochs: [epoch(shareA, shareB, Moments(a), Moments(b))], sequence: sequence)
    let asRate = DifferenceOfProportions(
      epochs: [AllocationEpoch(shareA: shareA, shareB: shareB, countsA: a, countsB: b)], sequence: sequence)
    #expect(isClose(asMean.difference().low, asRate.difference().low, within: 1e-12))
    #expect(isClose(asMean.difference().logEvidence, asRate.difference().logEvidence, within: 1e-12))
    #expect(isClose(try #require(asMean.lift()).high, try #require(asRate.lift()).high, within: 1e-12))
  }

  /// Delta method by hand: (0.25 - 2 * 0.5 * 0.2 + 0.25 * 1) / 2^2 / 1000 for both arms alike.
  @Test func `a ratio's standard error is that of the delta method`() {
    let arm = BivariateMoments(
      count: 1000, meanX: 2, meanY: 1, squaredDeviationsX: 1000, squaredDeviationsY: 250, codeviations: 200)
    let result = DifferenceOfMetrics(
      epochs: [MetricEpoch(shareA: 0.5, shareB: 0.5, ratioA: arm, ratioB: arm)], sequence: sequence)
    #expect(result.values.a == 0.5)
    #expect(isClose(result.difference().standardError, (2 * 0.3 / 4 / 1000).squareRoot()))
  }

  /// B earns less on both days but got its traffic on the rich one.
  @Test func `moved traffic does not turn the sign of a difference of means`() {
    func sales(_ count: Int64, _ mean: Double) -> Moments {
      Moments(count: count, mean: mean, squaredDeviations: Double(count) * 4)
    }
    let days = [
      epoch(0.9, 0.1, sales(90_000, 2), sales(10_000, 1.8)),
      epoch(0.1, 0.9, sales(10_000, 6), sales(90_000, 5.8)),
    ]
    for weighting in [EpochWeighting.traffic, .overlap] {
      let difference = DifferenceOfMetrics(epochs: days, sequence: sequence, weighting: weighting)
        .difference()
      #expect(isClose(difference.estimate, -0.2, within: 1e-9) && difference.high < 0)
    }
    let doubled = DifferenceOfMetrics(epochs: days + days, sequence: sequence).difference()
    #expect(doubled.sampleSize == 400_000 && isClose(doubled.estimate, -0.2, within: 1e-9))
  }

  @Test func `values that allow no claim are named and claim nothing`() {
    let fine = Moments(count: 1000, mean: 2, squaredDeviations: 900)
    let cases: [(MetricEpoch, EstimateCondition)] = [
      (epoch(0.5, 0.5, .zero, fine), .noOverlap),
      (epoch(0, 1, fine, fine), .noOverlap),
      (epoch(.nan, 0.5, fine, fine), .impossibleCounts),
      (epoch(0.5, 0.5, Moments(count: 5, mean: .infinity), fine), .impossibleCounts),
      (epoch(0.5, 0.5, Moments(count: 1000, mean: 2), Moments(count: 1000, mean: 2)), .noVariance),
      (epoch(0.5, 0.5, Moments(count: 50, mean: 2, squaredDeviations: 9), fine), .burnIn),
      (epoch(0.5, 0.5, Moments(count: 1000, mean: 0.1, squaredDeviations: 9000), fine), .burnIn),
      (epoch(0.5, 0.5, Moments(BinomialCounts(39, 1000)), fine), .burnIn),
      (
        MetricEpoch(
          shareA: 0.5, shareB: 0.5,
          ratioA: BivariateMoments(count: 1000, meanX: 0, meanY: 2, squaredDeviationsY: 9),
          ratioB: BivariateMoments(fine)), .burnIn
      ),
    ]
    for (epoch, condition) in cases {
      let result = DifferenceOfMetrics(epochs: [epoch], sequence: sequence, bounds: 0...30)
      #expect(result.condition == condition)
      let interval = result.difference()
      #expect(interval.low == -30 && interval.high == 30 && !interval.excludesZero)
      #expect(interval.estimate.isFinite && interval.standardError.isFinite)
      #expect(result.lift() == nil)
    }
    #expect(DifferenceOfMetrics(epochs: [], sequence: sequence).condition == .noOverlap)
    let overflowing = BivariateMoments(
      count: 1000, meanX: 1e-300, meanY: 1e300, squaredDeviationsX: 1, squaredDeviationsY: 1)
    let infinite = DifferenceOfMetrics(
      epochs: [MetricEpoch(shareA: 0.5, shareB: 0.5, ratioA: overflowing, ratioB: overflowing)],
      sequence: sequence)
    #expect(infinite.condition == .impossibleCounts && infinite.values.a == 0)
    #expect(infinite.difference().estimate == 0 && infinite.difference().standardError == 0)
  }

  @Test func `a difference of signed values needs no events, and bounded ones stay inside their bounds`() {
    let a = Moments(count: 1000, mean: -0.001, squaredDeviations: 1000)
    let b = Moments(count: 1000, mean: 0.9, squaredDeviations: 1000)
    #expect(
      DifferenceOfMetrics(epochs: [epoch(0.5, 0.5, a, b)], sequence: sequence, burnIn: .signedValues)
        .difference()
        .excludesZero)
    let few = AsymptoticConfidenceSequence(plannedSize: 1_000_000)
    let clipped = DifferenceOfMetrics(
      epochs: [epoch(0.5, 0.5, b, b)], sequence: few, burnIn: BurnIn(units: 1, events: 1), bounds: 0...0.1)
    #expect(clipped.difference().low >= -0.1 && clipped.difference().high <= 0.1)
  }

  /// Variances of the means: A 10 / 9000, B 8 / 1000. Under one mean for both B's would be 8 * 2 / 1.6 / 1000 and
  /// A's 10 * 1.6 / 2 / 9000, each with its own ratio of variance to mean.
  @Test func `a starved arm that came out low is not believed to scatter less for it`() {
    let many = Moments(count: 9000, mean: 2, squaredDeviations: 90_000)
    let few = Moments(count: 1000, mean: 1.6, squaredDeviations: 8000)
    func variance(_ epoch: MetricEpoch, _ burnIn: BurnIn = BurnIn()) -> Double {
      let error = DifferenceOfMetrics(epochs: [epoch], sequence: sequence, burnIn: burnIn).difference()
        .standardError
      return error * error
    }
    let (own, raised) = (8 / 1000.0 + 10 / 9000.0, 8 * 1.25 / 1000 + 10 * 0.8 / 9000)
    #expect(isClose(variance(epoch(0.9, 0.1, many, few)), raised))
    #expect(isClose(variance(epoch(0.1, 0.9, few, many)), raised))
    #expect(isClose(variance(epoch(0.9, 0.1, many, few), .signedValues), own))
    let fewButHigh = Moments(count: 1000, mean: 2.5, squaredDeviations: 8000)
    #expect(isClose(variance(epoch(0.9, 0.1, many, fewButHigh)), own))
  }

  @Test func `a million millions of units stay finite`() {
    let a = Moments(count: 1_000_000_000_000, mean: 10, squaredDeviations: 1e14)
    let b = Moments(count: 1_000_000_000_000, mean: 10.001, squaredDeviations: 1e14)
    let interval = DifferenceOfMetrics(epochs: [epoch(0.5, 0.5, a, b)], sequence: sequence).difference()
    #expect(interval.excludesZero && interval.logEvidence.isFinite && interval.low > 0)
  }

  /// A hundred days of ten units for the starved arm, variance 1 by the unbiased estimate in each.
  @Test func `an arm starved by a bandit does not understate its error`() {
    let days = (0..<100).map { day in
      let share = 0.05 + 1e-6 * Double(day)
      return epoch(
        1 - share, share, Moments(count: 190, mean: 5, squaredDeviations: 189),
        Moments(count: 10, mean: 5, squaredDeviations: 9))
    }
    let interval = DifferenceOfMetrics(epochs: days, sequence: sequence).difference()
    #expect(isClose(interval.standardError, ((0.1 + 1 / 190.0) / 100).squareRoot(), within: 2e-3))
  }
}
