import Foundation
import Statistics
import StatisticsSimulation
import Testing

/// Figures from numpy 2.3, scipy 1.17.1 (`ttest_ind`) and statsmodels 0.14 (`OLS`) on the values below.
@Suite struct MeanComparisonTests {
  static let a = pairs([(1, 2), (4, 5), (2, 1), (8, 9), (5, 7), (7, 8), (3, 2), (6, 6)])
  static let b = pairs([(2, 4), (3, 3), (9, 12), (1, 2), (6, 8), (4, 4), (8, 11)])

  static func pairs(_ values: [(Double, Double)]) -> BivariateMoments {
    values.reduce(into: .zero) { $0.add(x: $1.0, y: $1.1) }
  }

  @Test func `Welch's interval gives its figures`() throws {
    let welch = try Welch.difference(Self.a.y, Self.b.y)
    #expect(isClose(welch.degreesOfFreedom, 11.066083873769337))
    #expect(isClose(welch.pValue, 0.5038353919147048, within: 1e-9))
    #expect(isClose(welch.interval.low, -2.806901827557697, within: 1e-9))
    #expect(isClose(welch.interval.high, 5.378330398986268, within: 1e-9))
  }

  @Test func `a ratio's error is that of the delta method`() throws {
    let (a, b) = (try RatioMetric(Self.a), try RatioMetric(Self.b))
    #expect(isClose(a.metric.value, 1.1111111111111112))
    #expect(isClose(a.metric.standardError, 0.07835929414999311))
    #expect(isClose(b.metric.standardError, 0.0739975117031515))
    let ratio = try EffectEstimate.logRatio(a.metric, b.metric)
    #expect(isClose(ratio.estimate, log(1.2)))
    let error = hypot(0.07835929414999311 / 1.1111111111111112, 0.0739975117031515 / 1.3333333333333333)
    #expect(isClose(ratio.standardError, error))
  }

  @Test func `trials that hang together by viewer have a design effect`() throws {
    // Every viewer has two impressions and clicks on both or on neither: half as many independent trials.
    var perViewer = BivariateMoments.zero
    for viewer in 0..<1000 { perViewer.add(x: 2, y: viewer < 100 ? 2 : 0) }
    #expect(isClose(perViewer.designEffect, 2))
  }

  @Test func `CUPED subtracts what the covariate explains`() throws {
    let cuped = try CovariateAdjustment.cuped(Self.a, Self.b)
    #expect(isClose(cuped.slopes[0], 1.2375366568914956))
    #expect(isClose(cuped.difference.estimate, 1.0205278592375364))
    #expect(isClose(cuped.difference.standardError, 0.4989498169111637))
  }

  @Test func `Lin's adjustment is the regression with interactions`() throws {
    let lin = try CovariateAdjustment.interacted(Self.a, Self.b)
    #expect(isClose(lin.slopes[0], 1.1666666666666663))
    #expect(isClose(lin.slopes[1] - lin.slopes[0], 0.12457044673539497))
    #expect(isClose(lin.difference.estimate, 1.0214776632302396))
  }

  @Test func `a covariate that says nothing changes nothing`() throws {
    var (a, b) = (Self.a, Self.b)
    (a.squaredDeviationsX, a.codeviations, a.meanX) = (0, 0, 3)
    (b.squaredDeviationsX, b.codeviations, b.meanX) = (0, 0, 3)
    let plain = try EffectEstimate.difference(MetricValue(a.y), MetricValue(b.y))
    let cuped = try CovariateAdjustment.cuped(a, b)
    #expect(isClose(cuped.difference.estimate, plain.estimate, within: 1e-15))
    #expect(isClose(cuped.difference.standardError, plain.standardError, within: 1e-15))
    #expect(isClose(cuped.varianceRatio, 1))
  }

  @Test func `summaries merge to what one pass gives, also far from zero`() {
    let values: [(Double, Double)] = (0..<300).map { index in
      let step = Double(index % 7)
      let noise = Double(index % 3)
      return (1e9 + step, 2e9 + 2 * step + noise)
    }
    let whole = Self.pairs(values)
    let parts: [BivariateMoments] = [0..<100, 100..<220, 220..<300].map { Self.pairs(Array(values[$0])) }
    let merged = parts.reduce(BivariateMoments.zero, +)
    #expect(isClose(merged.covariance, whole.covariance, within: 1e-6))
    #expect(isClose(merged.y.variance, whole.y.variance, within: 1e-6))
    #expect(isClose(merged.x.mean, whole.x.mean, within: 1e-15))
    let rate = Moments(BinomialCounts(480, 10_000))
    #expect(isClose(rate.sampleVariance, 0.048 * 0.952 * 10_000 / 9_999))
  }

  @Test func `figures that allow no estimate say why`() {
    #expect(throws: DataCondition.tooFewUnits) { try MetricValue(Moments.zero) }
    #expect(throws: DataCondition.tooFewUnits) { try MetricValue(BinomialCounts(0, 0)) }
    #expect(throws: DataCondition.impossibleCounts) { try MetricValue(BinomialCounts(7, 5)) }
    #expect(throws: DataCondition.impossibleCounts) { try MetricValue(BinomialCounts(-1, 5)) }
    #expect(throws: DataCondition.noVariance) { try MetricValue(BinomialCounts(0, 5)) }
    #expect(throws: DataCondition.noVariance) {
      try MetricValue(Moments(count: 9, mean: 1, sampleVariance: 0))
    }
    #expect(throws: DataCondition.notFinite) {
      try MetricValue(Moments(count: 9, mean: .nan, sampleVariance: 1))
    }
    #expect(throws: DataCondition.notFinite) {
      try MetricValue(Moments(count: 9, mean: 1, sampleVariance: .nan))
    }
    #expect(throws: DataCondition.noBaseline) {
      var free = Self.a
      free.meanX = 0
      return try RatioMetric(free)
    }
    #expect(throws: DataCondition.noBaseline) {
      let zero = try MetricValue(value: 0, standardError: 1, sampleSize: 9)
      return try EffectEstimate.logRatio(zero, zero)
    }
    #expect(DataCondition.allCases.allSatisfy { !$0.description.isEmpty })
  }

  @Test func `means of a million millions of units keep their digits`() throws {
    let a = Moments(count: 1_000_000_000_000, mean: 1e-6, sampleVariance: 1e-6)
    let b = Moments(count: 1_000_000_000_000, mean: 1.01e-6, sampleVariance: 1e-6)
    let welch = try Welch.difference(a, b)
    #expect(isClose(welch.interval.standardError, 2e-18.squareRoot()))
    #expect(
      isClose(welch.interval.estimate / welch.interval.standardError, 1e-8 / 2e-18.squareRoot(), within: 1e-8)
    )
  }
}

@Suite struct CovariateAdjustmentSimulation {
  @Test func `CUPED at a correlation of 0.7 leaves 1 - 0.49 of the variance`() async throws {
    let stops = try await CovariateSimulation().stops(experiments: 100, seed: 7)
    let ratio = stops.reduce(0) { $0 + $1.varianceRatio } / 100
    #expect(abs(ratio - 0.51) < 0.02, "\(ratio)")
  }
}
