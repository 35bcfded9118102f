import RealModule

/// What is believed of a rate after seeing counts: Beta(alpha, beta).
public struct BetaPosterior: Hashable, Sendable, Codable {
  public let alpha: Double
  public let beta: Double

  /// - Parameters: both at least 1 (smaller values are lifted to it), which keeps the density bounded.
  public init(alpha: Double, beta: Double) {
    self.alpha = alpha.isFinite ? max(1, alpha) : 1
    self.beta = beta.isFinite ? max(1, beta) : 1
  }

  /// From a uniform prior and counts; impossible counts leave the prior.
  public init(_ counts: BinomialCounts) {
    let counts = counts.isPossible ? counts : .zero
    self.init(alpha: 1 + Double(counts.successes), beta: 1 + Double(counts.trials - counts.successes))
  }

  public var mean: Double { alpha / (alpha + beta) }

  public var standardDeviation: Double {
    (mean * (1 - mean) / (alpha + beta + 1)).squareRoot()
  }

  /// What is believed of 1 - rate: turns "lower is better" into "higher is better".
  var mirrored: BetaPosterior { BetaPosterior(alpha: beta, beta: alpha) }

  var mode: Double { alpha + beta > 2 ? (alpha - 1) / (alpha + beta - 2) : 0.5 }

  /// ln of the density relative to its value at the mode. Written with ln(1 + x), so that it stays precise for
  /// counts of 1e12, where the two terms are huge and nearly cancel.
  func logRelativeDensity(_ x: Double) -> Double {
    let mode = mode
    var sum = 0.0
    if alpha > 1 { sum += (alpha - 1) * .log(onePlus: (x - mode) / mode) }
    if beta > 1 { sum += (beta - 1) * .log(onePlus: (mode - x) / (1 - mode)) }
    return sum
  }

  /// Where the density is above e^-50 of its peak: less than 1e-20 of the probability lies outside.
  var support: ClosedRange<Double> {
    func edge(towards end: Double) -> Double {
      if logRelativeDensity(end) > -50 { return end }
      var inside = mode
      var outside = end
      for _ in 0..<60 {
        let middle = 0.5 * (inside + outside)
        if logRelativeDensity(middle) > -50 { inside = middle } else { outside = middle }
      }
      return outside
    }
    return edge(towards: 0)...edge(towards: 1)
  }
}

extension BetaPosterior: PosteriorDensity {}
