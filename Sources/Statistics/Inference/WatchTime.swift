/// How much of a video is watched, from how many viewers reached each quarter: what every player and platform counts.
///
/// The mean share watched is the area under the curve of those still watching. Between two marks the curve only
/// falls, so the area has hard bounds, whatever it does in between; the estimate is the trapezoid between them.
public struct WatchTime: Hashable, Sendable, Codable {
  /// Mean share of the video watched per start, 0 ... 1: the trapezoid's estimate and its sampling error.
  public let share: MetricValue
  /// What the share would be if everyone left right after a mark, or right before the next.
  public let bounds: ClosedRange<Double>

  /// - Parameter reached: viewers who started, then those who reached each of the equally spaced marks after it,
  ///   the end last: for quartiles five counts.
  public init(reached: [Int64]) throws(DataCondition) {
    guard let starts = reached.first, reached.count > 1, starts > 1 else { throw .tooFewUnits }
    guard zip(reached, reached.dropFirst()).allSatisfy({ $0 >= $1 }), reached.allSatisfy({ $0 >= 0 }) else {
      throw .impossibleCounts
    }
    let marks = Double(reached.count - 1)
    let n = Double(starts)
    let after = reached.dropFirst().reduce(0) { $0 + Double($1) / n } / marks
    let before = reached.dropLast().reduce(0) { $0 + Double($1) / n } / marks
    bounds = after...before
    // A viewer who left between marks k and k + 1 is taken to have watched k + 1/2 parts, at the end all of them.
    var mean = 0.0
    var square = 0.0
    for mark in reached.indices {
      let isEnd = mark == reached.count - 1
      let left = Double(reached[mark] - (isEnd ? 0 : reached[mark + 1])) / n
      let watched = isEnd ? 1 : (Double(mark) + 0.5) / marks
      mean += left * watched
      square += left * watched * watched
    }
    share = try MetricValue(
      value: mean, standardError: (max(0, square - mean * mean) / (n - 1)).squareRoot(), sampleSize: starts)
  }

  /// Mean time watched per start.
  public func seconds(duration: Double) throws(DataCondition) -> MetricValue {
    guard duration.isFinite, duration > 0 else { throw .noBaseline }
    return try MetricValue(
      value: share.value * duration, standardError: share.standardError * duration,
      sampleSize: share.sampleSize)
  }
}
