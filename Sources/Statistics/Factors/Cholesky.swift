import RealModule

/// A symmetric positive definite matrix as L L'.
struct Cholesky {
  let order: Int
  /// L, row by row; above the diagonal it is not used.
  private(set) var lower: [Double]

  /// - Parameter matrix: `order` x `order`, row by row.
  /// - Returns: nil when a pivot vanishes beside its own diagonal: the columns behind it depend on each other.
  init?(_ matrix: [Double], order: Int) {
    self.order = order
    lower = matrix
    for row in 0..<order {
      for column in 0...row {
        var sum = lower[row * order + column]
        for k in 0..<column { sum -= lower[row * order + k] * lower[column * order + k] }
        if row == column {
          guard sum > 1e-11 * matrix[row * order + row], sum.isFinite else { return nil }
          lower[row * order + row] = sum.squareRoot()
        } else {
          lower[row * order + column] = sum / lower[column * order + column]
        }
      }
    }
  }

  var logDeterminant: Double {
    (0..<order).reduce(0) { $0 + 2 * .log(lower[$1 * order + $1]) }
  }

  /// L^-1 b.
  func halfSolve(_ b: [Double]) -> [Double] {
    var x = b
    for row in 0..<order {
      for k in 0..<row { x[row] -= lower[row * order + k] * x[k] }
      x[row] /= lower[row * order + row]
    }
    return x
  }

  /// (L L')^-1 b.
  func solve(_ b: [Double]) -> [Double] {
    var x = halfSolve(b)
    for row in stride(from: order - 1, through: 0, by: -1) {
      for k in row + 1..<max(order, row + 1) { x[row] -= lower[k * order + row] * x[k] }
      x[row] /= lower[row * order + row]
    }
    return x
  }

  /// The inverse of the whole matrix, row by row.
  func inverse() -> [Double] {
    var result = [Double](repeating: 0, count: order * order)
    for column in 0..<order {
      var unit = [Double](repeating: 0, count: order)
      unit[column] = 1
      for (row, value) in solve(unit).enumerated() { result[row * order + column] = value }
    }
    return result
  }
}

/// ln (e^a + e^b).
func logSum(_ a: Double, _ b: Double) -> Double {
  let high = max(a, b)
  guard high > -.infinity else { return high }
  return high + .log(onePlus: .exp(min(a, b) - high))
}

/// ln of the sum of what these are logarithms of.
func logSum(_ logs: [Double]) -> Double {
  guard let high = logs.max(), high > -.infinity else { return -.infinity }
  return high + .log(logs.reduce(0) { $0 + .exp($1 - high) })
}
