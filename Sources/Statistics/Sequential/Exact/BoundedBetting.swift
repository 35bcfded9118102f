import RealModule

/// The mean of values between two bounds, by betting against each possible mean: exact at any count and any look.
///
/// Waudby-Smith & Ramdas, "Estimating means of bounded random variables by betting" (JRSS B 2024, arXiv:2010.09686),
/// the hedged capital process of theorem 3 with the predictable plug-in bets of equation 26. For values x in 0...1
///
///     K+(m) = prod (1 + lambda+ (x - m)),   K-(m) = prod (1 - lambda- (x - m)),
///     lambda+ = min(lambda, 1 / 2m),  lambda- = min(lambda, 1 / (2 (1 - m)))
///     lambda_t = sqrt( 2 ln(2 / alpha) / (sigma^2_(t-1) t ln(t + 1)) )
///
/// and the interval holds the m with max(K+, K-) / 2 < 1 / alpha. Values must be independent of what came before
/// given a common mean; they may follow different laws.
///
/// What is exact:
/// - values one by one, at every one of them;
/// - batches of single values given as buckets without width (a quartile reached: 0, 25, 50, 75, 100 %), at the
///   ends of batches, since one bet is placed on a whole batch before it comes;
/// - buckets with a width (counts of a histogram): the lower bound takes every value at its bucket's lower edge, the
///   upper bound at its upper edge. The coverage is then at least 1 - alpha, the interval wider by up to a bucket.
///
/// Means and variances alone do not suffice for betting; from them see ``EmpiricalBernsteinSequence``.
public struct BoundedBetting: Hashable, Sendable {
  /// Values between two edges and how many there are.
  public struct Bucket: Hashable, Sendable, Codable {
    public var low: Double
    public var high: Double
    public var count: Int64

    public init(low: Double, high: Double, count: Int64) {
      self.low = low
      self.high = high
      self.count = count
    }

    /// Values known exactly.
    public init(value: Double, count: Int64 = 1) { self.init(low: value, high: value, count: count) }
  }

  /// A bucket in units of the bounds, and the bet on it.
  private struct Bet: Hashable {
    var size: Double
    var bucket: Bucket
  }

  public let alpha: Double
  public let bounds: ClosedRange<Double>
  private var bets: [Bet] = []
  private var plugIn: PredictablePlugIn
  private var isPossible = true

  public init(alpha: Double = 0.05, bounds: ClosedRange<Double> = 0...1) {
    precondition(alpha > 0 && alpha < 1, "alpha lies between 0 and 1, not at \(alpha)")
    precondition(
      bounds.lowerBound < bounds.upperBound && (bounds.upperBound - bounds.lowerBound).isFinite,
      "bounds must be finite and apart")
    self.alpha = alpha
    self.bounds = bounds
    plugIn = PredictablePlugIn(alpha: alpha)
  }

  /// Adds one value. A value beyond the bounds ends all claims.
  public mutating func add(_ value: Double) { add([Bucket(value: value)]) }

  /// Adds a batch, bet on as a whole. Values beyond the bounds, edges that cross or negative counts end all claims.
  public mutating func add(_ batch: [Bucket]) {
    guard
      batch.allSatisfy({
        $0.count >= 0 && bounds.contains($0.low) && bounds.contains($0.high) && $0.low <= $0.high
      })
    else {
      isPossible = false
      return
    }
    let width = bounds.upperBound - bounds.lowerBound
    let scaled = batch.filter { $0.count > 0 }.map {
      Bucket(
        low: ($0.low - bounds.lowerBound) / width, high: ($0.high - bounds.lowerBound) / width,
        count: $0.count)
    }
    let moments = scaled.map { Moments(count: $0.count, mean: 0.5 * ($0.low + $0.high)) }.total()
    guard moments.count > 0 else { return }
    let size = plugIn.bet(on: Double(moments.count))
    bets += scaled.map { Bet(size: size, bucket: $0) }
    plugIn.learn(moments)
  }

  /// ln of the hedged capital against a mean of `mean`: an e-process, so that ln(1 / alpha) rejects it.
  public func logCapital(against mean: Double) -> Double {
    let m = (mean - bounds.lowerBound) / (bounds.upperBound - bounds.lowerBound)
    guard isPossible, m > 0, m < 1 else { return 0 }
    return max(logAbove(m), logBelow(m)) - .log(2)
  }

  /// ln K+: grows when values lie above m, and falls with m.
  private func logAbove(_ m: Double) -> Double {
    bets.reduce(0) { sum, bet in
      sum + Double(bet.bucket.count)
        * .log(onePlus: min(bet.size, 0.5 / m) * (bet.bucket.low - m))
    }
  }

  /// ln K-: grows when values lie below m.
  private func logBelow(_ m: Double) -> Double {
    bets.reduce(0) { sum, bet in
      sum + Double(bet.bucket.count)
        * .log(onePlus: -min(bet.size, 0.5 / (1 - m)) * (bet.bucket.high - m))
    }
  }

  /// The mean and its interval, in the values' unit; the whole of the bounds while nothing can be claimed.
  public func interval() -> IntervalEstimate {
    var result = plugIn.widest(within: bounds, isPossible: isPossible)
    guard result.condition == nil else { return result }
    let width = bounds.upperBound - bounds.lowerBound
    let threshold = Double.log(2 / alpha)
    // K+ falls and K- grows with m, so each bound is one crossing.
    result.low += width * lastRejected { logAbove($0) >= threshold }
    result.high -= width * lastRejected { logBelow(1 - $0) >= threshold }
    return result
  }

  /// The largest distance from an end at which a mean is rejected, all nearer ones being so too.
  private func lastRejected(_ isRejected: (Double) -> Bool) -> Double {
    var rejected = 0.0
    var kept = 1.0
    for _ in 0..<52 {
      let middle = 0.5 * (rejected + kept)
      if isRejected(middle) { rejected = middle } else { kept = middle }
    }
    return rejected
  }
}
