import Foundation
import Statistics
import Testing

@Suite struct SequentialSampleRatioTests {
  typealias Phase = SampleRatioMismatch.Phase

  /// mpmath 1.3 at 40 digits.
  @Test func `evidence keeps its digits at a million millions of units`() {
    let even = Phase(counts: [1_000_000_000_000, 1_000_010_000_000], weights: [1, 1])
    #expect(isClose(SampleRatioMismatch.logEvidence([even]), 13.1378734858844817, within: 1e-9))
    let uneven = Phase(counts: [700_000_000_000, 300_004_000_000], weights: [7, 3])
    #expect(isClose(SampleRatioMismatch.logEvidence([uneven]), 7.15049386960422788, within: 1e-9))
    let few = Phase(counts: [500, 530, 480], weights: [1, 1, 1])
    #expect(isClose(SampleRatioMismatch.logEvidence([few]), -1.60702449981621164, within: 1e-11))
  }

  @Test func `holdouts and arms without weight change neither evidence nor degrees of freedom`() throws {
    let with = Phase(counts: [10_000, 10_200, 9_700, 77], weights: [1, 1, 1, 0])
    let without = Phase(counts: [10_000, 10_200, 9_700], weights: [1, 1, 1])
    #expect(SampleRatioTest([with]).logEvidence == SampleRatioTest([without]).logEvidence)
    #expect(isClose(SampleRatioTest([with]).logEvidence, 0.634266799723, within: 1e-9))
    let classical = try #require(SampleRatioMismatch.chiSquare(with))
    #expect(classical.degreesOfFreedom == 2 && isClose(classical.pValue, 0.00173887826286, within: 1e-11))
    #expect(SampleRatioTest([with]).phases[0].deviations.last == .some(nil))
  }

  @Test func `each phase is told by itself and the whole decides`() throws {
    let healthy = Phase(counts: [5000, 5020], weights: [1, 1])
    let broken = Phase(counts: [9000, 700], weights: [0.9, 0.1])
    let test = SampleRatioTest([healthy, broken])
    #expect(test.isAlarm && test.condition == nil)
    #expect(test.phases[0].logEvidence < 0 && test.phases[1].logEvidence > log(100))
    let deviation = try #require(test.phases[1].deviations[1])
    #expect(isClose(deviation, 700 / 970.0 - 1))
    #expect(test.logPValue <= log(0.01) && test.logPValue == -test.logEvidence)
  }

  @Test func `phases that say nothing are named and raise no alarm`() {
    let fine = Phase(counts: [500, 510], weights: [1, 1])
    let cases: [([Phase], EstimateCondition)] = [
      ([], .burnIn), ([Phase(counts: [0, 0], weights: [1, 1])], .burnIn),
      ([Phase(counts: [9, 0], weights: [1, 0])], .tooFewArms),
      ([Phase(counts: [9], weights: [1])], .tooFewArms),
      ([fine, Phase(counts: [-1, 5], weights: [1, 1])], .impossibleCounts),
      ([fine, Phase(counts: [1, 5, 3], weights: [1, 1])], .impossibleCounts),
      ([fine, Phase(counts: [1, 5], weights: [.nan, 1])], .impossibleCounts),
    ]
    for (phases, condition) in cases {
      let test = SampleRatioTest(phases)
      #expect(test.condition == condition && test.logEvidence == 0 && !test.isAlarm)
      #expect(test.phases.count == phases.count)
    }
    // A pause between phases is no reason to be silent.
    #expect(SampleRatioTest([fine, Phase(counts: [0, 0], weights: [1, 2])]).condition == nil)
  }
}
