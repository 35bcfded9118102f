internal import Foundation

/// How much a set of designs teaches about the effect of every level.
///
/// Levels are coded one column each. Versions are compared within their segment only, so a segment adds the
/// scatter of its rows around their mean: `Xc' Xc`, where `Xc` are the rows less their mean. There are more levels
/// than versions, and main effects alone are not the whole truth; a prior precision on every effect keeps the
/// determinant positive and makes the design spread evenly (the Bayesian D-criterion of DuMouchel & Jones, "A
/// simple Bayesian modification of D-optimal designs", Technometrics 36, 1994, section 2).
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

  /// The variances and covariances left of all effects: the inverse, by Gauss and Jordan. No pivots are needed, for
  /// the matrix is symmetric and positive definite.
  func inverted() -> Covariance {
    var left = entries
    var right = [Double](repeating: 0, count: size * size)
    for index in 0..<size { right[index * size + index] = 1 }
    for pivot in 0..<size {
      let scale = 1 / left[pivot * size + pivot]
      for column in 0..<size {
        left[pivot * size + column] *= scale
        right[pivot * size + column] *= scale
      }
      for row in 0..<size where row != pivot {
        let factor = left[row * size + pivot]
        if factor == 0 { continue }
        for column in 0..<size {
          left[row * size + column] -= factor * left[pivot * size + column]
          right[row * size + column] -= factor * right[pivot * size + column]
        }
      }
    }
    return Covariance(size: size, entries: right)
  }

  struct Covariance {
    let size: Int
    fileprivate let entries: [Double]

    /// What a segment's versions would add to the logarithm of the information's determinant: by the matrix
    /// determinant lemma `log det(I + Xc M^-1 Xc')`, which has only as many rows as there are versions.
    func gain(of block: [[Int]]) -> Double {
      let count = block.count
      var kernel = [Double](repeating: 0, count: count * count)
      for a in 0..<count {
        for b in a..<count {
          var sum = 0.0
          for first in block[a] {
            for second in block[b] { sum += entries[first * size + second] }
          }
          kernel[a * count + b] = sum
          kernel[b * count + a] = sum
        }
      }
      centre(&kernel, count)
      for index in 0..<count { kernel[index * count + index] += 1 }
      return logDeterminant(kernel, count)
    }

    /// Takes the means of rows and columns away on both sides.
    private func centre(_ kernel: inout [Double], _ count: Int) {
      let means = (0..<count).map { row in
        (0..<count).reduce(0) { $0 + kernel[row * count + $1] } / Double(count)
      }
      let mean = means.reduce(0, +) / Double(count)
      for a in 0..<count {
        for b in 0..<count { kernel[a * count + b] += mean - means[a] - means[b] }
      }
    }

    /// By elimination; the matrix is symmetric and positive definite.
    private func logDeterminant(_ matrix: [Double], _ count: Int) -> Double {
      var rest = matrix
      var total = 0.0
      for pivot in 0..<count {
        let diagonal = rest[pivot * count + pivot]
        guard diagonal > 0 else { return -.infinity }
        total += log(diagonal)
        for row in (pivot + 1)..<max(count, pivot + 1) {
          let factor = rest[row * count + pivot] / diagonal
          for column in pivot..<count { rest[row * count + column] -= factor * rest[pivot * count + column] }
        }
      }
      return total
    }
  }
}
