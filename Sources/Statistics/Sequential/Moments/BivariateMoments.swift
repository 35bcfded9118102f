import RealModule

/// Two values of the same unit together: a ratio metric's numerator y and denominator x (clicks and impressions
/// of one viewer), or an outcome and what was known beforehand. Mergeable like ``Moments``.
public struct BivariateMoments: Hashable, Sendable, Codable {
  public var count: Int64
  public var meanX: Double
  public var meanY: Double
  /// Sum of (x - mean x)^2.
  public var squaredDeviationsX: Double
  /// Sum of (y - mean y)^2.
  public var squaredDeviationsY: Double
  /// Sum of (x - mean x)(y - mean y).
  public var codeviations: Double

  public init(
    count: Int64 = 0, meanX: Double = 0, meanY: Double = 0, squaredDeviationsX: Double = 0,
    squaredDeviationsY: Double = 0, codeviations: Double = 0
  ) {
    self.count = count
    self.meanX = meanX
    self.meanY = meanY
    self.squaredDeviationsX = squaredDeviationsX
    self.squaredDeviationsY = squaredDeviationsY
    self.codeviations = codeviations
  }

  /// From plain sums, as a database adds them up. Good for small whole numbers, of which sums of squares are exact;
  /// elsewhere deviations should be summed.
  public init(
    count: Int64, sumX: Double, sumY: Double, sumOfSquaresX: Double, sumOfSquaresY: Double,
    sumOfProducts: Double
  ) {
    let n = Double(max(1, count))
    let x = max(0, sumOfSquaresX - sumX / n * sumX)
    let y = max(0, sumOfSquaresY - sumY / n * sumY)
    let bound = (x * y).squareRoot()
    self.init(
      count: count, meanX: sumX / n, meanY: sumY / n, squaredDeviationsX: x, squaredDeviationsY: y,
      codeviations: min(max(sumOfProducts - sumX / n * sumY, -bound), bound))
  }

  /// How many times the variance of y / x (delta method) exceeds that of as many independent trials, for y that
  /// counts successes of x trials; 1 when it cannot be told.
  public var designEffect: Double {
    let trials = meanX * Double(count)
    guard meanX > 0, trials > 0 else { return 1 }
    let rate = meanY / meanX
    let binomial = rate * (1 - rate) / trials
    let variance = residualVariance(slope: rate) / (meanX * meanX) / Double(count)
    return binomial > 0 && variance > 0 ? variance / binomial : 1
  }

  /// A mean as a ratio whose denominator is 1 for every unit.
  public init(_ y: Moments) {
    self.init(count: y.count, meanX: 1, meanY: y.mean, squaredDeviationsY: y.squaredDeviations)
  }

  public static let zero = BivariateMoments()

  /// False for a negative count, numbers that are none, or a correlation beyond 1.
  public var isPossible: Bool {
    let bound = (squaredDeviationsX * squaredDeviationsY).squareRoot()
    return x.isPossible && y.isPossible && codeviations.isFinite && abs(codeviations) <= bound * (1 + 1e-9)
  }

  public var x: Moments { Moments(count: count, mean: meanX, squaredDeviations: squaredDeviationsX) }
  public var y: Moments { Moments(count: count, mean: meanY, squaredDeviations: squaredDeviationsY) }

  /// 0 where either does not vary.
  public var correlation: Double {
    let scale = squaredDeviationsX.squareRoot() * squaredDeviationsY.squareRoot()
    return scale > 0 ? max(-1, min(1, codeviations / scale)) : 0
  }

  /// Over `count`; 0 without values.
  public var covariance: Double { count > 0 ? codeviations / Double(count) : 0 }

  /// Variance of y - slope * x, never below 0.
  public func residualVariance(slope: Double) -> Double {
    max(0, y.variance - 2 * slope * covariance + slope * slope * x.variance)
  }

  /// - Throws: why one look can estimate nothing from these.
  func check() throws(DataCondition) {
    guard count >= 0, !(squaredDeviationsX < 0), !(squaredDeviationsY < 0) else { throw .impossibleCounts }
    guard count > 1 else { throw .tooFewUnits }
    guard x.isPossible, y.isPossible, codeviations.isFinite else { throw .notFinite }
  }

  public mutating func add(x: Double, y: Double) {
    count += 1
    let deviationX = x - meanX
    let deviationY = y - meanY
    meanX += deviationX / Double(count)
    meanY += deviationY / Double(count)
    squaredDeviationsX += deviationX * (x - meanX)
    squaredDeviationsY += deviationY * (y - meanY)
    codeviations += deviationX * (y - meanY)
  }

  public static func + (left: Self, right: Self) -> Self {
    guard right.count > 0 else { return left }
    guard left.count > 0 else { return right }
    let x = left.x + right.x
    let y = left.y + right.y
    let weight = Double(left.count) * (Double(right.count) / Double(x.count))
    return BivariateMoments(
      count: x.count, meanX: x.mean, meanY: y.mean, squaredDeviationsX: x.squaredDeviations,
      squaredDeviationsY: y.squaredDeviations,
      codeviations: left.codeviations + right.codeviations
        + (right.meanX - left.meanX) * (right.meanY - left.meanY) * weight)
  }

  public static func += (left: inout Self, right: Self) { left = left + right }
}

extension Sequence<BivariateMoments> {
  /// All merged.
  public func total() -> BivariateMoments { reduce(.zero, +) }
}
