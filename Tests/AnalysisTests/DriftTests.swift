import Analysis
import Campaigns
import Foundation
import Statistics
import TestKit
import Testing

@Suite("What is said of a market, hour by hour")
struct DriftTests {
  /// Eight weeks of 600 impressions an hour with a season of the week.
  private func inputs(factor: (Int) -> Double) -> ExperimentInputs {
    var scenario = Scenario()
    scenario.days = 56
    scenario.perDay = 14_400
    var inputs = scenario.inputs()
    var generator = SeededGenerator(seed: 11)
    let first = Int(scenario.start.timeIntervalSince1970 / 3_600)
    inputs.hours = (0..<(56 * 24)).map { hour in
      let season = 1 + 0.15 * sin(Double(hour % 168) / 168 * 2 * .pi)
      let rate = 0.03 * season * factor(hour)
      let clicks = (0..<600).reduce(Int64(0)) { sum, _ in
        sum + (Double.random(in: 0..<1, using: &generator) < rate ? 1 : 0)
      }
      return SegmentHour(hour: first + hour, impressions: 600, successes: clicks)
    }
    return inputs
  }

  @Test(
    "a market that falls by a fifth is told within days, with the day it began, and can be computed again")
  func fall() throws {
    let analysis = try SegmentAnalysis(of: inputs { $0 < 53 * 24 ? 1 : 0.8 })
    let verdict = try #require(analysis.verdicts.first { $0.kind == .shifted })
    #expect(verdict.variant == nil)
    #expect(abs(try #require(verdict.estimate) + 0.2) < 0.06)
    let sentence = verdict.sentence
    #expect(
      sentence.contains("since about 8 January 2027") || sentence.contains("since about 7 January 2027"))
    #expect(try verdict.recomputed().agrees(with: verdict))
  }

  @Test("a season of the week alone is no shift")
  func season() throws {
    #expect(try !SegmentAnalysis(of: inputs { _ in 1 }).verdicts.contains { $0.kind == .shifted })
  }

  @Test("a shift of long ago is news no more")
  func old() throws {
    let analysis = try SegmentAnalysis(of: inputs { $0 < 33 * 24 ? 1 : 0.7 })
    #expect(!analysis.verdicts.contains { $0.kind == .shifted })
  }

  @Test("a version that loses with every further exposure is worn, and its evidence says why")
  func exposure() throws {
    // Everybody sees a version twenty times in eight weeks; C loses odds as they do, the others do not. Week against
    // week there is too little traffic to show it.
    var scenario = Scenario()
    scenario.days = 56
    scenario.perDay = 1_500
    let mean = { (day: Int) in 19 * (Double(day) + 0.5) / 56 }
    scenario.rate = { arm, day in arm == 2 ? 0.03 * pow(1 + mean(day), -0.25) : 0.028 }
    var inputs = scenario.inputs()
    #expect(try !SegmentAnalysis(of: inputs).isFatigued(scenario.variant(2).id))
    inputs.cohorts = inputs.arms(impressionsPerViewer: 20, viewers: 1_400)
    let analysis = try SegmentAnalysis(of: inputs)
    let verdict = try #require(analysis.verdicts.first { $0.kind == .fatigued })
    #expect(verdict.variant == scenario.variant(2).id)
    #expect(verdict.sentence.contains("the more often its viewers have seen it"))
    #expect(try #require(verdict.high) < 0)
    #expect(try verdict.recomputed().agrees(with: verdict))
    #expect(!analysis.isFatigued(scenario.variant(0).id))
  }
}
