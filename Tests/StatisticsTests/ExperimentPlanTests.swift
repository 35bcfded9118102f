import Statistics
import Testing

@Suite struct ExperimentPlanTests {
  @Test func `what a lift needs grows from half to nearly sure, and one look needs least`() throws {
    let plan = try ExperimentPlan(.init(baseline: 0.05, lift: 0.2, unitsPerDay: 4000))
    // statsmodels 0.14, pooled null: 8157.9 an arm.
    #expect(plan.oneLook.unitsPerArm == 8158)
    #expect(plan.half.unitsPerArm < plan.demanded.unitsPerArm)
    #expect(plan.half.unitsPerArm < plan.average.unitsPerArm)
    #expect(plan.demanded.unitsPerArm < plan.nearlySure.unitsPerArm)
    #expect(plan.oneLook.unitsPerArm < plan.demanded.unitsPerArm)
    let days = try #require(plan.oneLook.days)
    #expect(isClose(days, 8158 * 2 / 4000.0))
    #expect(plan.plannedSize == 16_316)
  }

  @Test func `more versions need more impressions each, and more days`() throws {
    let two = try ExperimentPlan(.init(baseline: 0.05, lift: 0.2, unitsPerDay: 4000))
    let four = try ExperimentPlan(.init(baseline: 0.05, lift: 0.2, arms: 4, unitsPerDay: 4000))
    #expect(four.demanded.unitsPerArm > two.demanded.unitsPerArm)
    #expect(try #require(four.demanded.days) > 2 * (try #require(two.demanded.days)))
  }

  @Test func `no need is ever nobody or no time, however large the lift`() throws {
    let plan = try ExperimentPlan(.init(baseline: 0.3, lift: 2, power: 0.01, unitsPerDay: 1e9))
    for need in [plan.oneLook, plan.half, plan.average, plan.demanded, plan.nearlySure] {
      // Twenty failures of the better version, one in ten.
      #expect(need.unitsPerArm >= 200)
      #expect(try #require(need.days) > 0)
    }
    #expect(try ExperimentPlan(.init(baseline: 0.3, lift: 0.5)).oneLook.days == nil)
  }

  @Test func `traffic and lift answer each other`() throws {
    let demand = ExperimentPlan.Demand(baseline: 0.05, lift: 0.2, unitsPerDay: 4000)
    let plan = try ExperimentPlan(demand)
    let traffic = try TrafficPlan(demand, days: try #require(plan.demanded.days))
    #expect(abs(traffic.lift - 0.2) < 0.01)
    #expect(traffic.oneLookLift < traffic.lift)
    let longer = try TrafficPlan(demand, days: 4 * (try #require(plan.demanded.days)))
    #expect(abs(longer.lift / traffic.lift - 0.5) < 0.03)
  }

  @Test(
    "Nonsense has a name",
    arguments: [
      (ExperimentPlan.Demand(baseline: 0, lift: 0.1), PlanningProblem.impossibleRate),
      (.init(baseline: 1, lift: 0.1), .impossibleRate), (.init(baseline: -0.1, lift: 0.1), .impossibleRate),
      (.init(baseline: .nan, lift: 0.1), .impossibleRate), (.init(baseline: 0.1, lift: 0), .noEffect),
      (.init(baseline: 0.1, lift: -0.1), .impossibleLift), (.init(baseline: 0.6, lift: 1), .impossibleTarget),
      (.init(baseline: 0.1, lift: .infinity), .impossibleDemand),
      (.init(baseline: 0.1, lift: 0.1, arms: 1), .impossibleDemand),
      (.init(baseline: 0.1, lift: 0.1, alpha: 0), .impossibleDemand),
      (.init(baseline: 0.1, lift: 0.1, power: 1), .impossibleDemand),
      (.init(baseline: 0.1, lift: 0.1, unitsPerDay: 0), .noUnits),
      (.init(baseline: 0.1, lift: 0.1, unitsPerDay: -5), .noUnits),
    ])
  func nonsense(_ demand: ExperimentPlan.Demand, _ problem: PlanningProblem) {
    #expect(throws: problem) { try ExperimentPlan(demand) }
  }

  @Test func `traffic that shows nothing says so`() {
    let demand = ExperimentPlan.Demand(baseline: 0.05, lift: 0.1, unitsPerDay: 10)
    #expect(throws: PlanningProblem.needsMoreTraffic) { try TrafficPlan(demand, days: 7) }
    #expect(throws: PlanningProblem.noUnits) { try TrafficPlan(demand, days: 0) }
    #expect(throws: PlanningProblem.noUnits) { try TrafficPlan(.init(baseline: 0.05, lift: 0.1), days: 7) }
  }
}
