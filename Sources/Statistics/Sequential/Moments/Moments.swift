import RealModule

/// Count, mean and sum of squared deviations: all that a mean and its interval need, mergeable in any order.
///
/// Merging is Chan, Golub & LeVeque, "Updating formulae and a pairwise algorithm for computing sample variances"
/// (COMPSTAT 1982), equation 2.1: deviations are only ever added, so nothing cancels, unlike with sums of squares.
public struct Moments: Hashable, Sendable, Codable {
  public var count: Int64
  public var mean: Double
  /// Sum of (x - mean)^2.
  public var squaredDeviations: Double

  public init(count: Int64 = 0, mean: Double = 0, squaredDeviations: Double = 0) {
    self.count = count
    self.mean = mean
    self.squaredDeviations = squaredDeviations
  }

  /// From what is usually printed of values: their variance over `count` - 1.
  public init(count: Int64, mean: Double, sampleVariance: Double) {
    self.init(count: count, mean: mean, squaredDeviations: sampleVariance * Double(max(0, count - 1)))
  }

  public init(_ values: some Sequence<Double>) {
    self.init()
    for value in values { add(value) }
  }

  /// Of as many ones as successes and as many zeros as failures.
  public init(_ counts: BinomialCounts) {
    let failures = Double(counts.trials - counts.successes)
    self.init(
      count: counts.trials, mean: counts.rate,
      squaredDeviations: counts.trials > 0 ? failures * counts.rate : 0)
  }

  public static let zero = Moments()

  /// A negative count, a number that is none or negative squares: no claim may come out of such data.
  public var isPossible: Bool {
    count >= 0 && mean.isFinite && squaredDeviations.isFinite && squaredDeviations >= 0
  }

  /// Over `count`, as asymptotic sequences take it; 0 without values.
  public var variance: Double { count > 0 ? squaredDeviations / Double(count) : 0 }

  /// Over `count` - 1, as one look at few values takes it; 0 for a single value.
  public var sampleVariance: Double { count > 1 ? squaredDeviations / Double(count - 1) : 0 }

  /// (sum x)^2 / sum x^2: how many events a skewed mean really rests on. Successes for zeros and ones; for revenue
  /// fewer than there are sales, since a few large ones carry most of it.
  public var effectiveEvents: Double {
    guard count > 0 else { return 0 }
    let second = mean * mean + variance
    return second > 0 ? Double(count) * (mean * mean / second) : 0
  }

  /// Adds one value (Welford 1962).
  public mutating func add(_ value: Double) {
    count += 1
    let deviation = value - mean
    mean += deviation / Double(count)
    squaredDeviations += deviation * (value - mean)
  }

  public static func + (left: Self, right: Self) -> Self {
    guard right.count > 0 else { return left }
    guard left.count > 0 else { return right }
    let count = left.count + right.count
    let share = Double(right.count) / Double(count)
    let distance = right.mean - left.mean
    return Moments(
      count: count, mean: left.mean + distance * share,
      squaredDeviations: left.squaredDeviations + right.squaredDeviations
        + distance * distance * Double(left.count) * share)
  }

  public static func += (left: inout Self, right: Self) { left = left + right }
}

extension Sequence<Moments> {
  /// All merged.
  public func total() -> Moments { reduce(.zero, +) }
}
