/// One day of a variant and of the others shown beside it.
public struct ContrastDay: Hashable, Sendable, Codable {
  public var variant: BinomialCounts
  /// The same arms in the same order on every day; an arm not shown has no trials.
  public var others: [BinomialCounts]

  public init(variant: BinomialCounts, others: [BinomialCounts]) {
    self.variant = variant
    self.others = others
  }
}

/// Whether a variant wears out: how its standing against the versions shown beside it has changed between a fresh
/// and a recent period.
///
///     change = ln (variant / others) recent - ln (variant / others) fresh
///
/// A market that rises or falls moves both sides of each day's contrast alike and drops out; only what the
/// variant loses against the others stays. The others are mixed with the same weights on all days (``ArmMix``),
/// so traffic moving between them does not look like fatigue; arms absent on more than a fifth of the variant's
/// days are left out. Variance by the delta method, inflated by the over-dispersion seen between days when that
/// is above 1, with Student's t for its being an estimate.
///
/// One look at level alpha: for repeated looks take alpha from ``AlphaSpending``. The fresh period must not be the
/// one in which the variant was chosen for doing well, or its return to the mean will be taken for fatigue.
public struct ChangeInContrast: Hashable, Sendable {
  /// On the log scale; -0.2 is a loss of 18 % against the others. Nil with a ``condition``.
  public let interval: IntervalEstimate?
  public let condition: EstimateCondition?
  /// Variance between days over what chance alone gives; at least 1.
  public let dispersion: Double

  public init(
    fresh: [ContrastDay], recent: [ContrastDay], alpha: Double = 0.05, minimumEvents: Int64 = 20
  ) {
    let result = Self.analyse(fresh, recent, alpha, minimumEvents)
    interval = result.interval
    condition = result.condition
    dispersion = result.dispersion
  }

  private static func analyse(
    _ fresh: [ContrastDay], _ recent: [ContrastDay], _ alpha: Double, _ minimumEvents: Int64
  ) -> (interval: IntervalEstimate?, condition: EstimateCondition?, dispersion: Double) {
    let all = fresh + recent
    guard all.allSatisfy({ $0.variant.isPossible && $0.others.allSatisfy(\.isPossible) }) else {
      return (nil, .impossibleCounts, 1)
    }
    let arms = all.map(\.others.count).min() ?? 0
    let shown = [fresh, recent].map { $0.filter { $0.variant.trials > 0 } }
    let lasting = (0..<arms).filter { arm in
      shown.allSatisfy { days in
        !days.isEmpty && days.count { $0.others[arm].trials > 0 } * 5 >= days.count * 4
      }
    }
    guard !lasting.isEmpty else { return (nil, .noOverlap, 1) }
    let periods = shown.map { days in
      days.filter { day in lasting.allSatisfy { day.others[$0].trials > 0 } }
    }
    guard periods.allSatisfy({ $0.count >= 2 }) else { return (nil, .tooFewDays, 1) }
    let totals = lasting.map { arm in periods.joined().map { $0.others[arm] }.total() }
    let mix = ArmMix(totals: totals)

    var ratios: [PairedRatio] = []
    var sampleSize: Int64 = 0
    for period in periods {
      let variant = period.map(\.variant).total()
      let others = period.flatMap { day in lasting.map { day.others[$0] } }.total()
      guard min(variant.successes, others.successes) >= minimumEvents,
        min(variant.trials - variant.successes, others.trials - others.successes) >= minimumEvents
      else { return (nil, .burnIn, 1) }
      sampleSize += variant.trials + others.trials
      let spread = variant.rate * (1 - variant.rate)
      let days = period.compactMap { day -> PairedRatio.Day? in
        guard let others = mix.day(lasting.map { day.others[$0] }) else { return nil }
        return PairedRatio.Day(
          x: day.variant.rate, varianceX: spread / Double(day.variant.trials), y: others.rate,
          varianceY: others.variance)
      }
      guard days.count >= 2, let ratio = PairedRatio(days) else { return (nil, .tooFewDays, 1) }
      ratios.append(ratio)
    }
    let degrees = ratios.reduce(0) { $0 + $1.degreesOfFreedom }
    let dispersion = max(1, ratios.reduce(0) { $0 + $1.pearson } / Double(degrees))
    let interval = IntervalEstimate.student(
      estimate: ratios[1].logRatio - ratios[0].logRatio,
      variance: dispersion * (ratios[0].variance + ratios[1].variance), degreesOfFreedom: degrees,
      alpha: alpha, sampleSize: sampleSize)
    return (interval, nil, dispersion)
  }
}

extension IntervalEstimate {
  /// estimate +- t standard errors.
  static func student(
    estimate: Double, variance: Double, degreesOfFreedom: Int, alpha: Double, sampleSize: Int64
  ) -> IntervalEstimate {
    let error = variance.squareRoot()
    let half = error * StudentT.criticalValue(alpha: alpha, degreesOfFreedom: Double(degreesOfFreedom))
    return IntervalEstimate(
      estimate: estimate, low: estimate - half, high: estimate + half, alpha: alpha, sampleSize: sampleSize,
      standardError: error)
  }
}
