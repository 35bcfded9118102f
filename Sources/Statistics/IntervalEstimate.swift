import RealModule

/// An estimate and the interval it may be off by, on the scale of whoever made it.
public struct IntervalEstimate: Hashable, Sendable, Codable {
  public var estimate: Double
  public var low: Double
  public var high: Double
  /// The probability with which the interval may miss: for a confidence sequence at any look whatsoever.
  public var alpha: Double
  /// Trials that went into the estimate.
  public var sampleSize: Int64
  public var standardError: Double
  /// The natural logarithm of the e-value against zero (0: no evidence); feeds ``MultipleTesting/eBH(_:alpha:)``.
  public var logEvidence: Double
  /// Why the interval claims nothing, where it does not.
  public var condition: EstimateCondition?
  /// Of a confidence sequence: its variance so far in units of the planned design's (Howard et al. 2021), which is all that
  /// ``AsymptoticConfidenceSequence/interval(_:alpha:)`` needs besides.
  public var intrinsicTime: Double?

  public init(
    estimate: Double, low: Double, high: Double, alpha: Double, sampleSize: Int64, standardError: Double,
    logEvidence: Double = 0, condition: EstimateCondition? = nil, intrinsicTime: Double? = nil
  ) {
    self.estimate = estimate
    self.low = low
    self.high = high
    self.alpha = alpha
    self.sampleSize = sampleSize
    self.standardError = standardError
    self.logEvidence = logEvidence
    self.condition = condition
    self.intrinsicTime = intrinsicTime
  }

  /// Whether zero lies outside, so that a difference is shown.
  public var excludesZero: Bool { condition == nil && (low > 0 || high < 0) }

  /// The same seen from the other arm: A minus B instead of B minus A.
  public var mirrored: Self {
    var result = self
    (result.estimate, result.low, result.high) = (-estimate, -high, -low)
    return result
  }

  func clipped(to range: ClosedRange<Double>) -> Self {
    var result = self
    result.low = min(max(low, range.lowerBound), range.upperBound)
    result.high = min(max(high, range.lowerBound), range.upperBound)
    return result
  }
}

/// Why an estimate makes no claim.
public enum EstimateCondition: String, Hashable, Sendable, Codable, CaseIterable {
  /// Some counts are negative or have more successes than trials.
  case impossibleCounts
  /// The arms were never shown at the same time.
  case noOverlap
  /// Fewer events in an arm than the approximation needs.
  case burnIn
  /// Fewer days in common than a comparison of periods needs.
  case tooFewDays
  /// All values are the same, so nothing tells how far the estimate may be off.
  case noVariance
  /// Fewer than two arms to compare.
  case tooFewArms
}

/// A relative change for people: 0.12 is twelve per cent more.
public struct Lift: Hashable, Sendable, Codable {
  public var estimate: Double
  public var low: Double
  public var high: Double

  public init(estimate: Double, low: Double, high: Double) {
    self.estimate = estimate
    self.low = low
    self.high = high
  }

  /// Maps an interval of a log ratio back; the mapping is monotone, so the coverage stays. An end too far away to write down is
  /// the largest number there is.
  public init(logRatio: IntervalEstimate) {
    func relative(_ logRatio: Double) -> Double { min(.expMinusOne(logRatio), .greatestFiniteMagnitude) }
    self.init(
      estimate: relative(logRatio.estimate), low: relative(logRatio.low), high: relative(logRatio.high))
  }
}
