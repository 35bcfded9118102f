import RealModule

/// Which end of a metric is good.
public enum Preference: String, Hashable, Sendable, Codable {
  /// Conversion, watch time, revenue.
  case higher
  /// Skips, hides, cost per result.
  case lower
}

/// Which arm is best, by quadrature: no Monte Carlo, the same answer every time.
///
///     P(i best) = int f_i prod_{j != i} F_j dx,   loss_i = E[max X - X_i] = int F_i (1 - prod_{j != i} F_j) dx
///
/// The distribution functions are integrated from the densities on the same panels (Gauss-Legendre with 16 nodes),
/// which costs no incomplete beta function and holds for counts of any size; absolute error below 1e-12. Two Beta
/// posteriors take the short way of ``TwoArmPosterior``.
/// For bars in a report and for moving traffic. Not a test: it makes no promise about error rates.
public struct BestArm: Hashable, Sendable {
  /// The probability that each arm is the best; sums to 1.
  public let probabilities: [Double]
  /// What is expected to be lost by choosing each arm for good, in the metric's unit.
  public let expectedLosses: [Double]

  /// - Parameter preference: for `.lower` the best arm is the one with the lowest rate, and losses are E[X_i - min X].
  public init(_ posteriors: [BetaPosterior], preferring preference: Preference = .higher) {
    let posteriors = preference == .higher ? posteriors : posteriors.map(\.mirrored)
    guard posteriors.count == 2 else {
      self.init(byPanels: posteriors)
      return
    }
    let pair = TwoArmPosterior(posteriors[0], posteriors[1])
    self.init(
      probabilities: [1 - pair.probabilityOfB, pair.probabilityOfB],
      expectedLosses: [pair.expectedLossOfA, pair.expectedLossOfB])
  }

  private init(probabilities: [Double], expectedLosses: [Double]) {
    self.probabilities = probabilities
    self.expectedLosses = expectedLosses
  }

  /// For means, ratios and effects whose posteriors are normal.
  public init(normals: [NormalPosterior], preferring preference: Preference = .higher) {
    self.init(byPanels: preference == .higher ? normals : normals.map(\.mirrored))
  }

  init<Posterior: PosteriorDensity>(byPanels posteriors: [Posterior]) {
    guard posteriors.count > 1 else {
      probabilities = posteriors.map { _ in 1 }
      expectedLosses = posteriors.map { _ in 0 }
      return
    }
    let supports = posteriors.map(\.support)
    let edges = Self.panels(posteriors, supports)
    let distributions = zip(posteriors, supports).map { Distribution($0, support: $1, edges: edges) }
    let rule = GaussLegendre.sixteen
    var best = [Double](repeating: 0, count: posteriors.count)
    var losses = best
    for panel in 0..<(edges.count - 1) {
      let half = 0.5 * (edges[panel + 1] - edges[panel])
      for node in rule.nodes.indices {
        let at = panel * rule.nodes.count + node
        let weight = half * rule.weights[node]
        for arm in posteriors.indices {
          var others = 1.0
          for other in posteriors.indices where other != arm { others *= distributions[other].cdf[at] }
          best[arm] += weight * distributions[arm].density[at] * others
          losses[arm] += weight * distributions[arm].cdf[at] * (1 - others)
        }
      }
    }
    let sum = best.reduce(0, +)
    // Posteriors narrower than the spacing of numbers leave nothing to integrate: then nothing is known.
    probabilities = best.map { sum > 0 ? $0 / sum : 1 / Double(posteriors.count) }
    expectedLosses = losses.map { max(0, $0) }
  }

  /// Edges fine enough for every arm near its own mode, from the lowest support to the highest. Many arms close together
  /// need no more of them than one: none lies within half a deviation of the narrowest arm after another.
  private static func panels<Posterior: PosteriorDensity>(
    _ posteriors: [Posterior], _ supports: [ClosedRange<Double>]
  ) -> [Double] {
    var edges = supports.flatMap { [($0.lowerBound, isEnd: true), ($0.upperBound, isEnd: true)] }
    for (posterior, support) in zip(posteriors, supports) {
      for step in [0, 1, 2, 3, 4, 5.5, 7, 9, 12, 16, 22, 30, 40.0] {
        for edge in [
          posterior.mode - step * posterior.standardDeviation,
          posterior.mode + step * posterior.standardDeviation,
        ] where support.contains(edge) {
          edges.append((edge, isEnd: false))
        }
      }
    }
    let room = 0.5 * (posteriors.map(\.standardDeviation).min() ?? 0)
    return edges.sorted { $0.0 < $1.0 }.reduce(into: []) { kept, edge in
      // A density begins and ends at an edge.
      if edge.0 - (kept.last ?? -.infinity) > (edge.isEnd ? 0 : room) { kept.append(edge.0) }
    }
  }

  /// Density and distribution function of one arm at all nodes of all panels.
  private struct Distribution {
    var density: [Double] = []
    var cdf: [Double] = []

    init(_ posterior: some PosteriorDensity, support: ClosedRange<Double>, edges: [Double]) {
      let rule = GaussLegendre.sixteen
      let count = rule.nodes.count
      var below = 0.0
      for (low, high) in zip(edges, edges.dropFirst()) {
        let half = 0.5 * (high - low)
        guard low >= support.lowerBound, high <= support.upperBound else {
          density += repeatElement(0, count: count)
          cdf += repeatElement(below, count: count)
          continue
        }
        let values = rule.nodes.map { Double.exp(posterior.logRelativeDensity(low + half * ($0 + 1))) }
        density += values
        for row in rule.cumulative {
          cdf.append(below + half * zip(row, values).reduce(0) { $0 + $1.0 * $1.1 })
        }
        below += half * zip(rule.weights, values).reduce(0) { $0 + $1.0 * $1.1 }
      }
      guard below > 0 else { return }
      for index in density.indices {
        density[index] /= below
        cdf[index] = min(1, max(0, cdf[index] / below))
      }
    }
  }
}
