import Foundation
import Statistics
import StatisticsSimulation
import Testing

@Suite struct WearoutTests {
  /// Eight versions and five days; the first is seen 0.4 times more often every day.
  static let table: [WearoutObservation] = (0..<8).flatMap { version in
    (0..<5).map { day in
      let (v, d) = (Int64(version), Int64(day))
      return WearoutObservation(
        version: version, day: day,
        counts: BinomialCounts(
          ((v * 7 + d * 11) % 13) + 18 + 4 * (v % 2) + 3 * d, 400 + ((v * 53 + d * 31) % 90)),
        meanPriorExposures: version == 0 ? 0.4 * Double(day) : 0)
    }
  }

  // statsmodels 0.15, GLM(Binomial) with dummies for days and versions and -ln(1 + m) of version 0.
  @Test func `wear is the coefficient of statsmodels`() throws {
    let wearout = Wearout(of: 0, observations: Self.table)
    let kappa = try #require(wearout.kappa)
    #expect(isClose(kappa.estimate, -0.16152070663129303, within: 1e-8))
    let error = 0.2813654036731387 * (20.24479391472937 / 27).squareRoot()
    #expect(isClose(kappa.standardError, error, within: 1e-8))
    #expect(!wearout.isShown && kappa.low < 0 && kappa.high > 0)
  }

  @Test func `a version that wears out beside others that do not is found`() async {
    let days = await WearoutSimulation().daysShown(experiments: 20, seed: 801)
    #expect(days.count { $0 != nil } >= 18)
  }

  @Test func `days to the threshold follow the prior at first and the version later`() throws {
    var randomness = SplitMix64(seed: 804)
    var simulation = WearoutSimulation(kappas: [0.25, 0.45, 0.4, 0.5])
    simulation.exposuresPerDay = [0.15, 0.1, 0.2, 0.05]
    simulation.days = 60
    let all = simulation.observations(&randomness)
    let early = Wearout(of: 0, observations: all.filter { $0.day < 6 }, threshold: 0.3)
    let late = Wearout(of: 0, observations: all, threshold: 0.3)
    let first = try #require(early.posterior)
    let last = try #require(late.posterior)
    #expect(first.standardError > 0.1 && first.standardError <= 0.2)
    #expect(last.standardError < first.standardError && last.low < 0.25 && 0.25 < last.high)
    let forecast = try #require(early.daysToThreshold)
    let days = try #require(forecast.days)
    #expect(try #require(forecast.low) < days)
    #expect(isClose(forecast.exposuresPerDay, 0.15))
    // By hand: (1 + m)^-kappa = .7, m = .15 a day, day 5 the last.
    let needed = exp(-log(0.7) / first.estimate) - 1
    #expect(isClose(days, (needed - 0.75) / 0.15, within: 1e-9))
  }

  @Test func `a version that has worn out has no days left, one that nobody sees again has no date`() throws {
    var randomness = SplitMix64(seed: 805)
    let worn = Wearout(of: 0, observations: WearoutSimulation().observations(&randomness))
    #expect(try #require(worn.daysToThreshold).days == 0)
    var simulation = WearoutSimulation()
    simulation.exposuresPerDay = [0.0001, 0.15, 0.15, 0.15]
    let still = Wearout(of: 0, observations: simulation.observations(&randomness))
    let forecast = try #require(still.daysToThreshold)
    #expect(forecast.days == nil && forecast.high == nil)
  }

  @Test func `what cannot be judged is named`() {
    let table = Self.table
    func condition(_ observations: [WearoutObservation]) -> WearoutCondition? {
      let wearout = Wearout(of: 0, observations: observations)
      #expect(!wearout.isShown)
      return wearout.condition
    }
    func changed(_ change: (inout WearoutObservation) -> Void) -> [WearoutObservation] {
      table.map { item in
        var item = item
        change(&item)
        return item
      }
    }
    #expect(condition([]) == .nothingConcurrent)
    #expect(condition(table.filter { $0.version == 0 }) == .nothingConcurrent)
    #expect(condition(table.filter { ($0.version == 0) == ($0.day < 2) }) == .nothingConcurrent)
    #expect(condition(table.filter { $0.day < 4 }) == .tooFewDays)
    #expect(condition(changed { $0.meanPriorExposures = 2 }) == .exposuresDoNotVary)
    #expect(condition(changed { $0.meanPriorExposures = -.infinity }) == .impossibleCounts)
    #expect(condition(changed { $0.counts.successes = $0.counts.trials + 1 }) == .impossibleCounts)
    #expect(condition(changed { if $0.version == 0 { $0.counts = BinomialCounts(1, 400) } }) == .burnIn)
    #expect(condition(changed { $0.counts = .zero }) == .nothingConcurrent)
    #expect(condition(changed { $0.counts = BinomialCounts(40, 400) }) == .noVariance)
    let huge = Wearout(
      of: 0,
      observations: changed {
        $0.counts.successes = 50_000_000_000 + 1000 * $0.counts.successes
        $0.counts.trials = 1_000_000_000_000
      })
    #expect(huge.condition == nil)
    #expect(huge.kappa?.low.isFinite == true && huge.posterior?.estimate.isFinite == true)
  }
}
