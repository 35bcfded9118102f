import Foundation
import Statistics
import Testing

@Suite struct DifferenceOfProportionsTests {
  let sequence = AsymptoticConfidenceSequence(plannedSize: 20_000)

  func epoch(
    _ shareA: Double, _ shareB: Double, _ a: BinomialCounts, _ b: BinomialCounts, units: Int64? = nil
  ) -> AllocationEpoch {
    AllocationEpoch(shareA: shareA, shareB: shareB, countsA: a, countsB: b, units: units)
  }

  /// B is one point worse on both days, yet has the better plain mean, since it got its traffic on the good day.
  @Test func `moved traffic does not turn the sign of a difference`() {
    let days = [
      epoch(0.9, 0.1, BinomialCounts(4500, 90_000), BinomialCounts(400, 10_000)),
      epoch(0.1, 0.9, BinomialCounts(2000, 10_000), BinomialCounts(17_100, 90_000)),
    ]
    let plain = days.map(\.countsB).total().rate - days.map(\.countsA).total().rate
    #expect(plain > 0)
    let difference = DifferenceOfProportions(epochs: days, sequence: sequence).difference()
    #expect(isClose(difference.estimate, -0.01))
    #expect(difference.excludesZero && difference.high < 0)
  }

  @Test func `the standard error is that of the stratified mean`() {
    let days = [
      epoch(0.8, 0.2, BinomialCounts(4000, 80_000), BinomialCounts(1000, 20_000)),
      epoch(0.3, 0.7, BinomialCounts(2100, 30_000), BinomialCounts(4900, 70_000)),
    ]
    let result = DifferenceOfProportions(epochs: days, sequence: sequence).difference()
    let expected = (0.25 * (0.05 * 0.95) * (1 / 8e4 + 1 / 2e4) + 0.25 * (0.07 * 0.93) * (1 / 3e4 + 1 / 7e4))
    // Rates lean a little on their average, see StandardisedRate.
    #expect(isClose(result.standardError, expected.squareRoot(), within: 1e-3))
    #expect(result.sampleSize == 200_000)
  }

  @Test func `epochs with equal shares are pooled and others are not`() {
    let one = BinomialCounts(30, 1000)
    let two = BinomialCounts(80, 1500)
    let split = DifferenceOfProportions(
      epochs: [epoch(0.5, 0.5, one, two), epoch(0.5, 0.5, two, one)], sequence: sequence)
    let pooled = DifferenceOfProportions(epochs: [epoch(0.5, 0.5, one + two, two + one)], sequence: sequence)
    #expect(split.difference() == pooled.difference())
    let apart = DifferenceOfProportions(
      epochs: [epoch(0.5, 0.5, one, two), epoch(0.4, 0.6, two, one)], sequence: sequence)
    #expect(apart.difference() != pooled.difference())
  }

  @Test func `epochs weigh by all units that entered, also those of other arms`() {
    let days = [
      epoch(0.5, 0.5, BinomialCounts(500, 10_000), BinomialCounts(600, 10_000), units: 20_000),
      epoch(0.1, 0.1, BinomialCounts(500, 10_000), BinomialCounts(800, 10_000), units: 100_000),
    ]
    let estimate = DifferenceOfProportions(epochs: days, sequence: sequence).difference().estimate
    #expect(isClose(estimate, (0.01 * 20_000 + 0.03 * 100_000) / 120_000))
    let guessed = days.map { day in
      var day = day
      day.units = nil
      return day
    }
    #expect(
      isClose(DifferenceOfProportions(epochs: guessed, sequence: sequence).difference().estimate, estimate))
  }

  @Test func `an epoch in which one arm was not in the test is left out`() {
    let together = epoch(0.5, 0.5, BinomialCounts(500, 10_000), BinomialCounts(600, 10_000))
    let alone = epoch(1, 0, BinomialCounts(9000, 10_000), .zero)
    #expect(
      DifferenceOfProportions(epochs: [alone, together], sequence: sequence).difference()
        == DifferenceOfProportions(epochs: [together], sequence: sequence).difference())
    let never = DifferenceOfProportions(epochs: [alone], sequence: sequence)
    #expect(never.condition == .noOverlap && never.lift() == nil)
    #expect(never.difference().low == -1 && never.difference().high == 1)
  }

  @Test func `overlap weights narrow the interval when an arm was starved`() {
    let days = [
      epoch(0.5, 0.5, BinomialCounts(500, 10_000), BinomialCounts(600, 10_000)),
      epoch(0.05, 0.95, BinomialCounts(50, 1000), BinomialCounts(1140, 19_000)),
    ]
    let traffic = DifferenceOfProportions(epochs: days, sequence: sequence).difference()
    let overlap = DifferenceOfProportions(epochs: days, sequence: sequence, weighting: .overlap).difference()
    #expect(isClose(traffic.estimate, 0.01) && isClose(overlap.estimate, 0.01))
    #expect(overlap.high - overlap.low < 0.8 * (traffic.high - traffic.low))
  }

  @Test func `lift is the log ratio mapped back and brackets the ratio`() throws {
    let result = DifferenceOfProportions(
      epochs: [epoch(0.5, 0.5, BinomialCounts(5000, 100_000), BinomialCounts(6000, 100_000))],
      sequence: sequence)
    let lift = try #require(result.lift())
    let logRatio = try #require(result.logRatio())
    #expect(isClose(lift.estimate, 0.2))
    #expect(isClose(lift.low, exp(logRatio.low) - 1, within: 1e-9))
    #expect(0 < lift.low && lift.low < 0.2 && 0.2 < lift.high)
    #expect(logRatio.excludesZero)
  }

  @Test func `evidence passes one over alpha exactly when the interval leaves zero`() {
    for successes in stride(from: Int64(500), through: 700, by: 5) {
      let difference = DifferenceOfProportions(
        epochs: [epoch(0.5, 0.5, BinomialCounts(500, 10_000), BinomialCounts(successes, 10_000))],
        sequence: sequence
      ).difference()
      #expect(difference.excludesZero == (difference.logEvidence > -log(0.05)))
    }
  }

  typealias Row = (a: BinomialCounts, b: BinomialCounts, condition: EstimateCondition)
  static let mute: [Row] = [
    (BinomialCounts(0, 0), BinomialCounts(0, 0), .noOverlap),
    (BinomialCounts(5, 0), BinomialCounts(0, 100), .impossibleCounts),
    (BinomialCounts(20, 10), BinomialCounts(1, 100), .impossibleCounts),
    (BinomialCounts(-1, 10), BinomialCounts(1, 100), .impossibleCounts),
    (BinomialCounts(0, 10_000), BinomialCounts(900, 10_000), .burnIn),
    (BinomialCounts(10_000, 10_000), BinomialCounts(10_000, 10_000), .burnIn),
    (BinomialCounts(19, 1000), BinomialCounts(100, 1000), .burnIn),
  ]

  @Test("Data that allow no claim are named and claim nothing", arguments: mute.indices)
  func conditions(index: Int) {
    let (a, b, condition) = Self.mute[index]
    let epochs = [epoch(0.5, 0.5, a, b)]
    let result = DifferenceOfProportions(epochs: epochs, sequence: sequence)
    #expect(result.condition == condition)
    let interval = result.difference()
    #expect(interval.low == -1 && interval.high == 1 && !interval.excludesZero)
    #expect(interval.estimate.isFinite && interval.standardError.isFinite)
    #expect(result.logRatio() == nil)
  }

  @Test func `a share that is no probability claims nothing`() {
    let bad = epoch(.nan, 0.5, BinomialCounts(500, 10_000), BinomialCounts(900, 10_000))
    #expect(DifferenceOfProportions(epochs: [bad], sequence: sequence).condition == .impossibleCounts)
  }

  @Test func `a million millions and a z of forty stay finite`() throws {
    let million: Int64 = 1_000_000
    let huge = DifferenceOfProportions(
      epochs: [
        epoch(
          0.5, 0.5, BinomialCounts(50_000 * million, million * million),
          BinomialCounts(50_020 * million, million * million))
      ], sequence: sequence)
    let interval = huge.difference()
    #expect(isClose(interval.estimate, 2e-5) && interval.excludesZero)
    #expect(interval.estimate / interval.standardError > 40)
    #expect(interval.logEvidence > 700 && interval.logEvidence.isFinite)
    #expect(try #require(huge.lift()).high.isFinite)
  }

  @Test func `an arm's own rate is averaged over the same traffic`() {
    let rate = AverageRate(
      epochs: [
        .init(share: 0.5, counts: BinomialCounts(500, 10_000)),
        .init(share: 0.1, counts: BinomialCounts(200, 2_000)),
      ], sequence: sequence
    ).interval
    #expect(isClose(rate.estimate, 0.075))
    #expect(rate.low > 0.05 && rate.low < 0.075 && rate.high > 0.075)
    let none = AverageRate(epochs: [], sequence: sequence).interval
    #expect(none.low == 0 && none.high == 1 && none.condition == .noOverlap)
  }
}
