import Foundation
import Statistics
import StatisticsSimulation
import Testing

/// Expected figures: mpmath 1.3 at 40 digits, from the papers' formulas.
@Suite struct SequentialExactTests {
  static let batches: [(a: BinomialCounts, b: BinomialCounts)] = [
    (BinomialCounts(3, 60), BinomialCounts(5, 60)), (BinomialCounts(2, 50), BinomialCounts(9, 70)),
    (BinomialCounts(4, 80), BinomialCounts(12, 75)), (BinomialCounts(1, 40), BinomialCounts(8, 90)),
    (BinomialCounts(5, 60), BinomialCounts(14, 60)),
  ]

  func process(_ batches: [(a: BinomialCounts, b: BinomialCounts)]) -> TwoProportionProcess {
    var process = TwoProportionProcess(plannedSize: 400)
    for batch in batches { process.add(a: batch.a, b: batch.b) }
    return process
  }

  @Test func `the exact process agrees with the paper's formula for every difference`() {
    let process = process(Self.batches)
    #expect(isClose(process.logEvidence, 6.42332569612632165, within: 1e-12))
    #expect(isClose(process.logEvidence(difference: 0), process.logEvidence, within: 1e-12))
    #expect(isClose(process.logEvidence(difference: 0.05), 0.699561503232899851, within: 1e-11))
    #expect(isClose(process.logEvidence(difference: -0.02), 8.94939400761918504, within: 1e-11))
  }

  @Test func `its interval ends where a difference is first rejected and agrees with the test of none`() {
    let process = process(Self.batches)
    let interval = process.interval()
    #expect(interval.excludesZero && interval.logEvidence > log(20))
    #expect(interval.low < interval.estimate && interval.estimate < interval.high)
    for edge in [interval.low, interval.high] {
      #expect(abs(process.logEvidence(difference: edge) - log(20)) < 1e-6)
    }
    let early = self.process(Array(Self.batches.prefix(2)))
    #expect(!early.interval().excludesZero && early.logEvidence < log(20))
  }

  /// All outcomes of a batch of two and three trials, weighed by their probability.
  @Test("A batch's evidence has mean one at most under every common rate", arguments: [0.02, 0.1, 0.3, 0.7])
  func martingale(rate: Double) {
    let before = Array(Self.batches.prefix(2))
    func mean(_ difference: Double) -> Double {
      let base = exp(process(before).logEvidence(difference: difference))
      var mean = 0.0
      for a in 0...2 as ClosedRange<Int64> {
        for b in 0...3 as ClosedRange<Int64> {
          let other = rate + difference
          let ways = [1.0, 2, 1][Int(a)] * [1.0, 3, 3, 1][Int(b)]
          let chance =
            ways * pow(rate, Double(a)) * pow(1 - rate, Double(2 - a)) * pow(other, Double(b))
            * pow(1 - other, Double(3 - b))
          let after = process(before + [(BinomialCounts(a, 2), BinomialCounts(b, 3))])
          mean += chance * exp(after.logEvidence(difference: difference))
        }
      }
      return mean / base
    }
    #expect(mean(0) <= 1 + 1e-12)
    #expect(mean(0.1) <= 1 + 1e-12)
    #expect(mean(0) > 0.8)
  }

  @Test("The exact process keeps alpha at few and at many events", arguments: [0.005, 0.05])
  func errorRate(rate: Double) async {
    let outcome = await Peeking.exact(rate, rate, step: 200, experiments: 200, seed: 141, plannedSize: 20_000)
    #expect(outcome.claimRate <= 0.05)
  }

  @Test func `the exact process finds five against six per cent as soon as the asymptotic one`() async {
    let outcome = await Peeking.exact(0.05, 0.06, step: 200, experiments: 150, seed: 142, plannedSize: 20_000)
    #expect(outcome.claimRate >= 0.92 && outcome.meanStopping <= 9000)
  }

  @Test func `days of different weather and shares do not fool the exact process`() {
    // Both arms alike on each day; B was shown on the good one.
    var process = TwoProportionProcess(plannedSize: 20_000)
    for _ in 0..<20 {
      process.add(a: BinomialCounts(18, 900), b: BinomialCounts(2, 100))
      process.add(a: BinomialCounts(10, 100), b: BinomialCounts(90, 900))
    }
    #expect(process.b.rate > 4 * process.a.rate - 0.03 && process.logEvidence < 0)
  }

  @Test func `counts that allow no claim are named by the exact process`() {
    func condition(_ batches: [(BinomialCounts, BinomialCounts)]) -> IntervalEstimate {
      process(batches.map { (a: $0.0, b: $0.1) }).interval()
    }
    let fine = BinomialCounts(10, 100)
    let cases: [([(BinomialCounts, BinomialCounts)], EstimateCondition)] = [
      ([], .noOverlap), ([(.zero, .zero)], .noOverlap), ([(fine, .zero), (fine, .zero)], .noOverlap),
      ([(BinomialCounts(9, 5), fine)], .impossibleCounts),
      ([(fine, fine), (fine, BinomialCounts(-1, 5))], .impossibleCounts),
      ([(fine, fine)], .burnIn),
      ([(BinomialCounts(0, 100), BinomialCounts(0, 100)), (BinomialCounts(0, 9), fine)], .burnIn),
      ([(BinomialCounts(99, 99), BinomialCounts(99, 99)), (fine, .zero)], .burnIn),
    ]
    for (batches, expected) in cases {
      let interval = condition(batches)
      #expect(interval.condition == expected && interval.low == -1 && interval.high == 1)
      #expect(interval.estimate.isFinite && interval.standardError.isFinite && interval.logEvidence == 0)
    }
  }

  @Test func `a million millions of trials stay finite in the exact process`() {
    var process = TwoProportionProcess(plannedSize: 1e12)
    for _ in 0..<4 {
      process.add(
        a: BinomialCounts(50_000_000_000, 1_000_000_000_000),
        b: BinomialCounts(50_020_000_000, 1_000_000_000_000))
    }
    let interval = process.interval()
    #expect(interval.logEvidence > 100 && interval.logEvidence.isFinite && interval.low > 0)
    #expect(interval.low < 2e-5 && interval.high > 2e-5 && interval.high < 1e-3)
  }
}

/// Bounded means; figures as above.
@Suite struct SequentialBettingTests {
  static let values = (1...40).map { Double(($0 * 37) % 101) / 101 }

  @Test func `betting gives the paper's capital and interval`() {
    var betting = BoundedBetting()
    for value in Self.values { betting.add(value) }
    #expect(isClose(betting.logCapital(against: 0.3), 6.62058277629539147, within: 1e-10))
    let interval = betting.interval()
    #expect(isClose(interval.low, 0.378380568357610255, within: 1e-12))
    #expect(isClose(interval.high, 0.634199340870684698, within: 1e-12))
  }

  @Test func `the empirical Bernstein sequence gives the paper's interval`() {
    var sequence = EmpiricalBernsteinSequence()
    for value in Self.values { sequence.add(value) }
    #expect(isClose(sequence.interval().low, 0.292086526531022713, within: 1e-12))
    #expect(isClose(sequence.interval().high, 0.727715453666997089, within: 1e-12))
  }

  @Test func `bounds scale with the values' unit`() {
    var seconds = BoundedBetting(bounds: 0...30)
    var bernstein = EmpiricalBernsteinSequence(bounds: 0...30)
    for value in Self.values {
      seconds.add(30 * value)
      bernstein.add(30 * value)
    }
    #expect(isClose(seconds.interval().low, 30 * 0.378380568357610255, within: 1e-12))
    #expect(isClose(bernstein.interval().high, 30 * 0.727715453666997089, within: 1e-12))
  }

  @Test func `wider buckets only widen the interval`() {
    var exact = BoundedBetting()
    var bucketed = BoundedBetting()
    for value in Self.values {
      let low = (value * 10).rounded(.down) / 10
      exact.add(value)
      bucketed.add([.init(low: low, high: low + 0.1, count: 1)])
    }
    #expect(bucketed.interval().low <= exact.interval().low)
    #expect(bucketed.interval().high >= exact.interval().high)
    #expect(bucketed.interval().high - bucketed.interval().low < 0.5)
  }

  /// Quartiles reached by day, as buckets for betting and as moments for Bernstein.
  @Test func `batches of quartiles miss the mean in at most alpha over forty looks`() {
    var randomness = SplitMix64(seed: 151)
    let chances = [0.5, 0.2, 0.1, 0.1, 0.1]
    let truth = zip(chances, [0, 0.25, 0.5, 0.75, 1.0]).reduce(0) { $0 + $1.0 * $1.1 }
    var missed = [0, 0]
    var widths = [0.0, 0.0]
    for _ in 0..<150 {
      var betting = BoundedBetting()
      var bernstein = EmpiricalBernsteinSequence()
      var wrong = [false, false]
      for _ in 0..<40 {
        let counts = randomness.split(50, by: chances)
        let buckets = counts.enumerated().map {
          BoundedBetting.Bucket(value: Double($0.offset) / 4, count: Int64($0.element))
        }
        betting.add(buckets)
        bernstein.add(buckets.map { Moments(count: $0.count, mean: $0.low) }.total())
        // The interval excludes the truth exactly when the capital against it is large.
        if betting.logCapital(against: truth) >= log(20) { wrong[0] = true }
        let interval = bernstein.interval()
        if truth < interval.low || truth > interval.high { wrong[1] = true }
      }
      for (index, interval) in [betting.interval(), bernstein.interval()].enumerated() {
        if wrong[index] { missed[index] += 1 }
        widths[index] += interval.high - interval.low
      }
    }
    #expect(missed.allSatisfy { Double($0) / 150 <= 0.05 })
    #expect(widths[0] < widths[1])
  }

  @Test func `values out of bounds and none at all are named`() {
    var betting = BoundedBetting()
    #expect(betting.interval().condition == .burnIn && betting.interval().high == 1)
    betting.add(0.5)
    betting.add(1.5)
    #expect(betting.interval().condition == .impossibleCounts && betting.interval().low == 0)
    var crossed = BoundedBetting()
    crossed.add([.init(low: 0.6, high: 0.4, count: 3)])
    #expect(crossed.interval().condition == .impossibleCounts)
    var infinite = BoundedBetting()
    infinite.add(.nan)
    #expect(infinite.interval().condition == .impossibleCounts)
    var bernstein = EmpiricalBernsteinSequence()
    #expect(bernstein.interval().condition == .burnIn)
    bernstein.add(Moments(count: 10, mean: 0.5, squaredDeviations: 9))
    #expect(bernstein.interval().condition == .impossibleCounts && bernstein.interval().low == 0)
  }

  @Test func `values that are all the same and a million millions of them stay finite`() {
    var betting = BoundedBetting()
    var bernstein = EmpiricalBernsteinSequence()
    for _ in 0..<5 {
      betting.add([.init(value: 0, count: 1_000_000_000_000)])
      bernstein.add(Moments(count: 1_000_000_000_000, mean: 0))
    }
    for interval in [betting.interval(), bernstein.interval()] {
      #expect(interval.low >= 0 && interval.high <= 1 && interval.low <= interval.high)
    }
  }
}
