import RealModule

/// How much to bet next on values in 0...1, from what was seen before (Waudby-Smith & Ramdas 2024, equations 15, 26):
///
///     lambda_t = sqrt( 2 ln(2 / alpha) / (sigma^2_(t-1) t ln(t + 1)) )
///     mu_t = (1/2 + sum x) / (t + 1),  sigma^2_t = (1/4 + sum (x_i - mu_i)^2) / (t + 1)
struct PredictablePlugIn: Hashable, Sendable {
  let alpha: Double
  private(set) var seen = Moments.zero
  private var squares = 0.25

  init(alpha: Double) { self.alpha = alpha }

  var mean: Double { (0.5 + seen.mean * Double(seen.count)) / (Double(seen.count) + 1) }

  /// One bet for the next `count` values, with the paper's t at their middle. Their number may be used, as it says
  /// nothing of the values themselves.
  func bet(on count: Double) -> Double {
    let before = Double(seen.count)
    let t = before + 0.5 * (count + 1)
    return (2 * .log(2 / alpha) / (squares / (before + 1) * t * .log(t + 1))).squareRoot()
  }

  mutating func learn(_ batch: Moments) {
    seen += batch
    let distance = batch.mean - mean
    squares += batch.squaredDeviations + Double(batch.count) * distance * distance
  }

  /// What was seen, in the values' unit, with the whole of the bounds for its interval: where every claim begins, and
  /// where it ends while there is a condition.
  func widest(within bounds: ClosedRange<Double>, isPossible: Bool) -> IntervalEstimate {
    let width = bounds.upperBound - bounds.lowerBound
    let condition: EstimateCondition? =
      if !isPossible {
        .impossibleCounts
      } else {
        seen.count == 0 ? .burnIn : nil
      }
    return IntervalEstimate(
      estimate: bounds.lowerBound + seen.mean * width, low: bounds.lowerBound, high: bounds.upperBound,
      alpha: alpha, sampleSize: seen.count,
      standardError: seen.count > 0 ? width * (seen.variance / Double(seen.count)).squareRoot() : 0,
      condition: condition)
  }
}
