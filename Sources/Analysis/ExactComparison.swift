import Foundation
import Statistics

/// Compares two arms of which one has too few events for intervals that rest on the normal distribution: one nobody clicks
/// on at all must be found to be worse, not waited for (`Statistics.TwoProportionProcess`).
///
/// Only what happened on the same whole day of the same epoch is compared, so traffic may move as it likes.
struct ExactComparison {
  /// Of row minus column; nil while nothing is shown.
  let difference: IntervalEstimate?

  /// - Parameters:
  ///   - estimate: row minus column, weighed as for all other pairs.
  ///   - alpha: of this pair.
  init(
    row: Int, column: Int, days: [DayInput], estimate: Double, alpha: Double, plannedSize: Double,
    designEffect: Double
  ) {
    var process = TwoProportionProcess(alpha: alpha, plannedSize: plannedSize, designEffect: designEffect)
    for day in days { process.add(a: day.counts(of: column), b: day.counts(of: row)) }
    guard process.logEvidence >= -log(alpha) else {
      difference = nil
      return
    }
    var interval = process.interval()
    guard interval.condition == nil, interval.excludesZero else {
      difference = nil
      return
    }
    interval.estimate = min(interval.high, max(interval.low, estimate))
    difference = interval
  }
}
