/// How much true effects differ between segments, beyond what chance alone gives: tau^2 of the normal-normal model
/// y_i ~ N(theta_i, v_i), theta_i ~ N(mu, tau^2).
public struct BetweenSegmentVariance: Hashable, Sendable {
  public enum Method: String, Hashable, Sendable, Codable {
    /// Restricted maximum likelihood.
    case restrictedLikelihood
    /// Paule and Mandel's moment equation, where the likelihood has no clear maximum.
    case pauleMandel
  }

  /// tau^2; 0 when segments differ no more than chance.
  public let value: Double
  public let method: Method
  /// The mean over segments, weighted by 1 / (v_i + tau^2), and its standard error.
  public let mean: Double
  public let meanStandardError: Double

  /// REML by Fisher scoring (Viechtbauer, "Bias and efficiency of meta-analytic variance estimators in the
  /// random-effects model", J. Educational and Behavioral Statistics 2005, equation 16):
  ///
  ///     step = (y'PPy - tr P) / tr PP,   P = W - W 1 1' W / sum w,   w_i = 1 / (v_i + tau^2)
  ///
  /// Paule & Mandel (1982), sum w_i (y_i - mu)^2 = k - 1, when scoring does not settle.
  init(effects y: [Double], variances v: [Double]) {
    // In units of the typical variance, so that thresholds mean the same for rates and for revenue.
    let unit = v.reduce(0, +) / Double(v.count)
    let scaled = v.map { $0 / unit }
    let size = unit.squareRoot()
    let centred = y.map { ($0 - y[0]) / size }
    let likelihood = Self.restrictedLikelihood(centred, scaled)
    let tau = likelihood ?? Self.pauleMandel(centred, scaled)
    method = likelihood == nil ? .pauleMandel : .restrictedLikelihood
    value = tau * unit
    let fit = Weighted(centred, scaled, tau)
    mean = y[0] + fit.mean * size
    meanStandardError = size / fit.sum.squareRoot()
  }

  struct Weighted {
    let weights: [Double]
    let sum: Double
    let mean: Double

    init(_ y: [Double], _ v: [Double], _ tau: Double) {
      weights = v.map { 1 / ($0 + tau) }
      sum = weights.reduce(0, +)
      mean = zip(weights, y).reduce(0) { $0 + $1.0 * $1.1 } / sum
    }

    func squares(_ y: [Double], power: Int) -> Double {
      zip(weights, y).reduce(0) { total, pair in
        let distance = pair.1 - mean
        return total + (power == 1 ? pair.0 : pair.0 * pair.0) * distance * distance
      }
    }
  }

  /// nil when scoring has not settled after 200 steps.
  static func restrictedLikelihood(_ y: [Double], _ v: [Double]) -> Double? {
    var tau = pauleMandel(y, v)
    for _ in 0..<200 {
      let fit = Weighted(y, v, tau)
      let second = fit.weights.reduce(0) { $0 + $1 * $1 }
      let third = fit.weights.reduce(0) { $0 + $1 * $1 * $1 }
      let trace = fit.sum - second / fit.sum
      let information = second - 2 * third / fit.sum + (second / fit.sum) * (second / fit.sum)
      guard information > 0 else { return nil }
      let step = (fit.squares(y, power: 2) - trace) / information
      let next = max(0, tau + step)
      if abs(next - tau) <= 1e-14 * (1 + tau) { return next }
      tau = next
    }
    return nil
  }

  /// The moment equation falls in tau^2, so halving finds its only root; 0 when it is negative throughout.
  static func pauleMandel(_ y: [Double], _ v: [Double]) -> Double {
    let degrees = Double(y.count - 1)
    func isAbove(_ tau: Double) -> Bool { Weighted(y, v, tau).squares(y, power: 1) > degrees }
    guard isAbove(0) else { return 0 }
    var high = 1.0
    while isAbove(high), high < 1e300 { high *= 2 }
    var low = 0.0
    for _ in 0..<100 {
      let middle = 0.5 * (low + high)
      if isAbove(middle) { low = middle } else { high = middle }
    }
    return 0.5 * (low + high)
  }
}
