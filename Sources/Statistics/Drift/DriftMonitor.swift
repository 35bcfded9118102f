import RealModule

/// Watches a rate or a count, hour by hour, for a change that the season does not explain.
///
/// An ``EDetector`` over several sizes of change, with two additions that make its false-alarm rate hold against a
/// baseline that was learnt instead of known:
///
/// - The level is uncertain. One detector runs for each of 13 levels around the learnt one, and their statistics
///   are averaged with the levels' posterior probabilities given all hours so far. That is the e-process whose
///   denominator is the marginal likelihood under no change (a mixture over the nuisance on both sides, as Lindon
///   et al. 2022 do for location), so a level that is off by a percent or two is not taken for a change.
/// - Counts scatter more than Poisson, and the season's shape is off as well. The likelihood is tempered: ln e is
///   divided by ``SeasonalBaseline/predictiveDispersion`` (quasi-likelihood, McCullagh & Nelder, chapter 9).
///
/// Both directions share one threshold. Where a change began is told by ``FunctionalCUSUM`` at once and, with an
/// interval, by ``changeDate(expectedRunHours:)``.
public struct DriftMonitor: Sendable {
  /// A size of change to look for and its weight among all.
  public struct Alternative: Hashable, Sendable, Codable {
    public var ratio: Double
    public var weight: Double

    public init(ratio: Double, weight: Double) {
      self.ratio = ratio
      self.weight = weight
    }
  }

  /// What an hour led to.
  public struct Reading: Hashable, Sendable {
    public var hour: Int
    /// ln M; the alarm is at ``EDetector/FalseAlarms/logThreshold``.
    public var logStatistic: Double
    public var isAlarm: Bool
    /// What was wrong with the hour or the baseline; with ``DriftCondition/hoursMissing`` the hour was used.
    public var condition: DriftCondition?
  }

  /// The first hour at which a change is shown.
  public struct Alarm: Hashable, Sendable, Codable {
    public var hour: Int
    public var direction: FunctionalCUSUM.Direction
    public var logStatistic: Double
    /// The rate since the likeliest start, over the expected one.
    public var ratio: Double
    /// The first hour of the likeliest start.
    public var startHour: Int
  }

  /// Small changes weigh most, for with them every hour counts; falls more than rises.
  public static let alternatives = [
    Alternative(ratio: 0.9, weight: 0.35), Alternative(ratio: 0.8, weight: 0.25),
    Alternative(ratio: 0.6, weight: 0.1), Alternative(ratio: 1.1, weight: 0.15),
    Alternative(ratio: 1.25, weight: 0.1), Alternative(ratio: 1.6, weight: 0.05),
  ]

  public let baseline: SeasonalBaseline
  public let falseAlarms: EDetector.FalseAlarms
  public private(set) var alarm: Alarm?
  /// Hours by what was wrong with them.
  public private(set) var conditions: [DriftCondition: Int] = [:]
  public private(set) var observations: [ChangeObservation] = []

  private let kind: EDetector.Kind
  private let alternatives: [Alternative]
  private let logRatios: [Double]
  private let weights: [Double]
  /// What the likelihood is raised to.
  private let tempering: Double
  /// A little below which no alarm is raised, whatever the level.
  private let threshold: Double
  /// One lane a level: factors on the learnt level, their logarithms, and ln of their probabilities up to what they have in
  /// common. Thirteen lanes are used.
  private let levels: SIMD16<Double>
  private let logLevels: SIMD16<Double>
  private var logBelief: SIMD16<Double>
  /// M by alternative.
  private var statistics: [SIMD16<Double>]
  private var lastHour: Int?
  private var rise = FunctionalCUSUM(direction: .rise)
  private var fall = FunctionalCUSUM(direction: .fall)

  /// - Parameters:
  ///   - falseAlarms: by default at most one in twenty within ten weeks.
  ///   - alternatives: positive ratios other than 1 with positive weights.
  public init(
    baseline: SeasonalBaseline,
    falseAlarms: EDetector.FalseAlarms = .probability(0.05, withinHours: 1680),
    kind: EDetector.Kind = .shiryaevRoberts, alternatives: [Alternative] = DriftMonitor.alternatives
  ) {
    precondition(
      !alternatives.isEmpty && alternatives.allSatisfy { $0.ratio > 0 && $0.ratio != 1 && $0.weight > 0 },
      "alternatives are positive ratios other than 1 with positive weights")
    self.baseline = baseline
    self.falseAlarms = falseAlarms
    threshold = .exp(falseAlarms.logThreshold) * (1 - 1e-9)
    self.kind = kind
    self.alternatives = alternatives
    let sum = alternatives.reduce(0) { $0 + $1.weight }
    logRatios = alternatives.map { .log($0.ratio) }
    weights = alternatives.map { $0.weight / sum }
    let precision = max(1, Double(baseline.events) / baseline.dispersion)
    tempering = 1 / baseline.predictiveDispersion
    var nodes = SIMD16<Double>.zero
    var logBelief = SIMD16<Double>(repeating: -.infinity)
    for level in 0..<13 {
      nodes[level] = 3.5 * Double(level - 6) / 6
      logBelief[level] = -0.5 * nodes[level] * nodes[level]
    }
    logLevels = nodes / precision.squareRoot()
    levels = exponential(logLevels)
    self.logBelief = logBelief
    statistics = alternatives.map { _ in .zero }
  }

  /// Takes the next hour and tells where things stand.
  @discardableResult
  public mutating func observe(_ item: HourlyCount) -> Reading {
    let condition = take(item)
    return Reading(hour: item.hour, logStatistic: logStatistic, isAlarm: alarm != nil, condition: condition)
  }

  /// Takes the next hour.
  /// - Returns: what was wrong with it.
  @discardableResult
  public mutating func take(_ item: HourlyCount) -> DriftCondition? {
    var condition = problem(with: item)
    if let condition {
      conditions[condition, default: 0] += 1
      return condition
    }
    if let lastHour, item.hour - lastHour > 1 {
      conditions[.hoursMissing, default: 0] += item.hour - lastHour - 1
      condition = .hoursMissing
    }
    lastHour = item.hour
    let expected = baseline.expected(hour: item.hour, trials: item.trials)
    let count = Double(item.count)
    observations.append(ChangeObservation(hour: item.hour, count: count, expected: expected))
    update(count: count, expected: expected)
    rise.update(count: count, expected: expected)
    fall.update(count: count, expected: expected)
    // Whatever the levels' probabilities are, their average is no larger than the largest.
    if alarm == nil, averaged({ _ in true }).max() >= threshold, logStatistic >= falseAlarms.logThreshold {
      raise(at: item.hour, logStatistic)
    }
    return condition
  }

  private func problem(with item: HourlyCount) -> DriftCondition? {
    if let condition = baseline.condition { return condition }
    guard item.isPossible, (item.trials != nil) == baseline.isRate else { return .impossibleCounts }
    if let lastHour, item.hour <= lastHour { return .clockWentBack }
    return item.exposure > 0 ? nil : .noTrials
  }

  /// On the plain scale, a logarithm for every hour, level and alternative being most of the time otherwise. Statistics
  /// beyond 1e250 stay there: the alarm was raised long before.
  private mutating func update(count: Double, expected: Double) {
    let isSum = kind == .shiryaevRoberts
    for index in alternatives.indices {
      let gain = count * logRatios[index] * tempering
      let loss = expected * (alternatives[index].ratio - 1) * tempering
      let before = statistics[index]
      let entered = isSum ? before + 1 : before.replacing(with: 1, where: before .< 1)
      let after = exponential(gain - loss * levels) * entered
      statistics[index] = after.replacing(with: 1e250, where: after .> 1e250)
    }
    // Against the learnt level, so that only what differs between levels is left.
    logBelief += (count * logLevels - expected * (levels - 1)) * tempering
  }

  private static func probabilities(_ logs: SIMD16<Double>) -> SIMD16<Double> {
    let relative = exponential(logs - logs.max())
    return relative / relative.sum()
  }

  /// ln M, averaged over levels and alternatives.
  public var logStatistic: Double { logStatistic { _ in true } }

  private func logStatistic(where isIncluded: (Alternative) -> Bool) -> Double {
    .log((Self.probabilities(logBelief) * averaged(isIncluded)).sum())
  }

  /// M averaged over alternatives, a lane a level.
  private func averaged(_ isIncluded: (Alternative) -> Bool) -> SIMD16<Double> {
    var sum = SIMD16<Double>.zero
    for (index, alternative) in alternatives.enumerated() where isIncluded(alternative) {
      sum += weights[index] * statistics[index]
    }
    return sum
  }

  private mutating func raise(at hour: Int, _ statistic: Double) {
    let isFall = logStatistic { $0.ratio < 1 } >= logStatistic { $0.ratio > 1 }
    let change = isFall ? fall.change : rise.change
    alarm = Alarm(
      hour: hour, direction: isFall ? .fall : .rise, logStatistic: statistic, ratio: change?.ratio ?? 1,
      startHour: change.map { observations[$0.start].hour } ?? hour)
  }

  /// When it began, with an interval: ``ChangeDate`` over all hours observed.
  public func changeDate(expectedRunHours: Double = 2000) -> ChangeDate? {
    ChangeDate(
      observations, dispersion: baseline.predictiveDispersion,
      eventsBehindBaseline: Double(baseline.events), expectedRunHours: expectedRunHours)
  }
}
