import RealModule

/// Versions' log-odds as a linear model of their factor levels, with noise between versions.
///
///     theta_v = x_v' beta + b_v,  b_v ~ N(0, tau^2),   y | theta ~ N(theta, C)
///
/// y and C come from ``TwoWayLogit``; b_v is what a version has of its own beyond the levels it carries. The
/// likelihood is the restricted one (Patterson & Thompson 1971; Harville 1974), on a grid of tau from 0 upwards:
///
///     l(tau) = -1/2 ln|S| - 1/2 ln|X'S^-1 X| - 1/2 (y - X b)' S^-1 (y - X b),   S = C + tau^2 (I + 1 1')
///
/// (1 1' within a group because its effects are measured from its first version, whose own noise they all share).
struct BetweenVersionModel {
  struct Fit {
    var deviation: Double
    var logLikelihood: Double
    var coefficients: [Double]
    /// Row by row.
    var covariance: [Double]
  }

  /// Ascending in tau; the first is tau = 0, what a model without between-version noise would say.
  let fits: [Fit]

  /// 0 and 0.005 ... 2 in steps of a seventh: from invisible to a factor of seven between twins.
  static let deviations: [Double] = [0] + (0..<44).map { 0.005 * .pow(1.15, Double($0)) }

  /// ln of the weights of the grid in the mixture over tau: a fifth on no noise, the rest half-Cauchy with scale
  /// 0.2 (Gelman 2006), which is proportional to tau / (1 + (tau / 0.2)^2) on a logarithmic grid.
  static let logWeights: [Double] = {
    let raw = deviations.map { $0 / (1 + ($0 / 0.2) * ($0 / 0.2)) }
    let sum = raw.reduce(0, +)
    return raw.enumerated().map { .log($0 == 0 ? 0.2 : 0.8 * $1 / sum) }
  }()

  /// - Parameters:
  ///   - effects: y, m of them, each against the first version of its group.
  ///   - covariance: C, m x m.
  ///   - groups: of each effect.
  ///   - design: m rows of x_v - x_first.
  /// - Returns: nil when the columns of the design depend on each other.
  init?(effects: [Double], covariance: [Double], groups: [Int], design: [[Double]]) {
    let m = effects.count
    let p = design.first?.count ?? 0
    var fits: [Fit] = []
    for deviation in Self.deviations {
      let variance = deviation * deviation
      var total = covariance
      for row in 0..<m {
        for column in 0..<m where groups[row] == groups[column] {
          total[row * m + column] += row == column ? 2 * variance : variance
        }
      }
      guard let factor = Cholesky(total, order: m) else { return nil }
      let columns = (0..<p).map { column in factor.halfSolve(design.map { $0[column] }) }
      let y = factor.halfSolve(effects)
      var information = [Double](repeating: 0, count: p * p)
      var score = [Double](repeating: 0, count: p)
      for row in 0..<p {
        score[row] = Self.dot(columns[row], y)
        for column in 0...row {
          information[row * p + column] = Self.dot(columns[row], columns[column])
          information[column * p + row] = information[row * p + column]
        }
      }
      guard let inner = Cholesky(information, order: p) else { return nil }
      let beta = inner.solve(score)
      let residual = y.indices.reduce(0.0) { sum, index in
        var value = y[index]
        for column in 0..<p { value -= columns[column][index] * beta[column] }
        return sum + value * value
      }
      fits.append(
        Fit(
          deviation: deviation,
          logLikelihood: -0.5 * (factor.logDeterminant + inner.logDeterminant + residual),
          coefficients: beta, covariance: inner.inverse()))
    }
    self.fits = fits
  }

  private static func dot(_ a: [Double], _ b: [Double]) -> Double {
    var sum = 0.0
    for index in a.indices { sum += a[index] * b[index] }
    return sum
  }

  /// The most likely tau and those within 1.92 of its log-likelihood (a 95 % profile interval).
  var deviation: (estimate: Double, low: Double, high: Double) {
    let best = fits.max { $0.logLikelihood < $1.logLikelihood } ?? fits[0]
    let near = fits.filter { $0.logLikelihood >= best.logLikelihood - 1.92 }.map(\.deviation)
    return (best.deviation, near.min() ?? 0, near.max() ?? 0)
  }

  /// A contrast c'beta, ready to be tested against any value.
  func contrast(_ c: [Double]) -> ContrastEvidence {
    let p = c.count
    return ContrastEvidence(
      logLikelihoods: fits.map(\.logLikelihood),
      estimates: fits.map { Self.dot(c, $0.coefficients) },
      variances: fits.map { fit in
        let rows = (0..<p).map { row in Self.dot(Array(fit.covariance[row * p..<(row + 1) * p]), c) }
        return Self.dot(rows, c)
      })
  }
}
