import Analysis
import Campaigns
import Foundation
import Testing

@Suite("What is said of a version's and a segment's course")
struct CourseTests {
  /// C keeps its lift a week and then loses it by halves.
  private var wearing: Scenario {
    var scenario = Scenario()
    scenario.days = 28
    scenario.perDay = 6_000
    scenario.rate = { arm, day in
      let worn = day < 7 ? 1.0 : 0.5 + 0.5 * pow(0.5, Double(day - 6) / 4)
      return 0.028 * [1, 1, 1.15 * worn][arm]
    }
    return scenario
  }

  @Test("a version that loses ground to those beside it is worn, the others are not")
  func fatigue() throws {
    let analysis = try wearing.analysis()
    #expect(analysis.isFatigued(wearing.variant(2).id))
    #expect(!analysis.isFatigued(wearing.variant(0).id))
    let verdict = try #require(analysis.verdicts.first { $0.kind == .fatigued })
    #expect(try #require(verdict.high) < 0)
    #expect(
      verdict.sentence.hasPrefix("Version C is shown to wear out: beside the same other versions it now gets")
    )
  }

  @Test("no version wears out when all fall together; the segment has shifted")
  func shift() throws {
    var scenario = Scenario()
    scenario.days = 21
    scenario.perDay = 9_000
    scenario.rate = { arm, day in 0.025 * [1.2, 1, 0.9][arm] * (day < 14 ? 1 : 0.6) }
    let analysis = try scenario.analysis()
    #expect(!analysis.verdicts.contains { $0.kind == .fatigued })
    let verdict = try #require(analysis.verdicts.first { $0.kind == .shifted })
    #expect(verdict.variant == nil)
    #expect(abs(try #require(verdict.estimate) + 0.4) < 0.02)
    #expect(analysis.trend?.isShown == true)
    #expect(verdict.sentence.contains("the market, not one version"))
  }

  @Test("a steady weekly season is neither fatigue nor a shift")
  func season() throws {
    var scenario = Scenario()
    scenario.days = 28
    scenario.perDay = 9_000
    scenario.rate = { _, day in 0.025 * [0.85, 0.9, 1, 1, 1.05, 1.15, 1.05][day % 7] }
    let analysis = try scenario.analysis()
    #expect(!analysis.verdicts.contains { $0.kind == .fatigued || $0.kind == .shifted })
    #expect(analysis.trend?.isShown == false)
  }

  @Test("traffic moving between the others is not fatigue")
  func mix() throws {
    var scenario = Scenario()
    scenario.days = 14
    scenario.perDay = 20_000
    scenario.epochs = [(0, [0.2, 0.6, 0.2]), (7, [0.2, 0.2, 0.6])]
    scenario.rate = { arm, _ in [0.03, 0.02, 0.04][arm] }
    #expect(try !scenario.analysis().verdicts.contains { $0.kind == .fatigued || $0.kind == .shifted })
  }

  @Test("nothing is said of a version's course before its fourteenth day")
  func young() throws {
    var scenario = wearing
    scenario.days = 13
    let analysis = try scenario.analysis()
    #expect(!analysis.verdicts.contains { $0.kind == .fatigued })
  }

  @Test("looking every day is one look a week: the day between gives the week's answer")
  func weekly() throws {
    var later = wearing
    later.days = 31
    let then = try wearing.analysis().verdicts.first { $0.kind == .fatigued }
    let now = try later.analysis().verdicts.first { $0.kind == .fatigued }
    #expect(then?.estimate == now?.estimate)
    #expect(then?.high == now?.high)
  }

  @Test("a version is followed across rounds")
  func rounds() throws {
    var first = wearing
    first.days = 14
    var second = wearing
    second.round = 2
    second.start = first.start + 14 * Scenario.day
    second.days = 14
    let worn = wearing
    second.rate = { arm, day in worn.rate(arm, day + 14) }
    var inputs = second.inputs()
    inputs.cells += first.cells
    #expect(try SegmentAnalysis(of: inputs).isFatigued(second.variant(2).id))
  }
}
