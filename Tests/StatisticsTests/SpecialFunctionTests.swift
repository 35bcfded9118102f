import Statistics
import Testing

/// Expected figures: mpmath 1.3 at 40 digits; ln-quantiles scipy 1.17.1 `special.ndtri_exp`,
/// the farthest mpmath (scipy is off in the tenth digit there).
@Suite struct SpecialFunctionTests {
  @Test(
    "The normal distribution function agrees with mpmath",
    arguments: [(-1.96, 0.024997895148220434), (-8, 6.2209605742717841e-16), (0.3, 0.61791142218895264)])
  func normalCDF(z: Double, p: Double) {
    #expect(isClose(Normal.cdf(z), p, within: 1e-14))
    #expect(isClose(Normal.survival(-z), p, within: 1e-14))
  }

  @Test(
    "The logarithm of the normal distribution function agrees with mpmath far into the tails",
    arguments: [
      (-1, -1.8410216450092635), (-5, -15.064998393988726), (-10, -53.231285150512471),
      (-40, -804.60844201375379), (-1000, -500007.82669481218), (2, -0.023012909328963488),
      (9, -1.1285884059538406e-19),
    ])
  func normalLogCDF(z: Double, logP: Double) {
    #expect(isClose(Normal.logCDF(z), logP, within: 1e-14))
  }

  @Test(
    "Normal quantiles agree with mpmath",
    arguments: [
      (0.975, 1.9599639845400542), (0.025, -1.9599639845400542), (0.5, 0), (1e-10, -6.3613409024040562),
      (0.9999, 3.7190164854556805), (0.3, -0.52440051270804079),
    ])
  func normalQuantile(p: Double, z: Double) {
    #expect(isClose(Normal.quantile(p), z, within: 1e-13))
  }

  @Test(
    "Normal quantiles of probabilities no number can hold agree with scipy and mpmath",
    arguments: [
      (-690.7755278982137, -37.0470962993612), (-5000, -99.94474817484121), (-1e6, -1414.207782991017327),
    ])
  func normalLogQuantile(logP: Double, z: Double) {
    #expect(isClose(Normal.quantile(logProbability: logP), z, within: 1e-13))
  }

  @Test(
    "Chi-square tails agree with mpmath",
    arguments: [
      (3.841458820694124, 1, 0.05), (0.5, 5, 0.99212329323262959),
      (150, 7, 4.0598800327763293e-29), (90, 100, 0.75319796559982973),
    ])
  func chiSquare(x: Double, degrees: Double, p: Double) {
    #expect(isClose(ChiSquare.survival(x, degreesOfFreedom: degrees), p, within: 1e-12))
  }

  @Test func `chi-square tails below the smallest number keep their logarithm`() {
    #expect(isClose(ChiSquare.logSurvival(2000, degreesOfFreedom: 3), -996.42484049733325, within: 1e-14))
    #expect(isClose(ChiSquare.logSurvival(1e5, degreesOfFreedom: 1), -50005.982264084880, within: 1e-14))
  }

  @Test(
    "The incomplete beta function agrees with mpmath",
    arguments: [
      (2, 3, 0.4, 0.5248), (481, 9521, 0.05, 0.81478454539113969), (0.5, 0.5, 0.1, 0.20483276469913345),
      (1000, 2, 0.999, 0.73539084954192809), (30, 30, 0.1, 3.1056495720555954e-15),
    ])
  func incompleteBeta(a: Double, b: Double, x: Double, value: Double) {
    #expect(isClose(IncompleteBeta.regularised(a, b, x), value, within: 1e-11))
    #expect(abs(IncompleteBeta.regularised(b, a, 1 - x) - (1 - value)) < 1e-11)
  }

  @Test(
    "Critical values of Student's t agree with mpmath",
    arguments: [
      (0.05, 6, 2.44691185114496997), (0.01, 3, 5.84090930973335726), (0.8, 12, 0.259032745676887064),
      (0.05, 1e6, 1.95996635681410704),
    ])
  func studentT(alpha: Double, degrees: Double, t: Double) {
    #expect(isClose(StudentT.criticalValue(alpha: alpha, degreesOfFreedom: degrees), t, within: 1e-10))
  }
}
