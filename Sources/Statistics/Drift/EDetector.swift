import RealModule

/// Sequential change detection from e-values, with a false-alarm rate that needs no calibration.
///
/// Shin, Ramdas, Rinaldo, "E-detectors: a nonparametric framework for sequential change detection" (New England
/// Journal of Statistics in Data Science 2, 2024): an e-process is started at every hour; with e_n the e-value of
/// hour n against no change,
///
///     Shiryaev-Roberts   M_n = e_n (M_(n-1) + 1)           (the paper's e-SR, the sum of all of them)
///     CUSUM              M_n = e_n max(M_(n-1), 1)         (e-CUSUM, the largest)
///
/// and a weighted mean over several alternatives is a detector too (the paper's mixtures). As M_n - n is a
/// supermartingale without a change: alarming at M >= c gives an average run length of at least c, and a false
/// alarm within T hours has probability at most T / c.
public struct EDetector: Hashable, Sendable, Codable {
  public enum Kind: String, Hashable, Sendable, Codable { case shiryaevRoberts, cumulativeSum }

  /// How often a false alarm may be raised.
  public enum FalseAlarms: Hashable, Sendable, Codable {
    /// On average not sooner than after so many hours.
    case averageRunLength(hours: Double)
    /// With at most this probability within so many hours.
    case probability(Double, withinHours: Double)

    /// ln c.
    public var logThreshold: Double {
      switch self {
      case .averageRunLength(let hours): .log(max(1, hours))
      case .probability(let probability, let hours): .log(max(1, hours) / probability)
      }
    }
  }

  public let kind: Kind
  /// ln of each alternative's weight; the weights sum to 1.
  public let logWeights: [Double]
  /// ln M of each alternative.
  public private(set) var logStatistics: [Double]

  /// - Parameter weights: of the alternatives, positive; scaled to sum to 1.
  public init(kind: Kind = .shiryaevRoberts, weights: [Double]) {
    precondition(!weights.isEmpty && weights.allSatisfy { $0 > 0 && $0.isFinite }, "weights are positive")
    let sum = weights.reduce(0, +)
    self.kind = kind
    logWeights = weights.map { .log($0 / sum) }
    logStatistics = weights.map { _ in -.infinity }
  }

  /// ln of the mixture's M.
  public var logStatistic: Double { logSum(zip(logWeights, logStatistics).map { $0 + $1 }) }

  /// Takes the next hour's e-values, one an alternative, as logarithms.
  public mutating func update(logEValues: [Double]) {
    for index in logStatistics.indices {
      logStatistics[index] = Self.next(logStatistics[index], logEValue: logEValues[index], kind: kind)
    }
  }

  static func next(_ logStatistic: Double, logEValue: Double, kind: Kind) -> Double {
    switch kind {
    case .shiryaevRoberts: logEValue + logSum(logStatistic, 0)
    case .cumulativeSum: logEValue + max(logStatistic, 0)
    }
  }

  /// About how long the best detector would take on average: ln c over the information an hour gives (Lorden,
  /// Annals of Mathematical Statistics 42, 1971, theorem 3: no detector with that average run length does better
  /// as c grows). For Poisson counts Kullback & Leibler's divergence of ratio from 1 is
  /// expected (ratio ln ratio - ratio + 1).
  /// - Returns: infinity for a ratio of 1.
  public static func boundOnDelay(
    ratio: Double, expectedPerHour: Double, dispersion: Double = 1, falseAlarms: FalseAlarms
  ) -> Double {
    guard ratio >= 0, expectedPerHour > 0, dispersion > 0 else { return .infinity }
    let perEvent = (ratio > 0 ? ratio * .log(ratio) : 0) - ratio + 1
    return perEvent > 0 ? falseAlarms.logThreshold * dispersion / (expectedPerHour * perEvent) : .infinity
  }
}
