import Foundation
import Statistics
import Testing

/// Figures by mpmath 1.4 at 30 digits from Miettinen & Nurminen's closed form, checked against a numerical search for
/// the likeliest rates (scipy 1.17).
@Suite struct ScoreIntervalTests {
  let a = BinomialCounts(480, 10_000)
  let b = BinomialCounts(540, 10_000)

  @Test func `the score interval gives Miettinen and Nurminen's figures`() throws {
    let score = try #require(FixedHorizon.score(a, b))
    #expect(isClose(score.low, -0.000098223302173274256, within: 1e-9))
    #expect(isClose(score.high, 0.012115041662351322824, within: 1e-9))
  }

  /// statsmodels 0.14 (`confint_proportions_2indep(method="score")`) gives -9.8223027754e-05 and 0.0121113886077 for
  /// the same counts: its cubic's linear coefficient has the reference arm's successes times the difference where
  /// Miettinen & Nurminen have its trials. Ours differ from those figures for that reason and no other.
  @Test func `the figures of statsmodels follow from its slip in the cubic`() {
    func statistic(_ d: Double, coefficient: Double) -> Double {
      let (x0, n0, x1, n1) = (480.0, 10_000.0, 540.0, 10_000.0)
      let (n, x) = (n0 + n1, x0 + x1)
      let (c2, c1, c0) = (
        (n1 + 2 * n0) * d - n - x, (coefficient * d - n - 2 * x0) * d + x, x0 * d * (1 - d)
      )
      let q = pow(c2 / (3 * n), 3) - c1 * c2 / (6 * n * n) + c0 / (2 * n)
      let p = (q < 0 ? -1 : 1) * (pow(c2 / (3 * n), 2) - c1 / (3 * n)).squareRoot()
      let p0 = 2 * p * cos((Double.pi + acos(q / (p * p * p))) / 3) - c2 / (3 * n)
      let p1 = p0 + d
      return (0.006 - d) / ((p1 * (1 - p1) / n1 + p0 * (1 - p0) / n0) * n / (n - 1)).squareRoot()
    }
    let z = 1.959963984540054
    #expect(isClose(statistic(-9.8223027754e-05, coefficient: 480), z, within: 1e-8))
    #expect(isClose(statistic(0.0121113886077, coefficient: 480), -z, within: 1e-8))
    #expect(isClose(statistic(-0.000098223302173274256, coefficient: 10_000), z, within: 1e-8))
    #expect(isClose(statistic(0.012115041662351323, coefficient: 10_000), -z, within: 1e-8))
  }

  @Test func `the score interval needs no special case for zero or full counts`() throws {
    let nothing = try #require(FixedHorizon.score(BinomialCounts(0, 20), BinomialCounts(0, 30)))
    #expect(nothing.low < 0 && nothing.low > -0.3 && nothing.high > 0 && nothing.high < 0.3)
    let all = try #require(FixedHorizon.score(BinomialCounts(0, 20), BinomialCounts(30, 30)))
    #expect(all.low > 0.6 && all.high > 0.999)
    let huge = BinomialCounts(50_000_000_000, 1_000_000_000_000)
    let tight = try #require(FixedHorizon.score(huge, huge))
    #expect(isClose(tight.high, 1.959963984540054 * (2 * 0.05 * 0.95 / 1e12).squareRoot(), within: 1e-5))
    #expect(FixedHorizon.score(BinomialCounts(5, 3), a) == nil)
    #expect(FixedHorizon.score(.zero, a) == nil)
  }
}
