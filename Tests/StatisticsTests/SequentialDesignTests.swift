import Foundation
import Statistics
import StatisticsSimulation
import Testing

/// Expected figures: mpmath 1.3 at 40 digits, from the mixture's integral.
@Suite struct SequentialDesignTests {
  /// An interval whose z and time are given: variance 1 per unit, mean z / sqrt t.
  func interval(z: Double, time: Int64, planned: Double) -> IntervalEstimate {
    AsymptoticConfidenceSequence(plannedSize: planned, design: .plannedEffect)
      .interval(mean: z / Double(time).squareRoot(), variance: 1, count: time)
  }

  @Test(
    "The planned-effect mixture's evidence agrees with its integral",
    arguments: [
      (2, 1000, 20_000, 0.506857888627407203), (3, 20_000, 20_000, 3.49619526369965807),
      (-3.5, 40_000, 20_000, 4.93154828060882352), (40, 20_000, 20_000, 771.669096540152431),
      (40, 1000, 5000, 687.206736440585630),
    ])
  func evidence(z: Double, time: Int64, planned: Double, expected: Double) {
    #expect(isClose(interval(z: z, time: time, planned: planned).logEvidence, expected, within: 1e-12))
  }

  @Test(
    "Its interval's half-width agrees with the root of its integral",
    arguments: [
      (500, 4.76146251494969195), (5000, 3.18396309301309857), (20_000, 2.82358137256253337),
      (100_000, 3.33297018406488619),
    ])
  func halfWidth(time: Int64, criticalZ: Double) {
    let interval = interval(z: 0, time: time, planned: 20_000)
    #expect(isClose(interval.high * Double(time).squareRoot(), criticalZ, within: 1e-12))
    #expect(interval.low == -interval.high)
  }

  @Test(
    "Evidence passes 1 / alpha exactly where the interval passes zero",
    arguments: AsymptoticConfidenceSequence.Design.allCases)
  func duality(design: AsymptoticConfidenceSequence.Design) {
    for alpha in [0.05, 0.001] {
      let sequence = AsymptoticConfidenceSequence(alpha: alpha, plannedSize: 10_000, design: design)
      for time: Int64 in [10, 1000, 10_000, 10_000_000] {
        let half = sequence.interval(mean: 0, variance: 2, count: time).high
        for (factor, shown) in [(0.999, false), (1.001, true)] {
          let interval = sequence.interval(mean: half * factor, variance: 2, count: time)
          #expect(interval.excludesZero == shown)
          #expect((interval.logEvidence >= -log(alpha)) == shown)
        }
      }
    }
  }

  @Test(
    "A z of forty and beyond keeps its evidence in the logarithm",
    arguments: AsymptoticConfidenceSequence.Design.allCases)
  func largeScores(design: AsymptoticConfidenceSequence.Design) {
    let sequence = AsymptoticConfidenceSequence(plannedSize: 20_000, design: design)
    var before = 0.0
    for z in [40, 400, 1e6, 1e12] {
      let interval = sequence.interval(mean: z / 100, variance: 1, count: 10_000)
      // Out of the log domain e^(z^2 / 2) is infinite from z = 38 on.
      #expect(interval.logEvidence > before && interval.logEvidence.isFinite)
      #expect(interval.low.isFinite && interval.high.isFinite && interval.excludesZero)
      before = interval.logEvidence
    }
    let beyond = sequence.interval(mean: 1e200, variance: 1e-200, count: 1_000_000_000_000)
    #expect(beyond.logEvidence.isFinite)
  }

  @Test func `means without values, without variance or without sense are named`() {
    let sequence = AsymptoticConfidenceSequence(plannedSize: 1000, design: .plannedEffect)
    #expect(sequence.interval(mean: 0, variance: 0, count: 0).condition == .burnIn)
    #expect(sequence.interval(mean: 3, variance: 0, count: 50).condition == .noVariance)
    #expect(sequence.interval(mean: .nan, variance: 1, count: 50).condition == .impossibleCounts)
    #expect(sequence.interval(mean: 1, variance: .infinity, count: 50).condition == .impossibleCounts)
    #expect(
      sequence.interval(Moments(count: 50, mean: 1, squaredDeviations: -4)).condition == .impossibleCounts)
    #expect(sequence.interval(mean: .nan, variance: 1, count: 50).estimate == 0)
    for planned in [0, -5, .nan, .infinity] {
      let any = AsymptoticConfidenceSequence(plannedSize: planned, design: .plannedEffect)
      #expect(any.interval(mean: 1, variance: 1, count: 100).high.isFinite)
    }
  }

  /// The figures themselves are promised in ``CalibrationTests``.
  @Test func `five against six per cent is told apart sooner than by a centred mixture`() async {
    func outcome(_ design: AsymptoticConfidenceSequence.Design) async -> PeekingOutcome {
      await Peeking.proportions(
        0.05, 0.06, step: 200, experiments: 300, seed: 122,
        sequence: AsymptoticConfidenceSequence(plannedSize: 20_000, design: design))
    }
    let (planned, centred) = (await outcome(.plannedEffect), await outcome(.centred))
    #expect(planned.meanStopping < centred.meanStopping)
    #expect(planned.claimRate > centred.claimRate && planned.shareForB > 0.98)
  }
}
