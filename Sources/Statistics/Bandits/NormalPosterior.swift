/// What ``BestArm`` integrates.
protocol PosteriorDensity {
  var mode: Double { get }
  var standardDeviation: Double { get }
  /// Where the density is above e^-50 of its peak.
  var support: ClosedRange<Double> { get }
  /// ln of the density relative to its value at the mode.
  func logRelativeDensity(_ x: Double) -> Double
}

/// What is believed of a mean, a ratio or an effect: normal.
public struct NormalPosterior: Hashable, Sendable, Codable {
  public let mean: Double
  public let standardDeviation: Double

  /// - Throws: ``DataCondition/notFinite``; ``DataCondition/noVariance`` for a deviation that is not above zero.
  public init(mean: Double, standardDeviation: Double) throws(DataCondition) {
    guard abs(mean) < 1e300, abs(standardDeviation) < 1e300 else { throw .notFinite }
    guard standardDeviation > 0 else { throw .noVariance }
    self.mean = mean
    self.standardDeviation = standardDeviation
  }

  /// From a flat prior.
  public init(_ value: MetricValue) throws(DataCondition) {
    try self.init(mean: value.value, standardDeviation: value.standardError)
  }

  private init(checkedMean: Double, _ standardDeviation: Double) {
    mean = checkedMean
    self.standardDeviation = standardDeviation
  }

  /// What is believed of the metric times -1.
  var mirrored: NormalPosterior { NormalPosterior(checkedMean: -mean, standardDeviation) }
}

extension NormalPosterior: PosteriorDensity {
  var mode: Double { mean }
  var support: ClosedRange<Double> { (mean - 10 * standardDeviation)...(mean + 10 * standardDeviation) }

  func logRelativeDensity(_ x: Double) -> Double {
    let z = (x - mean) / standardDeviation
    return -0.5 * z * z
  }
}
