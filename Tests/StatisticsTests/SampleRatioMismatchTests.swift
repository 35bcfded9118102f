import Foundation
import Statistics
import StatisticsSimulation
import Testing

@Suite struct SampleRatioMismatchTests {
  @Test func `arms without weight do not count as degrees of freedom`() throws {
    let with = SampleRatioMismatch.Phase(counts: [5000, 5300, 0], weights: [1, 1, 0])
    let without = SampleRatioMismatch.Phase(counts: [5000, 5300], weights: [1, 1])
    #expect(try #require(SampleRatioMismatch.chiSquare(with)).degreesOfFreedom == 1)
    #expect(SampleRatioMismatch.logEvidence([with]) == SampleRatioMismatch.logEvidence([without]))
  }

  @Test func `nothing to compare is no evidence`() {
    #expect(SampleRatioMismatch.logEvidence([]) == 0)
    #expect(SampleRatioMismatch.logEvidence([.init(counts: [0, 0], weights: [1, 1])]) == 0)
    #expect(SampleRatioMismatch.logEvidence([.init(counts: [9, 0], weights: [1, 0])]) == 0)
    #expect(SampleRatioMismatch.chiSquare(.init(counts: [9], weights: [1])) == nil)
  }

  @Test func `counts of a million millions at their promised split are no alarm`() {
    let phase = SampleRatioMismatch.Phase(
      counts: [500_000_000_000, 500_000_000_000], weights: [1, 1])
    #expect(SampleRatioMismatch.logEvidence([phase]) < 0)
  }

  @Test func `a lasting loss of five per cent of one arm is found although shares move daily`() {
    var randomness = SplitMix64(seed: 11)
    var phases: [SampleRatioMismatch.Phase] = []
    for day in 0..<28 {
      let a = 0.3 + 0.01 * Double(day)
      let arrived = randomness.split(4000, by: [a, 1 - a])
      phases.append(
        .init(counts: [Int64(arrived[0]), Int64(Double(arrived[1]) * 0.95)], weights: [a, 1 - a]))
    }
    #expect(SampleRatioMismatch.isAlarm(logEvidence: SampleRatioMismatch.logEvidence(phases)))
  }

  @Test func `looking a hundred times raises false alarms in at most alpha of experiments`() {
    var randomness = SplitMix64(seed: 12)
    let alpha = 0.05
    var alarms = 0
    let experiments = 1000
    for _ in 0..<experiments {
      var counts: [Int64] = [0, 0, 0]
      for _ in 0..<100 {
        for (arm, got) in randomness.split(60, by: [0.5, 0.3, 0.2]).enumerated() { counts[arm] += Int64(got) }
        let evidence = SampleRatioMismatch.logEvidence([.init(counts: counts, weights: [5, 3, 2])])
        if SampleRatioMismatch.isAlarm(logEvidence: evidence, alpha: alpha) {
          alarms += 1
          break
        }
      }
    }
    #expect(Double(alarms) / Double(experiments) <= alpha)
  }

  @Test func `shares that move every day raise false alarms in at most alpha of experiments`() {
    var randomness = SplitMix64(seed: 13)
    let alpha = 0.05
    var alarms = 0
    let experiments = 300
    for _ in 0..<experiments {
      var phases: [SampleRatioMismatch.Phase] = []
      var share = 0.5
      for _ in 0..<14 {
        let got = randomness.split(500, by: [share, 1 - share]).map(Int64.init)
        phases.append(.init(counts: got, weights: [share, 1 - share]))
        if SampleRatioMismatch.isAlarm(logEvidence: SampleRatioMismatch.logEvidence(phases), alpha: alpha) {
          alarms += 1
          break
        }
        // The next day's share follows the last day's luck, as a bandit's would.
        share = got[0] % 2 == 0 ? min(0.9, share + 0.07) : max(0.1, share - 0.07)
      }
    }
    #expect(Double(alarms) / Double(experiments) <= alpha)
  }
}
