import RealModule

/// An hour's count beside what the baseline expects.
public struct ChangeObservation: Hashable, Sendable, Codable {
  public var hour: Int
  public var count: Double
  public var expected: Double

  public init(hour: Int, count: Double, expected: Double) {
    self.hour = hour
    self.count = count
    self.expected = expected
  }
}

/// When the current state of things began: Bayesian online changepoint detection.
///
/// Adams & MacKay, "Bayesian Online Changepoint Detection" (2007, arXiv:0710.3742), equations 3 to 8, with the run
/// told by its start instead of its length. Counts of a run are Poisson with mean ratio times expected, the ratio
/// Gamma distributed: around 1 as firmly as the baseline is known for the first run, around 1 give or take 30 %
/// for later ones. Counts and expectations are divided by the dispersion, which tempers the likelihood. Any hour
/// starts a new run with probability 1 / `expectedRunHours`.
public struct ChangeDate: Hashable, Sendable, Codable {
  /// The probability that there was a change at all.
  public let probability: Double
  /// The likeliest first hour of the current run, and the 90 % of probability around it: a twentieth lies earlier
  /// than `low`, a twentieth later than `high`, a change taken for granted.
  public let hour: Int
  public let low: Int
  public let high: Int
  /// The rate of the current run over the expected one, if it began at ``hour``: its posterior mean.
  public let ratio: Double

  /// - Returns: nil with fewer than two usable observations.
  public init?(
    _ observations: [ChangeObservation], dispersion: Double, eventsBehindBaseline: Double,
    expectedRunHours: Double
  ) {
    let usable = observations.filter {
      $0.expected > 0 && $0.expected.isFinite && $0.count >= 0 && $0.count.isFinite
    }
    guard usable.count >= 2, dispersion > 0, expectedRunHours > 1 else { return nil }
    var runs = RunPosterior(
      firstShape: min(1e6, max(1, eventsBehindBaseline / dispersion)), hazard: 1 / expectedRunHours)
    for item in usable { runs.update(count: item.count / dispersion, expected: item.expected / dispersion) }
    let starts = runs.starts
    let changed = starts.filter { $0.start > 0 && $0.start < usable.count }
    let mass = logSum(changed.map(\.logProbability))
    let all = logSum(starts.filter { $0.start < usable.count }.map(\.logProbability))
    guard let best = changed.max(by: { $0.logProbability < $1.logProbability }) else { return nil }
    probability = min(1, .exp(mass - all))
    hour = usable[best.start].hour
    ratio = runs.ratio(from: best.start)
    func quantile(_ level: Double) -> Int {
      var sum = 0.0
      for item in changed {
        sum += .exp(item.logProbability - mass)
        if sum >= level { return usable[item.start].hour }
      }
      return usable[changed[changed.count - 1].start].hour
    }
    low = quantile(0.05)
    high = quantile(0.95)
  }
}

/// The probabilities of all starts of the current run.
struct RunPosterior {
  struct Start {
    var start: Int
    var logProbability: Double
  }

  /// Ascending; the last is a run that begins with the next observation.
  private(set) var starts = [Start(start: 0, logProbability: 0)]
  private var counts = [0.0]
  private var expectations = [0.0]
  private let firstShape: Double
  private let laterShape = 1 / (0.3 * 0.3)
  private let logHazard: Double
  private let logSurvival: Double

  init(firstShape: Double, hazard: Double) {
    self.firstShape = firstShape
    logHazard = .log(hazard)
    logSurvival = .log(onePlus: -hazard)
  }

  private func posterior(_ start: Int) -> (shape: Double, rate: Double) {
    let prior = start == 0 ? firstShape : laterShape
    let last = counts.count - 1
    return (prior + counts[last] - counts[start], prior + expectations[last] - expectations[start])
  }

  func ratio(from start: Int) -> Double {
    let (shape, rate) = posterior(start)
    return shape / rate
  }

  mutating func update(count: Double, expected: Double) {
    for index in starts.indices {
      let (shape, rate) = posterior(starts[index].start)
      starts[index].logProbability += Self.logPredictive(count, expected, shape, rate)
    }
    let all = logSum(starts.map(\.logProbability))
    for index in starts.indices { starts[index].logProbability += logSurvival - all }
    counts.append(counts[counts.count - 1] + count)
    expectations.append(expectations[expectations.count - 1] + expected)
    // Starts that have become impossible (1e-13 of the likeliest) are forgotten.
    let best = starts.map(\.logProbability).max() ?? 0
    starts.removeAll { $0.logProbability < best - 30 }
    starts.append(Start(start: counts.count - 1, logProbability: logHazard))
  }

  /// ln of the negative binomial probability of a count, less what is the same for all runs:
  /// ln G(a + x) - ln G(a) + a ln b - (a + x) ln(b + e).
  static func logPredictive(_ x: Double, _ e: Double, _ a: Double, _ b: Double) -> Double {
    let growth: Double
    if a > 1e4 {
      // Stirling's series for the difference, which would cancel (DLMF 5.11.1).
      growth =
        (a + x - 0.5) * .log(onePlus: x / a) + x * (.log(a) - 1) + (1 / (a + x) - 1 / a) / 12
    } else {
      growth = .logGamma(a + x) - .logGamma(a)
    }
    return growth - x * .log(b) - (a + x) * .log(onePlus: e / b)
  }
}
