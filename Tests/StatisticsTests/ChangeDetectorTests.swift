import Foundation
import Statistics
import StatisticsSimulation
import Testing

@Suite struct ChangeDetectorTests {
  /// The statistic by trying every start, each with its best ratio.
  static func bruteForce(
    _ counts: [Double], _ expected: [Double], _ direction: FunctionalCUSUM.Direction
  ) -> Double {
    var best = 0.0
    for start in counts.indices {
      let count = counts[start...].reduce(0, +)
      let mean = expected[start...].reduce(0, +)
      guard direction == .rise ? count > mean : count < mean else { continue }
      best = max(best, (count > 0 ? count * log(count / mean) : 0) - count + mean)
    }
    return best
  }

  @Test(arguments: [FunctionalCUSUM.Direction.rise, .fall])
  func `the functional CUSUM is the maximum over all starts and sizes`(
    direction: FunctionalCUSUM.Direction
  ) {
    var randomness = SplitMix64(seed: 701)
    var mostCandidates = 0
    for run in 0..<12 {
      var counts: [Double] = []
      var expected: [Double] = []
      var detector = FunctionalCUSUM(direction: direction)
      for hour in 0..<90 {
        let mean = 1 + 6 * randomness.uniform()
        let ratio: Double = hour < 50 ? 1 : [1, 1.5, 0.5, 3][run % 4]
        counts.append(Double(randomness.binomial(200, min(1, mean * ratio / 200)).successes))
        expected.append(mean)
        detector.update(count: counts[hour], expected: mean)
        let brute = Self.bruteForce(counts, expected, direction)
        #expect(abs((detector.change?.statistic ?? 0) - brute) <= 1e-9 * max(1, brute))
        mostCandidates = max(mostCandidates, detector.candidateCount)
      }
    }
    // About the logarithm of the hours, not the hours.
    #expect(mostCandidates <= 20)
  }

  @Test func `the functional CUSUM tells the start and the size`() throws {
    var detector = FunctionalCUSUM(direction: .fall)
    for hour in 0..<100 { detector.update(count: hour < 70 ? 10 : 5, expected: 10) }
    let change = try #require(detector.change)
    #expect(change.start == 70 && isClose(change.ratio, 0.5))
    #expect(isClose(change.statistic, 150 * log(0.5) + 150))
    var rise = FunctionalCUSUM(direction: .rise)
    for value in [Double.nan, -1, .infinity, 0] { rise.update(count: value, expected: 1) }
    rise.update(count: 5, expected: 0)
    #expect(rise.change == nil)
  }

  @Test func `e-detectors are sums and maxima over all starts`() {
    var randomness = SplitMix64(seed: 702)
    var sum = EDetector(kind: .shiryaevRoberts, weights: [1])
    var largest = EDetector(kind: .cumulativeSum, weights: [1])
    var values: [Double] = []
    for _ in 0..<120 {
      values.append(randomness.normal() - 0.3)
      sum.update(logEValues: [values[values.count - 1]])
      largest.update(logEValues: [values[values.count - 1]])
      let products = values.indices.map { values[$0...].reduce(0, +) }
      #expect(isClose(exp(sum.logStatistic), products.reduce(0) { $0 + exp($1) }, within: 1e-9))
      #expect(abs(largest.logStatistic - (products.max() ?? 0)) < 1e-9)
    }
  }

  @Test(arguments: [EDetector.Kind.shiryaevRoberts, .cumulativeSum])
  func `without a change the mean run is at least as long as promised`(kind: EDetector.Kind) {
    var randomness = SplitMix64(seed: 703)
    let limit = EDetector.FalseAlarms.averageRunLength(hours: 60).logThreshold
    var total = 0
    let runs = 300
    for _ in 0..<runs {
      var detector = EDetector(kind: kind, weights: [2, 1])
      while detector.logStatistic < limit {
        let count = Double(randomness.binomial(100, 0.08).successes)
        detector.update(logEValues: [0.7, 1.4].map { count * log($0) - 8 * ($0 - 1) })
        total += 1
      }
    }
    // Two standard errors of an about exponential run length.
    #expect(Double(total) / Double(runs) >= 60 * (1 - 2 / Double(runs).squareRoot()))
  }

  // Every segmentation's negative binomial likelihood summed in Python with scipy 1.17's nbinom.
  @Test func `the date of a change has the probability of all segmentations`() throws {
    let counts: [Double] = [9, 11, 10, 8, 12, 10, 9, 5, 6, 4, 7, 5, 6]
    let expected: [Double] = [10, 10, 11, 9, 10, 10, 10, 10, 10, 9, 11, 10, 10]
    let observations = counts.indices.map {
      ChangeObservation(hour: 100 + $0, count: counts[$0], expected: expected[$0])
    }
    let date = try #require(
      ChangeDate(observations, dispersion: 1, eventsBehindBaseline: 400, expectedRunHours: 50))
    #expect(isClose(date.probability, 0.8437528725564067, within: 1e-9))
    #expect(date.hour == 107 && date.low == 103 && date.high == 110)
    #expect(isClose(date.ratio, 0.6203125))
    // Twice the dispersion is half the evidence.
    let tempered = try #require(
      ChangeDate(observations, dispersion: 2, eventsBehindBaseline: 400, expectedRunHours: 50))
    #expect(tempered.probability < date.probability)
    // Two large segments, where gamma functions would cancel.
    let large = (0..<40).map {
      ChangeObservation(hour: $0, count: $0 < 25 ? 1e12 : 0.9e12, expected: 1e12)
    }
    let clear = try #require(
      ChangeDate(large, dispersion: 1e6, eventsBehindBaseline: 1e12, expectedRunHours: 1000))
    #expect(clear.hour == 25 && clear.low == 25 && clear.high == 25 && abs(clear.ratio - 0.9) < 1e-3)
    #expect(
      ChangeDate([], dispersion: 1, eventsBehindBaseline: 400, expectedRunHours: 50) == nil)
  }
}
