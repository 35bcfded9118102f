import RealModule

/// Gauss-Legendre quadrature on [-1, 1], with the matrix that integrates up to each of its own nodes.
struct GaussLegendre: Sendable {
  let nodes: [Double]
  let weights: [Double]
  /// `cumulative[i][j]`: the weight of the value at node j in the integral from -1 to node i. Exact for
  /// polynomials as is the rule itself (Legendre expansion; DLMF 18.2, 18.17.1).
  let cumulative: [[Double]]

  static let sixteen = GaussLegendre(count: 16)

  init(count n: Int) {
    var nodes: [Double] = []
    var weights: [Double] = []
    for i in 0..<n {
      // Newton's method from Tricomi's approximation of the i-th root.
      var x = -Double.cos(.pi * (Double(i) + 0.75) / (Double(n) + 0.5))
      var slope = 0.0
      for _ in 0..<50 {
        let p = Self.legendre(upTo: n, at: x)
        slope = Double(n) * (x * p[n] - p[n - 1]) / (x * x - 1)
        let step = p[n] / slope
        x -= step
        if abs(step) < 1e-16 { break }
      }
      nodes.append(x)
      weights.append(2 / ((1 - x * x) * slope * slope))
    }
    let values = nodes.map { Self.legendre(upTo: n, at: $0) }
    self.nodes = nodes
    self.weights = weights
    var cumulative: [[Double]] = []
    for i in 0..<n {
      var row: [Double] = []
      for j in 0..<n {
        var sum = nodes[i] + 1
        for k in 1..<n { sum += values[j][k] * (values[i][k + 1] - values[i][k - 1]) }
        row.append(0.5 * weights[j] * sum)
      }
      cumulative.append(row)
    }
    self.cumulative = cumulative
  }

  /// P_0 ... P_n at x by the three-term recurrence.
  private static func legendre(upTo n: Int, at x: Double) -> [Double] {
    var p = [1, x]
    for k in 1..<max(2, n) {
      p.append(((2 * Double(k) + 1) * x * p[k] - Double(k) * p[k - 1]) / Double(k + 1))
    }
    return p
  }
}
