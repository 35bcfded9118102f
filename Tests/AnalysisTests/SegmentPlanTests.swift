import Foundation
import Statistics
import Testing

@testable import Analysis

@Suite struct SegmentPlanTests {
  @Test func `a plan takes the last week's traffic and rate of the versions on air`() throws {
    var scenario = Scenario()
    // A week at 2.5 %, then one at 5 %.
    scenario.rate = { _, day in day < 7 ? 0.025 : 0.05 }
    let plan = SegmentPlan(try scenario.analysis(), lift: 0.2)
    #expect(plan.segment == "young" && plan.versions == 3 && plan.winner == nil)
    #expect(plan.impressionsPerDay == 3000)
    #expect(plan.rate == 0.05)
    #expect(plan.problem == nil)
    let needs = try #require(plan.plan)
    #expect(needs.demand.arms == 3 && needs.demand.unitsPerDay == 3000)
    let days = try #require(needs.demanded.days)
    #expect(abs(days - needs.demanded.unitsPerArm / 1000) < 1e-9)
    #expect(try #require(plan.traffic).lift > 0)
  }

  @Test func `a round that began this morning is told by its hours`() throws {
    var scenario = Scenario()
    scenario.days = 1
    let noon = scenario.start + 12 * 3_600
    let plan = SegmentPlan(try SegmentAnalysis(of: scenario.inputs(at: noon)), lift: 0.2)
    // All of the day's cell stands in its first twelve hours.
    #expect(abs(plan.impressionsPerDay - 6000) < 1)
  }

  @Test func `a round nobody has seen yet is planned by the segment's traffic before it`() throws {
    var before = Scenario()
    before.days = 14
    var after = before
    after.round = 2
    after.start = before.start + 14 * Scenario.day
    var inputs = after.inputs(at: after.start + 2 * 3_600)
    inputs.cells = before.cells
    let plan = SegmentPlan(try SegmentAnalysis(of: inputs), lift: 0.2)
    #expect(plan.isOfEarlierRounds && plan.problem == nil && plan.forecast == nil)
    #expect(plan.impressionsPerDay == 3000)
    #expect(abs(try #require(plan.rate) - 0.025) < 1e-12)
    #expect(try #require(plan.plan).demand.unitsPerDay == 3000)
  }

  @Test func `versions apart by little have days to wait, equal ones none, and a winner no forecast`() throws
  {
    var scenario = Scenario()
    scenario.rate = { arm, _ in [0.025, 0.027, 0.02][arm] }
    let close = try #require(SegmentPlan(try scenario.analysis(), lift: 0.2).forecast)
    #expect(close.state == .days || close.state == .needsMoreTraffic)
    #expect(try #require(close.sure) > 0)
    scenario.rate = { _, _ in 0.025 }
    #expect(SegmentPlan(try scenario.analysis(), lift: 0.2).forecast?.state == .noDifference)
    scenario.rate = { arm, _ in arm == 1 ? 0.05 : 0.02 }
    let won = SegmentPlan(try scenario.analysis(), lift: 0.2)
    #expect(won.winner == "B" && won.forecast == nil)
  }

  @Test func `a segment without responses or without traffic says which`() throws {
    var scenario = Scenario()
    scenario.rate = { _, _ in 0 }
    let silent = SegmentPlan(try scenario.analysis(), lift: 0.2)
    #expect(silent.rate == 0 && silent.problem == .impossibleRate && silent.plan == nil)
    scenario.perDay = 0
    let unseen = SegmentPlan(try scenario.analysis(), lift: 0.2)
    #expect(unseen.rate == nil && unseen.problem == .noUnits && unseen.forecast == nil)
  }
}
