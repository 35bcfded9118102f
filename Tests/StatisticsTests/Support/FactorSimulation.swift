import Foundation
import Statistics

/// Versions that carry levels of six factors, four of which matter, and days that move all of them.
struct FactorSimulation {
  /// Log-odds of level 1 against level 0, a factor each.
  var effects = [0.25, -0.25, 0.3, -0.2, 0, 0]
  /// Standard deviation in log-odds between versions with the same levels.
  var betweenVersions = 0.05
  /// The same of version-days.
  var betweenVersionDays = 0.0
  var rate = 0.04
  var trialsPerDay = 1000
  var days = 28

  /// Sixteen of the 64 combinations: 2^(6-2) with E = ABC, F = BCD (resolution IV).
  static let fraction = FactorialDesign(
    versions: (0..<16).map { run in
      let bits = (0..<4).map { (run >> $0) & 1 }
      return bits + [bits[0] ^ bits[1] ^ bits[2], bits[1] ^ bits[2] ^ bits[3]]
    })

  /// A random version of every combination's level, so that factors and noise are not tied to each other's order.
  func observations(_ randomness: inout SplitMix64) -> [FactorObservation] {
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

  struct Outcome {
    var experiments = 0
    /// Of true effects: the last look's estimate has their sign; shown at the last look; shown at any look with the
    /// wrong sign.
    var trueEffects = 0
    var rightSigns = 0
    var shown = 0
    var wronglyShown = 0
    /// Of factors without effect: shown at any look; what logistic regression without noise between versions
    /// calls significant at the last look alone, at 5 % over all six by Bonferroni.
    var nullEffects = 0
    var falselyShown = 0
    var falselyShownByPlainLogit = 0
    /// Intervals at the last look that hold the truth.
    var intervals = 0
    var covering = 0
  }

  /// Looks after every week.
  func run(experiments: Int, seed: UInt64, looks: [Int] = [7, 14, 21, 28]) -> Outcome {
    var randomness = SplitMix64(seed: seed)
    var outcome = Outcome(experiments: experiments)
    let plainLimit = -Normal.quantile(0.05 / 12)
    for _ in 0..<experiments {
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
          guard look == looks.last else { continue }
          let truth = effects[effect.factor]
          outcome.intervals += 1
          if odds.low <= truth, truth <= odds.high { outcome.covering += 1 }
          if truth != 0 {
            outcome.trueEffects += 1
            if odds.estimate * truth > 0 { outcome.rightSigns += 1 }
            if effect.isShown { outcome.shown += 1 }
          } else {
            outcome.nullEffects += 1
            if everShown.contains(effect.factor) { outcome.falselyShown += 1 }
            let plain = effect.standardErrorWithinVersions ?? .infinity
            if abs(odds.estimate) > plainLimit * plain { outcome.falselyShownByPlainLogit += 1 }
          }
        }
      }
      outcome.wronglyShown += everWrong.count
    }
    return outcome
  }
}
