import RealModule

/// What an experiment needs to tell a better version's rate from the others': units an arm when it is looked at once,
/// and when it is looked at whenever one likes.
public struct ExperimentPlan: Hashable, Sendable, Codable {
  /// Of what, how surely, and with how much traffic.
  public struct Demand: Hashable, Sendable, Codable {
    /// Rate of the versions that do no better.
    public var baseline: Double
    /// What the better version does more, relative: 0.1 is a tenth. Above 0.
    public var lift: Double
    /// Arms that share the traffic evenly; alpha is split over their pairs.
    public var arms: Int
    public var alpha: Double
    public var power: Double
    /// Units that enter the experiment a day, over all arms; nil: not known.
    public var unitsPerDay: Double?

    public init(
      baseline: Double, lift: Double, arms: Int = 2, alpha: Double = 0.05, power: Double = 0.8,
      unitsPerDay: Double? = nil
    ) {
      self.baseline = baseline
      self.lift = lift
      self.arms = arms
      self.alpha = alpha
      self.power = power
      self.unitsPerDay = unitsPerDay
    }

    public var target: Double { baseline * (1 + lift) }
    /// Of one pair.
    var pairAlpha: Double { alpha / Double(arms * (arms - 1) / 2) }
  }

  /// Units each arm needs, and what that takes at the demanded traffic.
  public struct Need: Hashable, Sendable, Codable {
    /// A whole number, at least 1.
    public let unitsPerArm: Double
    /// Above 0; nil without traffic to count on.
    public let days: Double?

    init(unitsPerArm: Double, _ demand: Demand) {
      let whole = max(1, unitsPerArm.rounded(.up))
      self.unitsPerArm = whole
      days = demand.unitsPerDay.map { whole * Double(demand.arms) / $0 }
    }
  }

  public let demand: Demand
  /// One look, decided beforehand (Fleiss et al., see ``FixedHorizonPower``).
  public let oneLook: Need
  /// Looks at any time: by when as likely as not, on average, with the demanded power, and in 19 of 20.
  public let half: Need
  public let average: Need
  public let demanded: Need
  public let nearlySure: Need
  /// Units over all arms that an ``AsymptoticConfidenceSequence`` is to be planned for, with
  /// ``AsymptoticConfidenceSequence/Design/plannedEffect``.
  public let plannedSize: Double

  /// Successes and failures an arm has before anything is claimed of it.
  static let minimumEvents = 20.0

  /// - Throws: ``PlanningProblem``.
  public init(_ demand: Demand) throws(PlanningProblem) {
    try PlanningProblem.check(rates: [demand.baseline])
    guard demand.lift.isFinite, demand.arms > 1 else { throw .impossibleDemand }
    guard demand.lift > 0 else { throw demand.lift == 0 ? .noEffect : .impossibleLift }
    guard demand.target < 1 else { throw .impossibleTarget }
    try PlanningProblem.check(alpha: demand.alpha, power: demand.power, ratio: 1)
    if let perDay = demand.unitsPerDay, !(perDay > 0 && perDay.isFinite) { throw .noUnits }
    let arms = Double(demand.arms)
    let alpha = demand.pairAlpha
    let fixed = try FixedHorizonPower.units(
      baseline: demand.baseline, target: demand.target, alpha: alpha, power: demand.power)
    // Of rates near 0 or 1 the burn-in takes longest.
    let burnIn =
      Self.minimumEvents / min(demand.baseline, 1 - demand.baseline, demand.target, 1 - demand.target)
    func need(_ units: Double) -> Need { Need(unitsPerArm: max(units, burnIn), demand) }

    // Of a planned effect the mixture takes four in five, whatever power is demanded here.
    let plannedSize =
      arms
      * (try FixedHorizonPower.units(baseline: demand.baseline, target: demand.target, alpha: alpha))
    let sequential = try SequentialPower(
      sequence: AsymptoticConfidenceSequence(alpha: alpha, plannedSize: plannedSize, design: .plannedEffect),
      baseline: demand.baseline, target: demand.target, shares: (1 / arms, 1 / arms))
    let nearlySure = try sequential.units(power: 0.95)
    self.demand = demand
    self.plannedSize = max(plannedSize, arms * burnIn).rounded(.up)
    oneLook = need(fixed)
    half = need(try sequential.units(power: 0.5) / arms)
    // By four times that nearly nobody is left.
    average = need(try sequential.expectedUnits(limit: 4 * nearlySure) / arms)
    demanded = need(try sequential.units(power: demand.power) / arms)
    self.nearlySure = need(nearlySure / arms)
  }
}

/// What a given traffic can show.
public struct TrafficPlan: Hashable, Sendable, Codable {
  public let baseline: Double
  public let unitsPerArm: Double
  /// The smallest lift, relative, that one look at the end finds with the demanded power.
  public let oneLookLift: Double
  /// The smallest that looks at any time until then find with it.
  public let lift: Double

  /// - Parameters:
  ///   - demand: its `lift` is not used.
  ///   - days: of traffic; `demand.unitsPerDay` must be known.
  /// - Throws: ``PlanningProblem``; ``PlanningProblem/needsMoreTraffic`` when not even the largest lift would show.
  public init(_ demand: ExperimentPlan.Demand, days: Double) throws(PlanningProblem) {
    try PlanningProblem.check(rates: [demand.baseline])
    guard demand.arms > 1 else { throw .impossibleDemand }
    guard let perDay = demand.unitsPerDay, perDay > 0, perDay.isFinite, days > 0, days.isFinite else {
      throw .noUnits
    }
    let units = perDay * days
    let arms = Double(demand.arms)
    let baseline = demand.baseline
    guard units / arms * min(baseline, 1 - baseline) >= ExperimentPlan.minimumEvents else {
      throw .needsMoreTraffic
    }
    let sequence = AsymptoticConfidenceSequence(
      alpha: demand.pairAlpha, plannedSize: units / 2, design: .plannedEffect)
    var effect = 0.0
    // The better arm's variance depends on how much better it is.
    for _ in 0..<4 {
      let target = min(baseline + effect, 1)
      effect = try SequentialPower.minimumDetectableEffect(
        sequence: sequence,
        variancePerUnit: (baseline * (1 - baseline) + target * (1 - target)) * arms, units: units,
        power: demand.power)
    }
    guard baseline + effect < 1 else { throw .needsMoreTraffic }
    self.baseline = baseline
    unitsPerArm = (units / arms).rounded(.down)
    oneLookLift =
      try FixedHorizonPower.minimumDetectableEffect(
        baseline: baseline, units: units / arms, alpha: demand.pairAlpha, power: demand.power) / baseline
    lift = effect / baseline
  }
}
