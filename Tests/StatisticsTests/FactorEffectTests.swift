import Foundation
import Statistics
import StatisticsSimulation
import Testing

@Suite struct FactorEffectTests {
  // Right-Haar mixtures integrated numerically over sigma (and the coefficient, for the one-sided) with mpmath 1.4,
  // 25 digits: y = 1.2 .4 2.9 2.2 .1 3.3 1.7 2.8 on 1, x = 0 1 2 3 1 4 2 3 and z = 0 0 1 1 0 1 0 1.
  @Test func `the sequential t test is the integral over right-Haar mixtures`() {
    let t = 1.9233140326176899
    func evidence(_ t: Double, _ phi: Double, _ side: AnytimeValidLinearModel.Alternative) -> Double {
      AnytimeValidLinearModel.logEvidence(
        t: t, degreesOfFreedom: 5, information: 2.0 / 3, priorPrecision: phi, alternative: side)
    }
    #expect(isClose(evidence(t, 0.5, .twoSided), 0.411482609531032))
    #expect(isClose(evidence(t, 4, .twoSided), 0.110936469850938))
    #expect(isClose(evidence(t, 0.5, .greater), 0.9911539322209))
    #expect(isClose(evidence(t, 4, .greater), 0.47818444161676))
    #expect(isClose(evidence(-t, 0.5, .greater), -1.12773683498531))
    #expect(isClose(evidence(-t, 4, .greater), -0.475611556249464))
    #expect(
      isClose(
        AnytimeValidLinearModel.logEvidence(
          f: 9.62700369913686, coefficients: 2, degreesOfFreedom: 5, shrinkage: 0.1), 2.08426569106114))
  }

  @Test func `the confidence sequence ends where the evidence reaches its limit`() {
    for (degrees, information) in [(5.0, 900.0), (40.0, 30.0), (1e6, 1e9)] {
      let radius = AnytimeValidLinearModel.radius(
        alpha: 0.05, degreesOfFreedom: degrees, information: information, priorPrecision: 4)
      let evidence = AnytimeValidLinearModel.logEvidence(
        t: radius, degreesOfFreedom: degrees, information: information, priorPrecision: 4)
      #expect(isClose(evidence, log(20), within: 1e-9))
    }
    // Three observations more than coefficients and hardly any information: nothing can be claimed.
    #expect(
      AnytimeValidLinearModel.radius(
        alpha: 0.05, degreesOfFreedom: 3, information: 1, priorPrecision: 4) == .infinity)
  }

  /// Eight versions with all combinations of three factors, five days.
  static func table(versionNoise: Int64) -> [FactorObservation] {
    (0..<8).flatMap { version in
      (0..<5).map { day in
        let (v, d) = (Int64(version), Int64(day))
        let scatter: Int64 = versionNoise * ((v * 5) % 3)
        let successes = ((v * 7 + d * 11) % 13) + 18 + scatter + (versionNoise == 0 ? 4 : 6) * (v % 2) + 3 * d
        let counts = BinomialCounts(successes, 400 + ((v * 53 + d * 31) % 90))
        return FactorObservation(version: version, day: day, counts: counts)
      }
    }
  }

  static let factorial = FactorialDesign(
    versions: (0..<8).map { version in (0..<3).map { (version >> $0) & 1 } })

  // statsmodels 0.15 GLM(Binomial) with dummies for days and versions; then numpy 1.26 / scipy 1.17: normal
  // densities of the error contrasts (the effects' projection off the nuisance columns), weighted over tau and size.
  @Test func `effects and evidence are those of statsmodels and of error contrasts`() throws {
    let quiet = FactorEffects(design: Self.factorial, observations: Self.table(versionNoise: 0))
    #expect(quiet.effects.map(\.factor) == [0, 1, 2])
    #expect(quiet.dispersion == 1)
    #expect(quiet.betweenVersions?.estimate == 0)
    for (effect, (estimate, error, evidence)) in zip(
      quiet.effects,
      [
        (0.06931452828002518, 0.05823441850478798, -1.1930716638061174),
        (0.017851904423533665, 0.05818329296961757, -1.6677731595399328),
        (-0.009066416785907005, 0.05818023730737811, -1.6927241527685144),
      ])
    {
      let odds = try #require(effect.logOdds)
      #expect(isClose(odds.estimate, estimate, within: 1e-7))
      #expect(isClose(odds.standardError, error, within: 1e-7))
      #expect(isClose(odds.logEvidence, evidence, within: 1e-7))
    }
    let noisy = FactorEffects(design: Self.factorial, observations: Self.table(versionNoise: 12))
    #expect(isClose(try #require(noisy.betweenVersions).estimate, 0.33105885978392885))
    for (effect, (estimate, error, evidence)) in zip(
      noisy.effects,
      [
        (0.2471158493088976, 0.2396610342467476, -0.7107745876620166),
        (-0.1379191678810485, 0.23965691239054487, -0.889804240474342),
        (0.1438327393326086, 0.23965700339796728, -0.8810759500754428),
      ])
    {
      let odds = try #require(effect.logOdds)
      #expect(isClose(odds.estimate, estimate, within: 1e-7))
      #expect(isClose(odds.standardError, error, within: 1e-7))
      #expect(isClose(odds.logEvidence, evidence, within: 1e-7))
      #expect(abs(try #require(effect.standardErrorWithinVersions) - 0.0502) < 3e-4)
    }
  }

  @Test("Noise between versions fools plain logistic regression and nobody else", arguments: [0, 0.1])
  func falseEffects(betweenVersions: Double) async {
    var simulation = FactorSimulation()
    simulation.effects = [0, 0, 0, 0, 0, 0]
    simulation.betweenVersions = betweenVersions
    let outcome = await simulation.run(experiments: 30, seed: 502, looks: [2, 4, 7, 14, 21, 28])
    #expect(outcome.nullEffects == 180)
    #expect(Double(outcome.falselyShown) <= 0.05 * 180)
    if betweenVersions > 0 { #expect(Double(outcome.falselyShownByPlainLogit) >= 0.2 * 180) }
  }

  @Test func `scatter of version-days widens the intervals`() throws {
    var simulation = FactorSimulation()
    simulation.betweenVersionDays = 0.3
    var randomness = SplitMix64(seed: 503)
    let result = FactorEffects(
      design: FactorSimulation.fraction, observations: simulation.observations(&randomness))
    #expect(result.dispersion > 2)
  }

  @Test func `terms that the versions cannot tell apart are named`() {
    let design = FactorSimulation.fraction
    let sets = design.aliasSets()
    // E = ABC and F = BCD: AD = EF, AB = CE, AC = BE, BC = AE = DF, BD = CF, CD = BF, AF = DE.
    let names = Set(
      sets.map { set in
        set.map { $0.factors.map { "ABCDEF".map(String.init)[$0] }.joined() }.sorted().joined(separator: "=")
      })
    #expect(names == ["AD=EF", "AB=CE", "AC=BE", "AE=BC=DF", "BD=CF", "BF=CD", "AF=DE"])
    #expect(design.aliases(of: FactorTerm(factors: [0])).isEmpty)
    // A version lost: nothing is orthogonal any more, nothing wholly aliased with a main effect either.
    let broken = FactorialDesign(versions: Array(design.versions.dropLast()))
    let partial = broken.aliases(of: FactorTerm(factors: [0]))
    #expect(!partial.isEmpty && partial.allSatisfy { $0.overlap < 0.05 })
  }

  @Test func `factors that always go together are aliased and one that never varies says so`() {
    // A = B, C never varies, D is free.
    let design = FactorialDesign(
      versions: (0..<8).map { [$0 & 1, $0 & 1, 0, ($0 >> 1) & 1] })
    let result = FactorEffects(design: design, observations: Self.table(versionNoise: 0))
    #expect(result.condition == nil)
    #expect(result.effects.map(\.condition) == [.aliased, .aliased, .notVaried, nil])
    let alias = result.effects[0].aliases.first
    #expect(alias?.term == FactorTerm(factors: [1]))
    #expect(isClose(alias?.overlap ?? 0, 1))
  }

  @Test func `versions that never met tell of the levels together, each within its own group`() throws {
    // The same table twice over, on other days and by other versions of the same levels.
    let table = Self.table(versionNoise: 0)
    let twice = FactorEffects(
      design: FactorialDesign(versions: Self.factorial.versions + Self.factorial.versions),
      observations: table
        + table.map { .init(version: $0.version + 8, day: $0.day + 100, counts: $0.counts) })
    let once = FactorEffects(design: Self.factorial, observations: table)
    #expect(twice.condition == nil && twice.versionsLeftOut.isEmpty)
    for (two, one) in zip(twice.effects, once.effects) {
      #expect(isClose(try #require(two.logOdds).estimate, try #require(one.logOdds).estimate, within: 1e-9))
      #expect(
        isClose(
          try #require(two.standardErrorWithinVersions),
          try #require(one.standardErrorWithinVersions) / 2.0.squareRoot(), within: 1e-9))
    }
    // Two halves that never met: the factor in which they differ cannot be told, nor a version shown alone.
    let halves = FactorEffects(
      design: FactorialDesign(versions: Self.factorial.versions + [[1, 1, 1]]),
      observations: table.filter { ($0.version < 4) == ($0.day < 2) }
        + [.init(version: 8, day: 50, counts: BinomialCounts(40, 400))])
    #expect(halves.effects.map(\.condition) == [nil, nil, .notVaried])
    #expect(halves.versionsLeftOut == [8])
  }

  @Test func `groups that never met keep the error rate and find what is there`() throws {
    var simulation = FactorSimulation()
    var (found, rightSigns, falselyShown) = (0, 0, 0)
    for (seed, effects) in [(505, simulation.effects), (506, [0, 0, 0, 0, 0, 0])] {
      simulation.effects = effects
      var randomness = SplitMix64(seed: UInt64(seed))
      for _ in 0..<20 {
        // Blocked by the interaction AD, so that every factor varies in both.
        let observations = simulation.observations(&randomness).filter {
          ($0.version & 1 == ($0.version >> 3) & 1) == ($0.day % 2 == 0)
        }
        for effect in FactorEffects(design: FactorSimulation.fraction, observations: observations).effects {
          let truth = effects[effect.factor]
          if truth != 0, try #require(effect.logOdds).estimate * truth > 0 { rightSigns += 1 }
          if effect.isShown { if truth == 0 { falselyShown += 1 } else { found += 1 } }
        }
      }
    }
    #expect(falselyShown <= 8, "5 % of 160 effects that are none")
    #expect(rightSigns >= 76, "95 % of 80")
    #expect(found >= 40, "of 80")
  }

  @Test func `a factor of three levels tells each from the others`() throws {
    let design = FactorialDesign(versions: (0..<12).map { [$0 % 3, ($0 / 3) % 2] })
    let rates: [Double] = [0.04, 0.05, 0.09]
    let observations = (0..<12).flatMap { version in
      (0..<6).map { day in
        let successes = Int64(4000 * rates[version % 3]) + Int64((version * 5 + day * 3) % 11)
        return FactorObservation(version: version, day: day, counts: BinomialCounts(successes, 4000))
      }
    }
    let result = FactorEffects(design: design, observations: observations)
    #expect(result.effects.map(\.level) == [0, 1, 2, 1])
    let odds = result.effects.compactMap(\.logOdds)
    #expect(odds[2].low > 0 && result.effects[2].isShown)
    #expect(odds[0].high < 0 && !result.effects[3].isShown)
    // Deviations from the mean of the others cancel, weighed alike.
    #expect(abs(odds[0].estimate + odds[1].estimate + odds[2].estimate) < 1e-9)
  }

  @Test func `an interval leaves zero out exactly when its effect is shown`() {
    var randomness = SplitMix64(seed: 504)
    let all = FactorSimulation().observations(&randomness)
    for days in [3, 7, 14, 28] {
      for effect in FactorEffects(
        design: FactorSimulation.fraction, observations: all.filter { $0.day < days }
      ).effects { #expect(effect.logOdds?.excludesZero == effect.isShown) }
    }
  }

  @Test func `what cannot be analysed is named`() {
    let design = Self.factorial
    let table = Self.table(versionNoise: 0)
    func condition(_ observations: [FactorObservation], _ design: FactorialDesign) -> FactorCondition? {
      FactorEffects(design: design, observations: observations).condition
    }
    #expect(condition([], design) == .burnIn)
    #expect(
      condition(table.map { .init(version: $0.version, day: $0.day, counts: .zero) }, design) == .burnIn)
    #expect(condition(table.filter { $0.version == 0 }, design) == .burnIn)
    #expect(
      condition(table + [.init(version: 0, day: 9, counts: BinomialCounts(9, 3))], design)
        == .impossibleCounts)
    #expect(condition(table + [.init(version: 8, day: 0, counts: .zero)], design) == .unknownVersion)
    #expect(condition(table, FactorialDesign(versions: [[0], [0, 1]])) == .unknownVersion)
    #expect(condition(table.filter { $0.version < 5 }, design) == .tooFewVersions)
    #expect(condition(table.filter { $0.version == $0.day }, design) == .notConnected)
    let few = FactorEffects(
      design: design,
      observations: table.map {
        $0.version == 3 ? .init(version: 3, day: $0.day, counts: BinomialCounts(1, 400)) : $0
      })
    #expect(few.versionsLeftOut == [3] && few.condition == nil)
    // Huge counts that agree with each other: finite all the way.
    let huge = FactorEffects(
      design: design,
      observations: table.map {
        .init(version: $0.version, day: $0.day, counts: BinomialCounts(50_000_000_000, 1_000_000_000_000))
      })
    #expect(huge.effects.compactMap(\.logOdds).count == 3)
    for odds in huge.effects.compactMap(\.logOdds) {
      #expect(odds.low.isFinite && odds.high.isFinite && odds.logEvidence.isFinite && !odds.excludesZero)
    }
  }
}
