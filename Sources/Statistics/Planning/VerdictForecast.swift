import RealModule

/// When a running experiment is likely to come to a verdict at today's traffic. Every answer is a case of its own:
/// there is no "0 days" that might mean done, never or unknown.
public enum VerdictForecast: Hashable, Sendable {
  /// The interval already excludes zero.
  case reached
  /// More days at today's traffic: as likely as not by `half`, with the demanded power by `sure`. Days, above 0.
  case days(half: Double, sure: Double)
  /// Not within the horizon: the days it would take (nil: beyond ten thousand years), and the smallest difference
  /// that the traffic within the horizon would show.
  case needsMoreTraffic(days: Double?, detectable: Double)
  /// Nobody is shown the arms.
  case noTraffic
  /// The arms do as well as each other; there is nothing to wait for.
  case noDifference
  /// The figures allow no forecast.
  case invalid(DataCondition)

  /// What is taken for true.
  public enum Assumption: Hashable, Sendable, Codable {
    /// The difference seen so far. Early on it is mostly chance, so this is a guess.
    case observed
    /// A difference worth knowing of, in rate.
    case difference(Double)
  }

  /// - Parameters:
  ///   - shares: of both arms in the traffic.
  ///   - unitsPerDay: that enter the experiment, all arms together.
  ///   - assuming: the sign of a given difference is the observed one's.
  public init(
    a: BinomialCounts, b: BinomialCounts, sequence: AsymptoticConfidenceSequence, unitsPerDay: Double,
    shares: (a: Double, b: Double) = (0.5, 0.5), assuming assumption: Assumption = .observed,
    power: Double = 0.8, horizonDays: Double = 90
  ) {
    precondition(power > 0 && power < 1 && horizonDays > 0, "power lies between 0 and 1, the horizon above 0")
    precondition(shares.a > 0 && shares.b > 0, "both arms need a share")
    if let condition = a.condition ?? b.condition {
      self = .invalid(condition)
      return
    }
    let plan = TwoArmAnalysis.Plan(sequence: sequence, shares: shares)
    if TwoArmAnalysis(a, b, plan: plan).difference.excludesZero {
      self = .reached
      return
    }
    guard unitsPerDay > 0, unitsPerDay.isFinite else {
      self = .noTraffic
      return
    }
    let observed = b.rate - a.rate
    let effect: Double =
      switch assumption {
      case .observed: abs(observed)
      case .difference(let difference): abs(difference)
      }
    let variance = a.rate * (1 - a.rate) / shares.a + b.rate * (1 - b.rate) / shares.b
    guard variance > 0 else {
      self = .invalid(.noVariance)
      return
    }
    let units = Double(a.trials + b.trials) / (shares.a + shares.b)
    let deviation = variance.squareRoot()
    var crossing = BoundaryCrossing(sequence: sequence, drift: effect / deviation)
    crossing.start = (units, abs(observed) * units / deviation)
    // Rates too rare for a claim may lie past the boundary already; they wait a quarter of a deviation below it.
    crossing.start.place = min(
      crossing.start.place, crossing.boundary(crossing.start.time) - 0.25 * units.squareRoot())
    self = Self.forecast(
      crossing, unitsPerDay: unitsPerDay, power: power, horizonDays: horizonDays,
      detectable: {
        SequentialPower.detectable(
          sequence, variancePerUnit: variance, units: units + horizonDays * unitsPerDay, power: power)
      })
  }

  private static func forecast(
    _ crossing: BoundaryCrossing, unitsPerDay: Double, power: Double, horizonDays: Double,
    detectable: () -> Double
  ) -> Self {
    guard crossing.drift > 0 else { return .noDifference }
    let now = crossing.start.time
    func days(_ probability: Double, within limit: Double) -> Double? {
      crossing.time(passedWith: probability, limit: now + limit * unitsPerDay).map {
        ($0 - now) / unitsPerDay
      }
    }
    if let sure = days(power, within: horizonDays) {
      return .days(half: days(min(0.5, power), within: horizonDays) ?? sure, sure: sure)
    }
    return .needsMoreTraffic(days: days(power, within: 3_650_000), detectable: detectable())
  }
}
