import Foundation
public import Statistics

/// Versions that carry levels of six factors, four of which matter, and days that move all of them.
public struct FactorSimulation: Sendable {
  /// Log-odds of level 1 against level 0, a factor each.
  public var effects = [0.25, -0.25, 0.3, -0.2, 0, 0]
  /// Standard deviation in log-odds between versions with the same levels.
  public var betweenVersions = 0.05
  /// The same of version-days.
  public var betweenVersionDays = 0.0
  public var rate = 0.04
  public var trialsPerDay = 1000
  public var days = 28

  public init() {}

  /// Sixteen of the 64 combinations: 2^(6-2) with E = ABC, F = BCD (resolution IV).
  public static let fraction = FactorialDesign(
    versions: (0..<16).map { run in
      let bits = (0..<4).map { (run >> $0) & 1 }
      return bits + [bits[0] ^ bits[1] ^ bits[2], bits[1] ^ bits[2] ^ bits[3]]
    })

  /// A random version of every combination's level, so that factors and noise are not tied to each other's order.
  public func observations(_ randomness: inout SplitMix64) -> [FactorObservation] {
    let intercept = log(rate / (1 - rate))
    let versions = Self.fraction.versions.map { levels in
      zip(levels, effects).reduce(betweenVersions * randomness.normal()) { sum, pair in
        sum + pair.1 * (Double(pair.0) - 0.5)
      }
    }
    return (0..<days).flatMap { day in
      let weather = 0.15 * sin(2 * .pi * Double(day) / 7) + 0.1 * randomness.normal()
      return versions.indices.map { version in
        let noise = betweenVersionDays > 0 ? betweenVersionDays * randomness.normal() : 0
        let p = 1 / (1 + exp(-(intercept + weather + versions[version] + noise)))
        return FactorObservation(version: version, day: day, counts: randomness.binomial(trialsPerDay, p))
      }
    }
  }

  /// Sums over experiments.
  public struct Outcome: Hashable, Sendable {
    public var experiments = 0
    /// Of true effects: the last look's estimate has their sign; shown at the last look; shown at any look with the
    /// wrong sign.
    public var trueEffects = 0
    public var rightSigns = 0
    public var shown = 0
    public var wronglyShown = 0
    /// Of factors without effect: shown at any look; what logistic regression without noise between versions
    /// calls significant at the last look alone, at 5 % over all six by Bonferroni.
    public var nullEffects = 0
    public var falselyShown = 0
    public var falselyShownByPlainLogit = 0
    /// Intervals at the last look that hold the truth.
    public var intervals = 0
    public var covering = 0

    static func + (left: Self, right: Self) -> Self {
      Outcome(
        experiments: left.experiments + right.experiments, trueEffects: left.trueEffects + right.trueEffects,
        rightSigns: left.rightSigns + right.rightSigns, shown: left.shown + right.shown,
        wronglyShown: left.wronglyShown + right.wronglyShown,
        nullEffects: left.nullEffects + right.nullEffects,
        falselyShown: left.falselyShown + right.falselyShown,
        falselyShownByPlainLogit: left.falselyShownByPlainLogit + right.falselyShownByPlainLogit,
        intervals: left.intervals + right.intervals, covering: left.covering + right.covering)
    }
  }

  /// Looks after every week.
  public func run(experiments: Int, seed: UInt64, looks: [Int] = [7, 14, 21, 28]) async -> Outcome {
    await Trials.run(experiments, seed: seed) { run(looks: looks, &$0) }.reduce(Outcome(), +)
  }

  private func run(looks: [Int], _ randomness: inout SplitMix64) -> Outcome {
    var outcome = Outcome(experiments: 1)
    let all = observations(&randomness)
    var everShown = Set<Int>()
    var everWrong = Set<Int>()
    for look in looks {
      let result = FactorEffects(design: Self.fraction, observations: all.filter { $0.day < look })
      for effect in result.effects {
        guard let odds = effect.logOdds else { continue }
        if effect.isShown {
          everShown.insert(effect.factor)
          if odds.estimate * effects[effect.factor] < 0 { everWrong.insert(effect.factor) }
        }
        if look == looks.last { outcome.add(effect, odds, truth: effects[effect.factor], everShown) }
      }
    }
    outcome.wronglyShown = everWrong.count
    return outcome
  }
}

extension FactorSimulation.Outcome {
  private static let plainLimit = -Normal.quantile(0.05 / 12)

  fileprivate mutating func add(
    _ effect: FactorEffect, _ odds: IntervalEstimate, truth: Double, _ everShown: Set<Int>
  ) {
    intervals += 1
    if odds.low <= truth, truth <= odds.high { covering += 1 }
    guard truth == 0 else {
      trueEffects += 1
      if odds.estimate * truth > 0 { rightSigns += 1 }
      if effect.isShown { shown += 1 }
      return
    }
    nullEffects += 1
    if everShown.contains(effect.factor) { falselyShown += 1 }
    let plain = effect.standardErrorWithinVersions ?? .infinity
    if abs(odds.estimate) > Self.plainLimit * plain { falselyShownByPlainLogit += 1 }
  }
}
