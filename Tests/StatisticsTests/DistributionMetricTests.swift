import Foundation
import Statistics
import StatisticsSimulation
import Testing

@Suite struct QuantileTests {
  @Test func `a histogram tells quantiles to its accuracy and merges exactly`() throws {
    var whole = LogHistogram(accuracy: 0.01)
    var parts = [LogHistogram(accuracy: 0.01), LogHistogram(accuracy: 0.01)]
    for value in 1...10_000 {
      whole.add(Double(value) / 7)
      parts[value % 2].add(Double(value) / 7)
    }
    for level in [0.01, 0.25, 0.5, 0.9, 0.999, 1] {
      #expect(isClose(try whole.quantile(level), level * 10_000 / 7, within: 0.0101))
    }
    try parts[0].merge(parts[1])
    #expect(parts[0] == whole)
    #expect(whole.count(above: 900) > 3_500 && whole.count(above: 900) < 3_900)
  }

  @Test func `zeros have their place and impossible values are counted apart`() throws {
    var histogram = LogHistogram()
    histogram.add(0, times: 60)
    histogram.add(5, times: 40)
    histogram.add(-1)
    histogram.add(.nan)
    histogram.add(.infinity, times: 3)
    #expect(try histogram.quantile(0.5) == 0)
    #expect(isClose(try histogram.quantile(0.7), 5, within: 0.0101))
    #expect(histogram.count == 100 && histogram.rejected == 5)
  }

  /// Ranks by scipy 1.17.1 `binom`: 40 and 61 of 100 for the median, 84 and 96 for the ninth decile.
  @Test func `intervals lie between the binomial's ranks`() throws {
    var histogram = LogHistogram(accuracy: 0.0001)
    for value in 1...100 { histogram.add(Double(value)) }
    let median = try QuantileEstimate.interval(0.5, of: histogram)
    #expect(isClose(median.low, 40, within: 3e-4) && isClose(median.high, 61, within: 3e-4))
    let decile = try QuantileEstimate.interval(0.9, of: histogram)
    #expect(isClose(decile.low, 84, within: 3e-4) && isClose(decile.high, 96, within: 3e-4))
    #expect(throws: DataCondition.tooFewUnits) { try QuantileEstimate.interval(0.999, of: histogram) }
    let clustered = try QuantileEstimate.interval(0.5, of: histogram, designEffect: 4)
    #expect(clustered.high - clustered.low > 1.8 * (median.high - median.low))
    #expect(throws: DataCondition.tooFewUnits) { try QuantileEstimate.interval(0.5, of: LogHistogram()) }
  }

  @Test func `the median's interval covers it in 95 of 100 experiments`() throws {
    var random = SplitMix64(seed: 3)
    var covered = 0
    for _ in 0..<400 {
      var histogram = LogHistogram(accuracy: 0.005)
      for _ in 0..<200 { histogram.add(exp(random.normal())) }
      let interval = try QuantileEstimate.interval(0.5, of: histogram)
      if interval.low <= 1, interval.high >= 1 { covered += 1 }
    }
    #expect(covered >= 372, "\(covered) of 400")
  }
}

@Suite struct WinsorisingTests {
  private func history() -> LogHistogram {
    var pooled = LogHistogram()
    pooled.add(0, times: 95_000)
    for order in 0..<5_000 { pooled.add(10 + Double(order % 100), times: 1) }
    return pooled
  }

  @Test func `the cap comes from pooled history and is stated in the result`() throws {
    let cap = try WinsorCap(from: history(), level: 0.999)
    #expect(cap.basis == 100_000 && cap.cap > 100 && cap.cap < 112)
    var arms = [WinsorisedMoments(cap: cap), WinsorisedMoments(cap: cap)]
    for viewer in 0..<2_000 {
      for arm in 0...1 { arms[arm].add(viewer % 20 == 0 ? 30 : 0) }
    }
    arms[1].add(1_000_000)
    let effect = try WinsorisedEffect(arms[0], arms[1])
    #expect(effect.cap == cap && arms[1].cappedCount == 1)
    #expect(effect.lostShares[0] == 0 && effect.lostShares[1] > 0.99)
    // A million in one order weighs as much as the cap.
    #expect(effect.difference.estimate < 0.06)
    #expect(!effect.difference.interval().excludesZero)
  }

  @Test func `a cap is not taken from too little, from zeros or from unlike arms`() throws {
    #expect(throws: DataCondition.tooFewUnits) { try WinsorCap(from: LogHistogram()) }
    #expect(throws: DataCondition.noBaseline) { try WinsorCap(from: history(), level: 0.9) }
    #expect(throws: DataCondition.noBaseline) { try WinsorCap(fixed: 0) }
    let arms = [try WinsorCap(fixed: 1), try WinsorCap(fixed: 2)].map { WinsorisedMoments(cap: $0) }
    #expect(throws: DataCondition.impossibleCounts) { try WinsorisedEffect(arms[0], arms[1]) }
  }

  @Test func `negative spend is counted, left out, and blocks a result that would stand on it`() throws {
    var spend = WinsorisedMoments(cap: try WinsorCap(fixed: 100))
    for _ in 0..<10 { spend.add(-3) }
    #expect(spend.rejected == 10 && spend.moments.count == 0)
    let negative = spend
    #expect(throws: DataCondition.negativeValues) { try WinsorisedEffect(negative, negative) }
  }
}

@Suite struct WatchTimeTests {
  @Test func `quartile counts give the mean share watched and its hard bounds`() throws {
    let watched = try WatchTime(reached: [1000, 800, 500, 300, 200])
    #expect(isClose(watched.share.value, (0.9 + 0.65 + 0.4 + 0.25) / 4))
    #expect(isClose(watched.bounds.lowerBound, 0.45) && isClose(watched.bounds.upperBound, 0.65))
    #expect(isClose(try watched.seconds(duration: 20).value, 11))
    // Shares 0.2 0.3 0.2 0.1 0.2 of 1/8 3/8 5/8 7/8 1: mean 0.55, mean square 0.40 - computed by hand.
    let square = 0.2 / 64 + 0.3 * 9 / 64 + 0.2 * 25 / 64 + 0.1 * 49 / 64 + 0.2
    #expect(isClose(watched.share.standardError, ((square - 0.3025) / 999).squareRoot()))
  }

  @Test func `counts that rise along the video are impossible`() {
    #expect(throws: DataCondition.impossibleCounts) { try WatchTime(reached: [10, 12, 3, 2, 1]) }
    #expect(throws: DataCondition.tooFewUnits) { try WatchTime(reached: [0, 0, 0, 0, 0]) }
    #expect(throws: DataCondition.noVariance) { try WatchTime(reached: [9, 9, 9, 9, 9]) }
    #expect(throws: DataCondition.noBaseline) { try WatchTime(reached: [9, 5]).seconds(duration: 0) }
  }
}
