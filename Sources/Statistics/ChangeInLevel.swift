/// Whether the market moved: the log ratio of two periods' rates over the same arms, day against day.
///
/// Days are paired by position (give seven and seven, both from a Monday): the season of the week then drops out
/// of every pair, and so does the mix of arms, which is held fixed. What is left between pairs beyond binomial
/// noise is the over-dispersion; the likelihood is tempered by it (variance times its estimate, at least 1) and
/// Student's t pays for its being estimated from a few days. One look at level alpha, see ``AlphaSpending``.
public struct ChangeInLevel: Hashable, Sendable {
  /// On the log scale; 0.1 is 10.5 % more. Nil with a ``condition``.
  public let interval: IntervalEstimate?
  public let condition: EstimateCondition?
  /// Variance between days over what chance alone gives; at least 1.
  public let dispersion: Double

  /// - Parameters:
  ///   - before: one row a day, one count an arm, the same arms in the same order throughout; arms missing in
  ///     either period (born or retired in between) are left out.
  ///   - after: as many rows.
  public init(
    before: [[BinomialCounts]], after: [[BinomialCounts]], alpha: Double = 0.05, minimumEvents: Int64 = 20
  ) {
    let result = Self.analyse(before, after, alpha, minimumEvents)
    interval = result.interval
    condition = result.condition
    dispersion = result.dispersion
  }

  private static func analyse(
    _ before: [[BinomialCounts]], _ after: [[BinomialCounts]], _ alpha: Double, _ minimumEvents: Int64
  ) -> (interval: IntervalEstimate?, condition: EstimateCondition?, dispersion: Double) {
    guard (before + after).joined().allSatisfy(\.isPossible) else { return (nil, .impossibleCounts, 1) }
    // A day without any traffic says nothing; its pair is left out.
    let pairs = zip(before, after).filter { $0.total().trials > 0 && $1.total().trials > 0 }
    guard pairs.count >= 3 else { return (nil, .tooFewDays, 1) }
    let arms = pairs.map { min($0.count, $1.count) }.min() ?? 0
    let lasting = (0..<arms).filter { arm in
      pairs.allSatisfy { $0[arm].trials > 0 && $1[arm].trials > 0 }
    }
    guard !lasting.isEmpty else { return (nil, .noOverlap, 1) }
    let early = pairs.map { day in lasting.map { day.0[$0] } }
    let late = pairs.map { day in lasting.map { day.1[$0] } }
    let totals = [early, late].map { $0.joined().total() }
    guard totals.allSatisfy({ min($0.successes, $0.trials - $0.successes) >= minimumEvents }) else {
      return (nil, .burnIn, 1)
    }
    let mix = ArmMix(totals: lasting.indices.map { arm in (early + late).map { $0[arm] }.total() })
    let days = zip(early, late).compactMap { early, late -> PairedRatio.Day? in
      guard let y = mix.day(early), let x = mix.day(late) else { return nil }
      return PairedRatio.Day(x: x.rate, varianceX: x.variance, y: y.rate, varianceY: y.variance)
    }
    guard days.count >= 3, let ratio = PairedRatio(days) else { return (nil, .tooFewDays, 1) }
    let dispersion = max(1, ratio.pearson / Double(ratio.degreesOfFreedom))
    let interval = IntervalEstimate.student(
      estimate: ratio.logRatio, variance: dispersion * ratio.variance,
      degreesOfFreedom: ratio.degreesOfFreedom, alpha: alpha,
      sampleSize: totals[0].trials + totals[1].trials)
    return (interval, nil, dispersion)
  }
}
