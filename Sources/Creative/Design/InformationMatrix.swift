internal import Foundation

/// How much a set of designs will teach about the effect of every level.
///
/// Levels are coded one column each. Versions are compared within their segment only, so a segment adds the
/// scatter of its rows around their mean: `sum x x' - (sum x)(sum x)' / n`. There are more levels than versions,
/// and main effects alone are not the whole truth; a prior precision on every effect keeps the determinant
/// positive and makes the design spread evenly (the Bayesian D-criterion of DuMouchel & Jones, "A simple
/// Bayesian modification of D-optimal designs", Technometrics 36, 1994, section 2).
struct InformationMatrix {
  /// Prior precision of a level's effect, in units of one observation.
  static let priorPrecision = 0.5

  let size: Int
  private var entries: [Double]

  init(size: Int) {
    self.size = size
    entries = [Double](repeating: 0, count: size * size)
    for index in 0..<size { entries[index * size + index] = Self.priorPrecision }
  }

  /// Adds one segment's versions, each given by the columns it sets to one.
  mutating func add(block: [[Int]]) {
    guard !block.isEmpty else { return }
    var sums = [Double](repeating: 0, count: size)
    for row in block {
      for a in row {
        sums[a] += 1
        for b in row { entries[a * size + b] += 1 }
      }
    }
    let used = sums.indices.filter { sums[$0] != 0 }
    let count = Double(block.count)
    for a in used {
      for b in used { entries[a * size + b] -= sums[a] * sums[b] / count }
    }
  }

  /// The logarithm of the determinant, by Cholesky's factors (Golub & Van Loan, "Matrix computations", 4.2).
  var logDeterminant: Double {
    var factor = entries
    var total = 0.0
    for column in 0..<size {
      var diagonal = factor[column * size + column]
      for k in 0..<column { diagonal -= factor[column * size + k] * factor[column * size + k] }
      guard diagonal > 1e-12 else { return -.infinity }
      let root = diagonal.squareRoot()
      factor[column * size + column] = root
      total += 2 * log(root)
      for row in (column + 1)..<max(size, column + 1) {
        var value = factor[row * size + column]
        for k in 0..<column { value -= factor[row * size + k] * factor[column * size + k] }
        factor[row * size + column] = value / root
      }
    }
    return total
  }
}
