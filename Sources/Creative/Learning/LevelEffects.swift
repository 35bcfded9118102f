public import Campaigns
internal import Foundation

/// What past versions taught about every level, pooled over segments.
///
/// Of each version the log-odds of success, `log((s + 1/2) / (n - s + 1/2))` with variance
/// `1/(s + 1/2) + 1/(n - s + 1/2)` (Gart & Zweifel, Biometrika 54, 1967), is compared with the weighted mean of its
/// segment: segments differ in level, not only in taste. A level's effect is the weighted mean of these
/// deviations over the versions that carry it, drawn towards zero by a normal prior: posterior precision
/// `1/v + 1/tau^2`, mean `d (1/v) / (1/v + 1/tau^2)` (Gelman et al., "Bayesian data analysis", 3rd ed., eq. 2.12).
/// Each version's own variance is enlarged by that of all the other levels it carries. This ranks levels for the
/// next design; it is no claim that one works, for claims are made from experiments only.
public struct LevelEffects: Sendable {
  /// Standard deviation of true level effects in log-odds: most levels move a rate by less than 15 %.
  public static let priorDeviation = 0.15

  public struct Effect: Hashable, Sendable {
    /// Shrunk log-odds against the average version; 0 when nothing is known.
    public var mean: Double
    public var deviation: Double
    public var versions: Int
    public var trials: Int64

    /// The effect as a factor of the odds, less one: +0.04 is four percent.
    public var lift: Double { exp(mean) - 1 }

    /// How good the level may well be: untested levels are given the benefit of the doubt
    /// (the upper confidence bound of Auer, Cesa-Bianchi & Fischer, Machine Learning 47, 2002).
    public var promise: Double { mean + deviation }
  }

  /// One version's counts.
  public struct Observation: Hashable, Sendable {
    public var segment: Identifier<Segment>
    public var levels: [String: String]
    public var successes: Int64
    public var trials: Int64

    public init(
      segment: Identifier<Segment>, levels: [String: String], successes: Int64, trials: Int64
    ) {
      self.segment = segment
      self.levels = levels
      self.successes = successes
      self.trials = trials
    }
  }

  private struct Key: Hashable {
    let factor: String
    let level: String
  }

  private var effects: [Key: Effect] = [:]

  /// Nothing known: every effect is the prior.
  public init() {}

  public init(_ observations: [Observation]) {
    struct Sum {
      var weight = 0.0
      var weighted = 0.0
      var versions = 0
      var trials: Int64 = 0
    }
    var sums: [Key: Sum] = [:]
    let known = observations.filter { $0.trials > 0 && $0.successes >= 0 && $0.successes <= $0.trials }
    for (_, versions) in Dictionary(grouping: known, by: \.segment) where versions.count > 1 {
      let points = versions.map(Self.logOdds)
      let total = points.reduce(0) { $0 + 1 / $1.variance }
      let centre = points.reduce(0) { $0 + $1.mean / $1.variance } / total
      for (version, point) in zip(versions, points) {
        let others = Double(max(version.levels.count - 1, 0)) * Self.priorDeviation * Self.priorDeviation
        let weight = 1 / (point.variance + others)
        for (factor, level) in version.levels {
          sums[Key(factor: factor, level: level), default: Sum()].weight += weight
          sums[Key(factor: factor, level: level), default: Sum()].weighted += weight * (point.mean - centre)
          sums[Key(factor: factor, level: level), default: Sum()].versions += 1
          sums[Key(factor: factor, level: level), default: Sum()].trials += version.trials
        }
      }
    }
    let prior = 1 / (Self.priorDeviation * Self.priorDeviation)
    effects = sums.mapValues { sum in
      Effect(
        mean: sum.weighted / (sum.weight + prior), deviation: (1 / (sum.weight + prior)).squareRoot(),
        versions: sum.versions, trials: sum.trials)
    }
  }

  public func effect(factor: String, level: String) -> Effect {
    effects[Key(factor: factor, level: level)]
      ?? Effect(mean: 0, deviation: Self.priorDeviation, versions: 0, trials: 0)
  }

  private static func logOdds(_ version: Observation) -> (mean: Double, variance: Double) {
    let successes = Double(version.successes) + 0.5
    let failures = Double(version.trials - version.successes) + 0.5
    return (log(successes / failures), 1 / successes + 1 / failures)
  }
}
