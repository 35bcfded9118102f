/// One arm's mean or ratio averaged over strata, with what its interval needs.
struct StandardisedMetric {
  /// Averaged numerator over averaged denominator; 0 where the denominator is.
  var value = 0.0
  /// Variance of ``value`` by the delta method: that of y - value x over the squared mean of x (Deng, Knoblich & Lu,
  /// "Applying the delta method in metric analytics", KDD 2018, equation 4).
  var variance = 0.0
  /// Variance per unit if all traffic had been split as at launch.
  var designVariance = 0.0
  var effectiveUnits = 0.0
  var effectiveEvents = 0.0
  var count: Int64 = 0
  var hasDenominator = false

  init(_ strata: Strata<BivariateMoments>, arm: Int) {
    var x = 0.0
    var y = 0.0
    var squaredWeights = 0.0
    var squaredY = 0.0
    for stratum in strata.strata {
      let moments = stratum.arms[arm]
      let n = Double(moments.count)
      x += stratum.weight * moments.meanX
      y += stratum.weight * moments.meanY
      squaredWeights += stratum.weight * stratum.weight / n
      squaredY += stratum.weight * stratum.weight / n * (moments.y.variance + moments.meanY * moments.meanY)
      count += moments.count
    }
    guard squaredWeights > 0 else { return }
    effectiveUnits = 1 / squaredWeights
    effectiveEvents = squaredY > 0 ? y * y / squaredY : 0
    guard x > 0 else { return }
    hasDenominator = true
    value = y / x
    addVariance(strata, arm: arm, meanX: x)
  }

  /// A stratum of few units would understate its own variance, so its leans on the average with fifty units' weight.
  /// Every stratum's deviations are from its own mean: k strata lose k - 1 degrees of freedom beside one stratum, a
  /// tenth of the variance where a starved arm gets ten units a day. With one stratum this changes nothing.
  private mutating func addVariance(_ strata: Strata<BivariateMoments>, arm: Int, meanX: Double) {
    let leaning = 50.0
    let units = strata.strata.map { Double($0.arms[arm].count) }
    let squares = zip(strata.strata, units).map { stratum, units in
      units * stratum.arms[arm].residualVariance(slope: value) / (meanX * meanX)
    }
    let lost = Double(units.count - 1)
    let average = squares.reduce(0, +) / max(1, units.reduce(0, +) - lost)
    for (index, stratum) in strata.strata.enumerated() {
      let degrees = units[index] - lost / Double(units.count)
      let own = (squares[index] + leaning * average) / (degrees + leaning)
      variance += stratum.weight * stratum.weight * own / units[index]
      designVariance += stratum.weight * own / strata.launchShares[arm]
    }
  }
}
