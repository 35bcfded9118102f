/// All that two values per unit tell together: a numerator and its denominator, or an outcome and what was known of
/// the unit before. Merges without cancellation.
public struct PairSummary: Hashable, Sendable, Codable {
  public var count: Int64
  public var meanX: Double
  public var meanY: Double
  /// With the divisor count - 1, as are the others.
  public var varianceX: Double
  public var varianceY: Double
  public var covariance: Double

  public init(
    count: Int64, meanX: Double, meanY: Double, varianceX: Double, varianceY: Double, covariance: Double
  ) {
    self.count = count
    self.meanX = meanX
    self.meanY = meanY
    self.varianceX = varianceX
    self.varianceY = varianceY
    self.covariance = covariance
  }

  public static let empty = PairSummary(
    count: 0, meanX: 0, meanY: 0, varianceX: 0, varianceY: 0, covariance: 0)

  public mutating func add(x: Double, y: Double) {
    self = self + PairSummary(count: 1, meanX: x, meanY: y, varianceX: 0, varianceY: 0, covariance: 0)
  }

  /// As ``MeanSummary/+(_:_:)``, with Pébay's co-moment (SAND2008-6212, equation 3.1) for the covariance.
  public static func + (left: Self, right: Self) -> Self {
    guard left.count > 0 else { return right }
    guard right.count > 0 else { return left }
    let (n, m) = (Double(left.count), Double(right.count))
    let (stepX, stepY) = (right.meanX - left.meanX, right.meanY - left.meanY)
    let between = n / (n + m) * m
    func merged(_ l: Double, _ r: Double, _ product: Double) -> Double {
      (max(0, n - 1) * l + max(0, m - 1) * r + product * between) / (n + m - 1)
    }
    return PairSummary(
      count: left.count + right.count, meanX: left.meanX + stepX * (m / (n + m)),
      meanY: left.meanY + stepY * (m / (n + m)),
      varianceX: merged(left.varianceX, right.varianceX, stepX * stepX),
      varianceY: merged(left.varianceY, right.varianceY, stepY * stepY),
      covariance: merged(left.covariance, right.covariance, stepX * stepY))
  }

  public var x: MeanSummary { MeanSummary(count: count, mean: meanX, variance: varianceX) }
  public var y: MeanSummary { MeanSummary(count: count, mean: meanY, variance: varianceY) }

  /// 0 where either does not vary.
  public var correlation: Double {
    varianceX > 0 && varianceY > 0
      ? max(-1, min(1, covariance / varianceX.squareRoot() / varianceY.squareRoot())) : 0
  }

  func check() throws(DataCondition) {
    guard count >= 0, !(varianceX < 0), !(varianceY < 0) else { throw .impossibleCounts }
    guard count > 1 else { throw .tooFewUnits }
    guard meanX.isFinite, meanY.isFinite, varianceX.isFinite, varianceY.isFinite, covariance.isFinite
    else { throw .notFinite }
  }
}
