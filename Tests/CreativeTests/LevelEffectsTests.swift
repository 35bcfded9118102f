import Campaigns
import Creative
import Foundation
import TestKit
import Testing

@Suite struct LevelEffectsTests {
  private func segment(_ seed: UInt64) -> Identifier<Segment> {
    var randomness = SeededGenerator(seed: seed)
    return .new(at: Sample.moment, using: &randomness)
  }

  private func observation(
    _ segment: UInt64, _ level: String, _ successes: Int64, _ trials: Int64
  ) -> LevelEffects.Observation {
    .init(segment: self.segment(segment), levels: ["hook": level], successes: successes, trials: trials)
  }

  @Test func `an effect is the shrunk log-odds against its segment's mean`() {
    // By hand: log-odds and variances of 30/1000 and 20/1000 with 1/2 added, weighted mean, deviation of a,
    // then 1/v / (1/v + 1/0.15^2).
    let effects = LevelEffects([observation(1, "a", 30, 1000), observation(1, "b", 20, 1000)])
    let (meanA, varianceA) = (log(30.5 / 970.5), 1 / 30.5 + 1 / 970.5)
    let (meanB, varianceB) = (log(20.5 / 980.5), 1 / 20.5 + 1 / 980.5)
    let centre = (meanA / varianceA + meanB / varianceB) / (1 / varianceA + 1 / varianceB)
    let precision = 1 / varianceA
    let expected = (meanA - centre) * precision / (precision + 1 / (0.15 * 0.15))
    let effect = effects.effect(factor: "hook", level: "a")
    #expect(abs(effect.mean - expected) < 1e-12)
    #expect(effect.trials == 1000)
  }

  @Test func `segments of different level do not make a level look good`() {
    // Both levels do the same in each segment; only the segments differ, and one has more of level a.
    let effects = LevelEffects([
      observation(1, "a", 500, 10_000), observation(1, "b", 500, 10_000), observation(1, "a", 500, 10_000),
      observation(2, "a", 100, 10_000), observation(2, "b", 100, 10_000), observation(2, "b", 100, 10_000),
    ])
    #expect(abs(effects.effect(factor: "hook", level: "a").mean) < 1e-9)
  }

  @Test func `little data moves an effect little and much data moves it nearly all the way`() {
    func mean(_ scale: Int64) -> Double {
      LevelEffects([
        observation(1, "a", 3 * scale, 100 * scale), observation(1, "b", 2 * scale, 100 * scale),
      ]).effect(factor: "hook", level: "a").mean
    }
    #expect(mean(1) > 0)
    #expect(mean(1) < 0.05)
    // The weighted mean lies nearer to a, which has more successes and so the smaller variance.
    #expect(abs(mean(10_000) - log((0.03 / 0.97) / (0.02 / 0.98)) * 0.4) < 0.02)
  }

  @Test func `what was never shown is unknown, not bad`() {
    let effect = LevelEffects().effect(factor: "hook", level: "x")
    #expect(effect.mean == 0)
    #expect(effect.promise == LevelEffects.priorDeviation)
    let lone = LevelEffects([observation(1, "a", 30, 1000), observation(2, "b", 0, 0)])
    #expect(
      lone.effect(factor: "hook", level: "a").versions == 0, "a version alone has nothing to be compared with"
    )
  }
}
