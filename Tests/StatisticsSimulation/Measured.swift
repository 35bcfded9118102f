import Foundation
import Statistics

/// A figure that simulation arrived at, with bounds that hold the truth with 99 % each.
public struct Measured: Hashable, Sendable, Codable {
  public let value: Double
  /// The truth lies below this with a probability of at most 1 %.
  public let low: Double
  /// The truth lies above this with a probability of at most 1 %.
  public let high: Double

  public init(value: Double, low: Double, high: Double) {
    self.value = value
    self.low = low
    self.high = high
  }

  /// Two-sided level of a pair of 99 % bounds.
  private static let alpha = 0.02
  private static var z: Double { -Normal.quantile(alpha / 2) }

  /// A share of independent experiments; Wilson's bounds.
  public static func share(_ successes: Int, of trials: Int) -> Measured {
    let counts = BinomialCounts(successes: Int64(successes), trials: Int64(trials))
    let wilson = FixedHorizon.wilson(counts, alpha: alpha)
    return Measured(value: counts.rate, low: wilson?.low ?? 0, high: wilson?.high ?? 1)
  }

  /// The mean of independent values.
  public static func mean(_ values: [Double]) -> Measured {
    ratio(of: values, to: values.map { _ in 1 })
  }

  /// The sum of `values` over the sum of `bases`, a pair an experiment; the delta method's bounds.
  public static func ratio(of values: [Double], to bases: [Double]) -> Measured {
    let (n, base) = (Double(values.count), bases.reduce(0, +))
    let ratio = values.reduce(0, +) / base
    let squares = zip(values, bases).reduce(0) { sum, pair in
      sum + (pair.0 - ratio * pair.1) * (pair.0 - ratio * pair.1)
    }
    let half = z * (squares * n / max(1, n - 1)).squareRoot() / base
    return Measured(value: ratio, low: ratio - half, high: ratio + half)
  }

  /// The median; bounds are the order statistics that a binomial count of one half stays between (David & Nagaraja,
  /// "Order statistics", 2003, section 7.1). What never came counts as infinity.
  public static func median(_ values: [Double]) -> Measured {
    let sorted = values.sorted()
    guard !sorted.isEmpty else { return Measured(value: .infinity, low: 0, high: .infinity) }
    let n = Double(sorted.count)
    func at(_ place: Double) -> Double {
      let place = min(max(0, place), n - 1)
      let (below, above) = (sorted[Int(place.rounded(.down))], sorted[Int(place.rounded(.up))])
      return below == above ? below : 0.5 * (below + above)
    }
    let reach = z * 0.5 * n.squareRoot()
    return Measured(
      value: at((n - 1) / 2), low: at(((n - 1) / 2 - reach).rounded(.down)),
      high: at(((n - 1) / 2 + reach).rounded(.up)))
  }

  /// Value and bounds through a rising function.
  public func map(_ rising: (Double) -> Double) -> Measured {
    Measured(value: rising(value), low: rising(low), high: rising(high))
  }
}
