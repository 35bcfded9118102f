import RealModule

/// The whole of a plain two-arm analysis with fixed shares, for thousands at once: the difference that stays valid at
/// any look, what is believed of both rates, and whether the traffic was split as promised.
///
/// The figures are those of ``DifferenceOfProportions``, ``TwoArmPosterior`` and ``SampleRatioMismatch`` for one
/// epoch; nothing is allocated and what depends on the plan alone is computed once.
public struct TwoArmAnalysis: Hashable, Sendable {
  /// What was decided before the first look.
  public struct Plan: Hashable, Sendable {
    public let sequence: AsymptoticConfidenceSequence
    public let shareA: Double
    public let shareB: Double
    public let minimumEvents: Double
    public let concentration: Double
    fileprivate let fixedEvidence: Double

    /// - Parameters:
    ///   - shares: of A and of B in the traffic, positive, at most 1 together.
    ///   - minimumEvents: successes and failures each arm needs before anything is claimed.
    ///   - concentration: as in ``SampleRatioMismatch/logEvidence(_:concentration:)``.
    public init(
      sequence: AsymptoticConfidenceSequence, shares: (a: Double, b: Double) = (0.5, 0.5),
      minimumEvents: Double = 20, concentration: Double = 100
    ) {
      precondition(shares.a > 0 && shares.b > 0 && shares.a + shares.b <= 1 + 1e-9, "shares are parts of 1")
      self.sequence = sequence
      (shareA, shareB) = shares
      self.minimumEvents = minimumEvents
      self.concentration = concentration
      let share = shares.a / (shares.a + shares.b)
      fixedEvidence =
        Double.logGamma(concentration) - .logGamma(concentration * share)
        - .logGamma(concentration * (1 - share))
    }
  }

  /// B - A in rate; without a claim while counts are impossible, absent or too few.
  public let difference: IntervalEstimate
  /// Nil for impossible counts.
  public let posterior: TwoArmPosterior?
  /// ln of the evidence against the promised split.
  public let logEvidenceOfMismatch: Double
  /// What is wrong with the figures; nil when nothing is.
  public let condition: DataCondition?

  public init(_ a: BinomialCounts, _ b: BinomialCounts, plan: Plan) {
    condition = a.condition ?? b.condition
    difference = Self.difference(a, b, plan)
    guard a.isPossible, b.isPossible else {
      posterior = nil
      logEvidenceOfMismatch = 0
      return
    }
    posterior = TwoArmPosterior(BetaPosterior(a), BetaPosterior(b))
    logEvidenceOfMismatch = Self.mismatch(Double(a.trials), Double(b.trials), plan)
  }

  /// Whether chance alone would hardly ever split the traffic so; then nothing else here is to be trusted.
  public var isMismatched: Bool { SampleRatioMismatch.isAlarm(logEvidence: logEvidenceOfMismatch) }

  private static func difference(_ a: BinomialCounts, _ b: BinomialCounts, _ plan: Plan) -> IntervalEstimate {
    let (n, m) = (Double(a.trials), Double(b.trials))
    let (spreadA, spreadB) = (a.rate * (1 - a.rate), b.rate * (1 - b.rate))
    let isPossible = a.isPossible && b.isPossible
    let fewest =
      isPossible
      ? min(min(a.successes, a.trials - a.successes), min(b.successes, b.trials - b.successes)) : 0
    guard a.trials > 0, b.trials > 0, fewest > 0, Double(fewest) >= plan.minimumEvents else {
      return IntervalEstimate(
        estimate: isPossible ? b.rate - a.rate : 0, low: -1, high: 1, alpha: plan.sequence.alpha,
        sampleSize: isPossible ? a.trials + b.trials : 0, standardError: 0,
        condition: !isPossible ? .impossibleCounts : min(a.trials, b.trials) == 0 ? .noOverlap : .burnIn)
    }
    return plan.sequence.interval(
      estimate: b.rate - a.rate, standardError: (spreadA / n + spreadB / m).squareRoot(),
      variancePerUnit: spreadA / plan.shareA + spreadB / plan.shareB,
      units: (n + m) / (plan.shareA + plan.shareB), sampleSize: a.trials + b.trials
    ).clipped(to: -1...1)
  }

  /// ``SampleRatioMismatch/logEvidence(_:concentration:)`` of one phase.
  private static func mismatch(_ n: Double, _ m: Double, _ plan: Plan) -> Double {
    guard n + m > 0 else { return 0 }
    let share = plan.shareA / (plan.shareA + plan.shareB)
    let c = plan.concentration
    return plan.fixedEvidence + (.logGamma(c * share + n) - .logGamma(c + n + m))
      + .logGamma(c * (1 - share) + m) - n * .log(share) - m * .log(1 - share)
  }
}
