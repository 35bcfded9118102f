import RealModule

/// Corrections for claiming many things at once. All return whether each hypothesis is rejected, in the order
/// given.
public enum MultipleTesting {
  /// The e-Benjamini-Hochberg procedure (Wang & Ramdas, JRSS-B 2022): false discovery rate at most alpha under any
  /// dependence. Rejects the k largest e-values, k the largest with e_(k) >= m / (k alpha).
  /// - Parameter logEvidence: natural logarithms of the e-values, which may be far out of `Double`'s range.
  public static func eBH(_ logEvidence: [Double], alpha: Double) -> [Bool] {
    let m = Double(logEvidence.count)
    let order = logEvidence.indices.sorted { logEvidence[$0] > logEvidence[$1] }
    // A tolerance for e-values that meet their threshold exactly and were carried as logarithms.
    let last = order.indices.last {
      logEvidence[order[$0]] >= .log(m / (Double($0 + 1) * alpha)) - 1e-12
    }
    return rejecting(order, upTo: last)
  }

  /// Holm's step-down procedure (1979): probability of any false rejection at most alpha, under any dependence.
  public static func holm(_ pValues: [Double], alpha: Double) -> [Bool] {
    let order = pValues.indices.sorted { pValues[$0] < pValues[$1] }
    let firstKept = order.indices.first { pValues[order[$0]] > alpha / Double(pValues.count - $0) }
    return rejecting(order, upTo: (firstKept ?? order.count) - 1)
  }

  /// Benjamini-Hochberg (1995): false discovery rate at most alpha for independent or positively dependent
  /// p-values.
  public static func benjaminiHochberg(_ pValues: [Double], alpha: Double) -> [Bool] {
    let m = Double(pValues.count)
    let order = pValues.indices.sorted { pValues[$0] < pValues[$1] }
    let last = order.indices.last { pValues[order[$0]] <= alpha * Double($0 + 1) / m }
    return rejecting(order, upTo: last)
  }

  /// Benjamini & Yekutieli (Annals of Statistics 2001, theorem 1.3): false discovery rate at most alpha for p-values
  /// of any dependence, at the price of a factor 1 + 1/2 + ... + 1/m.
  public static func benjaminiYekutieli(_ pValues: [Double], alpha: Double) -> [Bool] {
    benjaminiHochberg(pValues, alpha: alpha / harmonic(pValues.count))
  }

  /// The smallest alpha at which ``holm(_:alpha:)`` rejects each hypothesis.
  public static func holmAdjusted(_ pValues: [Double]) -> [Double] {
    var adjusted = pValues
    var largest = 0.0
    for (position, index) in pValues.indices.sorted(by: { pValues[$0] < pValues[$1] }).enumerated() {
      largest = max(largest, min(1, pValues[index] * Double(pValues.count - position)))
      adjusted[index] = largest
    }
    return adjusted
  }

  /// The smallest alpha at which ``benjaminiHochberg(_:alpha:)`` rejects each hypothesis.
  public static func benjaminiHochbergAdjusted(_ pValues: [Double]) -> [Double] {
    var adjusted = pValues
    var smallest = 1.0
    let order = pValues.indices.sorted { pValues[$0] < pValues[$1] }
    for (position, index) in order.enumerated().reversed() {
      smallest = min(smallest, pValues[index] * Double(pValues.count) / Double(position + 1))
      adjusted[index] = smallest
    }
    return adjusted
  }

  private static func harmonic(_ count: Int) -> Double {
    (0..<max(1, count)).reduce(0) { $0 + 1 / Double($1 + 1) }
  }

  private static func rejecting(_ order: [Int], upTo last: Int?) -> [Bool] {
    var rejected = [Bool](repeating: false, count: order.count)
    if let last, last >= 0 {
      for position in 0...last { rejected[order[position]] = true }
    }
    return rejected
  }
}
