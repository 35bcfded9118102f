import Statistics

/// What a hundred looks at many experiments came to.
public struct PeekingOutcome: Hashable, Sendable {
  public var experiments = 0
  public var claims = 0
  /// Claims that B is better.
  public var claimsForB = 0
  /// Units per arm when an experiment stopped, at a claim or the last look.
  public var stops: [Double] = []

  public var claimRate: Double { Double(claims) / Double(experiments) }
  public var shareForB: Double { claims > 0 ? Double(claimsForB) / Double(claims) : 0.5 }
  public var meanStopping: Double { stops.reduce(0, +) / Double(experiments) }

  init(_ runs: [(claim: Int?, stop: Double)]) {
    experiments = runs.count
    claims = runs.count { $0.claim != nil }
    claimsForB = runs.count { ($0.claim ?? 0) > 0 }
    stops = runs.map(\.stop)
  }
}

/// In how many experiments an interval missed a true difference at some look.
public struct CoverageOutcome: Hashable, Sendable {
  public var experiments = 0
  public var missedDifferences = 0
  public var missedLifts = 0
  /// Experiments that showed the better arm.
  public var shown = 0
}

extension Peeking {
  /// Looks at experiments until each claims something.
  /// - Parameter step: units per arm between looks.
  static func run(
    _ fresh: PeekedExperiment<some PeekingJudge>, experiments: Int, looks: Int = 100, step: Int, seed: UInt64
  ) async -> PeekingOutcome {
    PeekingOutcome(
      await Trials.run(experiments, seed: seed) { randomness in
        var experiment = fresh
        for number in 1...looks {
          guard let claim = experiment.look(number, &randomness) else { continue }
          return (claim: claim, stop: Double(number * step))
        }
        return (claim: nil, stop: Double(looks * step))
      })
  }

  static func claim(_ interval: IntervalEstimate) -> Int? {
    guard interval.excludesZero else { return nil }
    return interval.low > 0 ? 1 : -1
  }
}
