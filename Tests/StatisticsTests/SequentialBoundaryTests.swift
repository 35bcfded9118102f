import Foundation
import Statistics
import StatisticsSimulation
import Testing

/// v = v_opt = 100 at alpha 0.05: confseq's figures, to the digits it was printed with; all other figures: mpmath 1.3 at
/// 40 digits from the paper's integrals.
@Suite struct SequentialBoundaryTests {
  @Test func `the boundaries agree with confseq`() throws {
    let normal = try #require(UniformBoundary.normalMixture(100, tunedAt: 100, sides: .one))
    #expect(
      isClose(normal, 27.66070883067320134, within: 1e-12) && isClose(normal, 27.6607088307, within: 1e-11))
    let both = try #require(UniformBoundary.normalMixture(100, tunedAt: 100))
    #expect(isClose(both, 30.3520899038, within: 1e-11))
    let beta = try #require(UniformBoundary.betaBinomial(100, tunedAt: 100, g: 0.5, h: 0.5))
    #expect(isClose(beta, 27.6108691396533343, within: 1e-10) && isClose(beta, 27.6108691397, within: 1e-11))
    let exponential = try #require(UniformBoundary.gammaExponential(100, tunedAt: 100, c: 1))
    #expect(isClose(exponential, 30.2381296200708407, within: 1e-11))
    #expect(isClose(exponential, 30.2381296201, within: 1e-11))
    let poisson = try #require(UniformBoundary.gammaPoisson(100, tunedAt: 100, c: 1))
    #expect(isClose(poisson, 28.9532670325, within: 1e-11))
    let stitched = try #require(UniformBoundary.stitched(100, minimumTime: 10))
    #expect(isClose(stitched, 35.6804902989, within: 1e-11))
  }

  @Test func `the boundaries agree with the paper's integrals away from their tuning and at other scales`()
    throws
  {
    #expect(
      isClose(
        try #require(UniformBoundary.normalMixture(1000, tunedAt: 100, sides: .one)), 94.3939161693412988,
        within: 1e-12))
    #expect(
      isClose(
        try #require(UniformBoundary.betaBinomial(200, tunedAt: 50, g: 0.2, h: 0.8)), 41.2897640864595718,
        within: 1e-10))
    #expect(
      isClose(
        try #require(UniformBoundary.betaBinomial(200, tunedAt: 50, g: 0.2, h: 0.8, sides: .two)),
        45.5163888802270803, within: 1e-10))
    #expect(
      isClose(
        try #require(UniformBoundary.gammaExponential(500, tunedAt: 100, c: 2)), 71.4760148870965097,
        within: 1e-10))
    #expect(
      isClose(
        try #require(UniformBoundary.gammaPoisson(500, tunedAt: 100, c: 2)), 67.2017600394314957,
        within: 1e-10)
    )
    #expect(
      isClose(
        try #require(UniformBoundary.stitched(1000, minimumTime: 10, c: 2, s: 1.2, eta: 3)),
        139.764882826019954, within: 1e-9))
  }

  @Test func `at a million millions every boundary is finite and near the normal one`() throws {
    let v = 1e12
    let normal = try #require(UniformBoundary.normalMixture(v, tunedAt: v, sides: .one))
    let others = [
      UniformBoundary.betaBinomial(v, tunedAt: v, g: 0.5, h: 0.5),
      UniformBoundary.gammaExponential(v, tunedAt: v, c: 1),
      UniformBoundary.gammaPoisson(v, tunedAt: v, c: 1),
    ]
    for other in others { #expect(isClose(try #require(other), normal, within: 1e-4)) }
  }

  @Test func `no time and no line are named by nothing`() {
    for v in [-1, .nan, .infinity] {
      #expect(UniformBoundary.normalMixture(v, tunedAt: 100) == nil)
      #expect(UniformBoundary.gammaPoisson(v, tunedAt: 100, c: 1) == nil)
      #expect(UniformBoundary.betaBinomial(v, tunedAt: 100, g: 1, h: 1) == nil)
      #expect(UniformBoundary.stitched(v, minimumTime: 10) == nil)
    }
    // Four steps of at most 1/2 cannot be evidence at one in twenty.
    #expect(UniformBoundary.betaBinomial(1, tunedAt: 100, g: 0.5, h: 0.5) == nil)
  }

  @Test func `a walk looked at a thousand times crosses the one-sided line in at most alpha`() throws {
    var randomness = SplitMix64(seed: 111)
    let line = try (1...1000).map {
      try #require(UniformBoundary.normalMixture(Double($0), tunedAt: 300, sides: .one))
    }
    var crossed = 0
    for _ in 0..<300 {
      var sum = 0.0
      for bound in line {
        sum += randomness.normal()
        if sum >= bound {
          crossed += 1
          break
        }
      }
    }
    #expect(Double(crossed) / 300 <= 0.05)
  }
}
