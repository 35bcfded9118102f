import RealModule

/// What Stirling's formula leaves of ln Gamma(x): ln Gamma(x) - [ (x - 1/2) ln x - x + ln(2 pi) / 2 ].
///
/// Differences of ln Gamma at counts of 1e12 lose all their digits; with the formula's large terms cancelled by hand
/// and only this remainder added, none is lost. Series: NIST DLMF 5.11.1.
enum Stirling {
  static let halfLogTwoPi = 0.5 * Double.log(2 * .pi)

  static func remainder(_ x: Double) -> Double {
    guard x < 12 else {
      let y = 1 / (x * x)
      return (1 / 12.0 - y * (1 / 360.0 - y * (1 / 1260.0 - y * (1 / 1680.0 - y / 1188)))) / x
    }
    return .logGamma(x) - ((x - 0.5) * .log(x) - x + halfLogTwoPi)
  }

  /// (1 + d) ln(1 + d) - d, the Poisson distance, without cancellation near 0; 1 at d = -1.
  static func excess(_ d: Double) -> Double {
    if d <= -1 { return 1 }
    guard abs(d) < 0.05 else { return (1 + d) * .log(onePlus: d) - d }
    // sum over k >= 2 of (-d)^k / (k (k - 1)).
    var power = d * d
    var sum = 0.0
    for k in 2..<20 {
      let k = Double(k)
      sum += power / (k * (k - 1))
      power *= -d
    }
    return sum
  }

  /// d - ln(1 + d), without cancellation near 0.
  static func shortfall(_ d: Double) -> Double {
    guard abs(d) < 0.05 else { return d - .log(onePlus: d) }
    var power = d * d
    var sum = 0.0
    for k in 2..<20 {
      sum += power / Double(k)
      power *= -d
    }
    return sum
  }
}
