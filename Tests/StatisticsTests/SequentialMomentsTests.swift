import Foundation
import Statistics
import StatisticsSimulation
import Testing

@Suite struct SequentialMomentsTests {
  @Test func `merging parts in any way gives the moments of the whole`() {
    var randomness = SplitMix64(seed: 101)
    let values = (0..<1000).map { _ in 1e9 + randomness.normal() }
    let whole = Moments(values)
    let parts = [0..<1, 1..<400, 400..<400, 400..<1000].map { Moments(values[$0]) }
    for merged in [parts.total(), parts.reversed().total()] {
      #expect(merged.count == 1000)
      #expect(isClose(merged.mean, whole.mean, within: 1e-15))
      // Sums of squares would leave nothing here: 1e18 + 1 is 1e18.
      #expect(isClose(merged.squaredDeviations, whole.squaredDeviations, within: 1e-6))
    }
    #expect(abs(whole.variance - 1) < 0.2)
  }

  @Test func `co-moments merge as well and counts are moments of zeros and ones`() {
    var randomness = SplitMix64(seed: 102)
    var whole = BivariateMoments()
    var parts = [BivariateMoments.zero, .zero, .zero]
    for index in 0..<600 {
      let x = 5 + randomness.normal()
      let y = 2 * x + randomness.normal()
      whole.add(x: x, y: y)
      parts[index % 3].add(x: x, y: y)
    }
    let merged = parts.total()
    #expect(isClose(merged.codeviations, whole.codeviations, within: 1e-12))
    #expect(isClose(merged.residualVariance(slope: 2), whole.residualVariance(slope: 2), within: 1e-10))
    #expect(abs(whole.residualVariance(slope: 2) - 1) < 0.2)
    let counts = Moments(BinomialCounts(30, 1000))
    #expect(isClose(counts.variance, 0.03 * 0.97) && isClose(counts.effectiveEvents, 30))
  }

  @Test func `counts of a million millions merge without overflow`() {
    let huge = Moments(count: 1_000_000_000_000, mean: 3, squaredDeviations: 2e12)
    let sum = huge + Moments(count: 1_000_000_000_000, mean: 5, squaredDeviations: 2e12)
    #expect(sum.mean == 4 && isClose(sum.variance, 3))
    #expect(sum.isPossible)
  }

  @Test func `impossible moments are known as such`() {
    #expect(!Moments(count: -1).isPossible)
    #expect(!Moments(count: 2, mean: .nan).isPossible)
    #expect(!Moments(count: 2, mean: 1, squaredDeviations: -1).isPossible)
    #expect(
      !BivariateMoments(
        count: 9, meanX: 1, meanY: 1, squaredDeviationsX: 1, squaredDeviationsY: 1, codeviations: 2
      ).isPossible)
  }

  @Test func `a capped mean tells what was cut off and refuses another cap and impossible values`() throws {
    let cap = try WinsorCap(fixed: 100)
    var sales = WinsorisedMoments(cap: cap)
    for value in [0, 0, 20, 80, 500.0, -1, .infinity] { sales.add(value) }
    #expect(isClose(sales.moments.mean, 40) && isClose(sales.cappedShare, 0.2))
    #expect(isClose(sales.lostShare, 400 / 600.0))
    #expect(sales.rejected == 2 && sales.moments.count == 5)
    var twice = sales
    try twice.merge(sales)
    #expect(twice.cappedCount == 2 && twice.rejected == 4 && isClose(twice.lostShare, sales.lostShare))
    let other = WinsorisedMoments(cap: try WinsorCap(fixed: 99))
    #expect(throws: DataCondition.impossibleCounts) { try twice.merge(other) }
  }
}
