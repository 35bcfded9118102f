import Foundation
import StatisticsSimulation
import Testing

@testable import Statistics

@Suite struct FixedHorizonPowerTests {
  /// mpmath 1.4 at 30 digits.
  @Test func `the units for 4.8 to 5.4 per cent are the published ones`() throws {
    let pooled = try FixedHorizonPower.units(baseline: 0.048, target: 0.054)
    let apart = try FixedHorizonPower.units(baseline: 0.048, target: 0.054, variance: .unpooled)
    #expect(isClose(pooled, 21103.150483892586733, within: 1e-11))
    #expect(isClose(apart, 21100.40501917513413, within: 1e-11))
  }

  @Test func `power, units and the smallest detectable effect answer each other`() throws {
    for ratio in [0.25, 1, 3] {
      let units = try FixedHorizonPower.units(baseline: 0.048, target: 0.054, power: 0.9, ratio: ratio)
      let power = try FixedHorizonPower.power(baseline: 0.048, target: 0.054, units: units, ratio: ratio)
      #expect(isClose(power, 0.9))
      let effect = try FixedHorizonPower.minimumDetectableEffect(
        baseline: 0.048, units: units, power: 0.9, ratio: ratio)
      #expect(isClose(effect, 0.006, within: 1e-9))
    }
    // 2 (1.959964 + 0.841621)^2 for an effect of one standard deviation.
    let units = try FixedHorizonPower.units(difference: 0.1, standardDeviation: 0.1)
    #expect(isClose(units, 15.6977594682, within: 1e-9))
  }

  @Test func `questions without an answer are told why`() {
    #expect(throws: PlanningProblem.noEffect) { try FixedHorizonPower.units(baseline: 0.1, target: 0.1) }
    #expect(throws: PlanningProblem.impossibleRate) { try FixedHorizonPower.units(baseline: 0, target: 0.1) }
    #expect(throws: PlanningProblem.impossibleDemand) {
      try FixedHorizonPower.units(baseline: 0.1, target: 0.2, power: 1)
    }
    #expect(throws: PlanningProblem.noUnits) {
      try FixedHorizonPower.power(baseline: 0.1, target: 0.2, units: 0)
    }
    #expect(throws: PlanningProblem.needsMoreTraffic) {
      try FixedHorizonPower.minimumDetectableEffect(baseline: 0.5, units: 2)
    }
    #expect(PlanningProblem.allCases.allSatisfy { !$0.description.isEmpty })
  }
}

@Suite struct SequentialPowerTests {
  let sequence = AsymptoticConfidenceSequence(plannedSize: 16_000)

  @Test func `the passage of the boundary has the probabilities of a simulated walk`() {
    var random = SplitMix64(seed: 31)
    // A mixture of variance 1 per unit: ten units are ten times its own scale.
    let crossing = BoundaryCrossing(sequence: AsymptoticConfidenceSequence(alpha: 0.05, rho: 1), drift: 1.5)
    let curve = crossing.passed(by: 10, steps: 400)
    // The same with half the steps: the rule has converged.
    #expect(abs(crossing.passed(by: 10, steps: 200).last - curve.last) < 1e-4)
    let walks = 1500
    var passedBy = [Int](repeating: 0, count: 3)
    let steps = 400
    for _ in 0..<walks {
      var place = 0.0
      for step in 1...steps {
        place += 1.5 * 10 / Double(steps) + (10 / Double(steps)).squareRoot() * random.normal()
        // Between looks the walk would have passed a little more often: the boundary is lowered by 0.5826 of a
        // step's deviation (Siegmund 1985, chapter X).
        let lowered =
          crossing.boundary(10 * Double(step) / Double(steps)) - 0.5826 * (10 / Double(steps)).squareRoot()
        guard place >= lowered else { continue }
        for (index, mark) in [100, 200, 400].enumerated() where step <= mark { passedBy[index] += 1 }
        break
      }
    }
    for (index, mark) in [2.5, 5, 10].enumerated() {
      let expected = crossing.passed(by: mark, steps: 400).last
      let share = Double(passedBy[index]) / Double(walks)
      #expect(abs(share - expected) < 4 * (0.25 / Double(walks)).squareRoot(), "\(share) \(expected)")
    }
  }

  @Test func `without an effect the boundary is passed on one side in at most half of alpha`() {
    let crossing = BoundaryCrossing(sequence: AsymptoticConfidenceSequence(alpha: 0.05, rho: 1), drift: 1e-9)
    let ever = crossing.passed(by: 2_000, steps: 500).last
    #expect(ever < 0.0255 && ever > 0.005, "\(ever)")
  }

  /// The same equation solved with numpy 2.3 on even nodes: 0.94755 and 8541.24 per arm.
  @Test func `5 against 6 per cent is shown in 94.7 of 100 by 20,000 per arm, on average before 8,900`()
    throws
  {
    let power = try SequentialPower(sequence: sequence, baseline: 0.05, target: 0.06)
    #expect(isClose(try power.power(units: 40_000), 0.9475500764811466, within: 1e-4))
    #expect(isClose(try power.expectedUnits(limit: 40_000) / 2, 8541.239593729724, within: 1e-4))
    let units = try power.units(power: 0.8)
    #expect(abs(try power.power(units: units) - 0.8) < 2e-3)
    let effect = try SequentialPower.minimumDetectableEffect(
      sequence: sequence, variancePerUnit: power.variancePerUnit, units: units)
    #expect(isClose(effect, 0.01, within: 5e-3))
    // Never cheaper than the one look it replaces.
    #expect(units / 2 > (try FixedHorizonPower.units(baseline: 0.05, target: 0.06)))
  }

  @Test func `questions without an answer are told why`() {
    #expect(throws: PlanningProblem.noEffect) {
      try SequentialPower(sequence: sequence, baseline: 0.05, target: 0.05)
    }
    #expect(throws: PlanningProblem.noVariance) {
      try SequentialPower(sequence: sequence, effect: 1, variancePerUnit: 0)
    }
    #expect(throws: PlanningProblem.needsMoreTraffic) {
      try SequentialPower(sequence: sequence, baseline: 0.05, target: 0.0501).units(limit: 10_000)
    }
    #expect(throws: PlanningProblem.noUnits) {
      try SequentialPower(sequence: sequence, baseline: 0.05, target: 0.06).power(units: 0)
    }
  }
}

@Suite struct VerdictForecastTests {
  let sequence = AsymptoticConfidenceSequence(plannedSize: 16_000)
  let a = BinomialCounts(100, 2_000)
  let b = BinomialCounts(120, 2_000)

  private func forecast(
    _ a: BinomialCounts, _ b: BinomialCounts, unitsPerDay: Double = 1_000,
    assuming: VerdictForecast.Assumption = .observed
  ) -> VerdictForecast {
    VerdictForecast(a: a, b: b, sequence: sequence, unitsPerDay: unitsPerDay, assuming: assuming)
  }

  @Test func `a verdict on its way has days that shrink with traffic`() {
    guard case .days(let half, let sure) = forecast(a, b),
      case .days(let halfOfTwice, let sureOfTwice) = forecast(a, b, unitsPerDay: 2_000)
    else {
      Issue.record("\(forecast(a, b))")
      return
    }
    #expect(half > 1 && half < sure && sure < 90)
    #expect(isClose(halfOfTwice, half / 2, within: 1e-3) && isClose(sureOfTwice, sure / 2, within: 1e-3))
  }

  @Test func `what is reached, hopeless, tied, unseen or broken is each told apart`() {
    #expect(forecast(BinomialCounts(500, 10_000), BinomialCounts(700, 10_000)) == .reached)
    #expect(forecast(a, b, unitsPerDay: 0) == .noTraffic)
    #expect(forecast(a, a) == .noDifference)
    #expect(forecast(a, BinomialCounts(9, 3)) == .invalid(.impossibleCounts))
    #expect(forecast(a, .zero) == .invalid(.tooFewUnits))
    #expect(forecast(BinomialCounts(0, 50), BinomialCounts(0, 50)) == .invalid(.noVariance))
    guard case .needsMoreTraffic(let days, let detectable) = forecast(a, b, unitsPerDay: 5) else {
      Issue.record("\(forecast(a, b, unitsPerDay: 5))")
      return
    }
    #expect(days.map { $0 > 90 } == true)
    #expect(detectable > 0.01 && detectable < 1)
  }

  @Test func `rates too rare for a claim wait for it, however large the difference`() {
    guard case .days(let half, let sure) = forecast(BinomialCounts(5, 2_000), BinomialCounts(60, 2_000))
    else {
      Issue.record("\(forecast(BinomialCounts(5, 2_000), BinomialCounts(60, 2_000)))")
      return
    }
    #expect(half > 0 && half <= sure && sure < 10)
  }

  @Test func `a difference too small for all the traffic there is has no days`() {
    let answer = forecast(a, b, unitsPerDay: 1, assuming: .difference(1e-6))
    guard case .needsMoreTraffic(let days, _) = answer else {
      Issue.record("\(answer)")
      return
    }
    #expect(days == nil)
  }
}
