import RealModule

/// The mean of values between two bounds from counts, means and squared deviations alone: exact, in closed form.
///
/// The predictable plug-in empirical Bernstein sequence of Waudby-Smith & Ramdas (JRSS B 2024, theorem 2):
///
///     sum lambda_i x_i / sum lambda_i  +-  (ln(2 / alpha) + sum v_i psi(lambda_i)) / sum lambda_i
///     v_i = 4 (x_i - mu_(i-1))^2,  psi(l) = (-ln(1 - l) - l) / 4
///
/// A batch is given one lambda and one mu beforehand, so its sum of v follows from its moments and nothing else:
/// exact at the ends of batches. Wider than ``BoundedBetting``, which needs the values or their buckets.
public struct EmpiricalBernsteinSequence: Hashable, Sendable {
  public let alpha: Double
  public let bounds: ClosedRange<Double>
  private var plugIn: PredictablePlugIn
  private var weights = 0.0
  private var weightedSum = 0.0
  private var spent = 0.0
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
  public mutating func add(_ value: Double) { add(Moments(count: 1, mean: value)) }

  /// Adds a batch by its moments, in the values' unit. Moments no values within the bounds can have end all claims.
  public mutating func add(_ batch: Moments) {
    let width = bounds.upperBound - bounds.lowerBound
    let mean = (batch.mean - bounds.lowerBound) / width
    let squares = batch.squaredDeviations / (width * width)
    let n = Double(batch.count)
    // Bhatia & Davis 2000: the variance is at most (mean - low)(high - mean).
    guard batch.isPossible, batch.count == 0 || (0...1).contains(mean),
      squares <= n * mean * (1 - mean) + 1e-9 * n
    else {
      isPossible = false
      return
    }
    guard batch.count > 0 else { return }
    let bet = min(0.5, plugIn.bet(on: n))
    let distance = mean - plugIn.mean
    weights += bet * n
    weightedSum += bet * n * mean
    spent += (squares + n * distance * distance) * (-.log(onePlus: -bet) - bet)
    plugIn.learn(Moments(count: batch.count, mean: mean, squaredDeviations: squares))
  }

  /// The bet-weighted mean and its interval; the whole of the bounds while nothing can be claimed.
  public func interval() -> IntervalEstimate {
    var result = plugIn.widest(within: bounds, isPossible: isPossible)
    guard result.condition == nil else { return result }
    let width = bounds.upperBound - bounds.lowerBound
    let centre = weightedSum / weights
    let half = (.log(2 / alpha) + spent) / weights
    result.estimate = bounds.lowerBound + centre * width
    result.low = bounds.lowerBound + max(0, centre - half) * width
    result.high = bounds.lowerBound + min(1, centre + half) * width
    return result
  }
}
