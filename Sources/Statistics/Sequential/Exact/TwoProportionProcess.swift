import RealModule

/// Evidence that two arms' rates differ, exact at any count and any look: no approximation, no burn-in for it.
///
/// Turner, Ly, Grünwald, "Generic e-variables for exact sequential k-sample tests that allow for optional stopping"
/// (Journal of Statistical Planning and Inference 2024, arXiv:2106.02693). For a batch of n_a and n_b trials and any
/// alternative (theta_a, theta_b) fixed before it, equation 6 with theta_0 = (n_a theta_a + n_b theta_b) / (n_a + n_b):
///
///     E = (theta_a / theta_0)^(k_a) ((1 - theta_a) / (1 - theta_0))^(n_a - k_a)  *  the same for b
///
/// has mean at most 1 whenever both arms have the same rate, whatever that is, also one that changes from batch to
/// batch. So batches may be days of different weather and different shares: only what happened at the same time is
/// ever compared. Products over batches are an e-process; evidence >= ln(1 / alpha) is reached by at most a share
/// alpha of A/A tests.
///
/// Alternatives: the rate expected from all earlier batches, moved apart by log odds ratios around the one that the
/// planned size would find in four of five cases, to both sides (a mixture of eight). The first batches, until five
/// successes and five failures are in, teach only the rate and bet nothing, so one look at one batch has no evidence:
/// give days or hours, not totals.
///
/// Confidence sequence: the differences not rejected, each tested by projecting the alternatives on the line
/// theta_b - theta_a = delta (Turner & Grünwald, "Anytime-valid confidence intervals for contingency tables and
/// beyond", 2023).
///
/// Trials that hang together, as one viewer's do, scatter more than binomial ones. The likelihood is tempered then: ln E
/// is divided by the design effect (quasi-likelihood, McCullagh & Nelder, chapter 9). With a design effect of 1 it is exact.
public struct TwoProportionProcess: Hashable, Sendable {
  /// Of a test's alpha, where this process stands in for a confidence sequence until both arms have events enough for one;
  /// the sequence has the rest.
  public static let shareOfAlpha = 0.05

  public let alpha: Double
  /// Units planned over both arms.
  public let plannedSize: Double
  /// How many times the variance exceeds that of as many independent trials, at least 1.
  public let designEffect: Double
  public private(set) var a = BinomialCounts.zero
  public private(set) var b = BinomialCounts.zero
  private var isPossible = true
  /// Batches that were bet on, in their order.
  private var bets: [TwoProportionBet] = []
  /// ln of what each alternative made of 1 against equal rates.
  private var logWealth = [Double](repeating: 0, count: TwoProportionBet.alternatives.count)

  public init(alpha: Double = 0.05, plannedSize: Double, designEffect: Double = 1) {
    precondition(alpha > 0 && alpha < 1, "alpha lies between 0 and 1, not at \(alpha)")
    self.alpha = alpha
    self.plannedSize = plannedSize.isFinite ? max(1, plannedSize) : 1
    self.designEffect = designEffect.isFinite ? max(1, designEffect) : 1
  }

  /// Adds what happened since the last look. Impossible counts end all claims.
  public mutating func add(a batchA: BinomialCounts, b batchB: BinomialCounts) {
    guard batchA.isPossible, batchB.isPossible else {
      isPossible = false
      return
    }
    if let bet = nextBet(batchA, batchB) {
      for (index, increment) in bet.logIncrements(difference: 0).enumerated() {
        logWealth[index] += increment / designEffect
      }
      bets.append(bet)
    }
    a += batchA
    b += batchB
  }

  /// nil while too little is known to bet, and for a batch in which one arm was not shown.
  private func nextBet(_ batchA: BinomialCounts, _ batchB: BinomialCounts) -> TwoProportionBet? {
    let known = a + b
    guard min(known.successes, known.trials - known.successes) >= 5, batchA.trials > 0, batchB.trials > 0
    else { return nil }
    let rate = (Double(known.successes) + 0.5) / (Double(known.trials) + 1)
    let drift = Normal.quantile(0.8) - Normal.quantile(alpha / 2)
    return TwoProportionBet(
      a: batchA, b: batchB, rate: rate, shareB: Double(b.trials) / Double(known.trials),
      // The information on a log odds ratio in n units split evenly is n p (1 - p) / 4.
      logOddsRatio: min(2, drift / (plannedSize / designEffect * rate * (1 - rate) / 4).squareRoot()))
  }

  /// Why nothing can be claimed; nil when something can.
  public var condition: EstimateCondition? {
    if !isPossible { return .impossibleCounts }
    if a.trials == 0 || b.trials == 0 { return .noOverlap }
    return bets.isEmpty ? .burnIn : nil
  }

  /// ln of the e-value against equal rates.
  public var logEvidence: Double {
    isPossible ? TwoProportionBet.logMixture(logWealth) : 0
  }

  /// ln of the e-value against rate B - rate A = `difference`, in -1...1.
  public func logEvidence(difference: Double) -> Double {
    guard isPossible, abs(difference) < 1 else { return 0 }
    var wealth = [Double](repeating: 0, count: logWealth.count)
    for bet in bets {
      for (index, increment) in bet.logIncrements(difference: difference).enumerated() {
        wealth[index] += increment / designEffect
      }
    }
    return TwoProportionBet.logMixture(wealth)
  }

  /// B minus A, in rate, with all differences that are not rejected; -1...1 while nothing can be claimed.
  ///
  /// Takes time in proportion to the batches (about a hundred evaluations of each): meant for small tests.
  public func interval() -> IntervalEstimate {
    func smoothed(_ counts: BinomialCounts) -> (rate: Double, variance: Double) {
      let rate = (Double(counts.successes) + 0.5) / (Double(counts.trials) + 1)
      return (rate, rate * (1 - rate) / (Double(counts.trials) + 1))
    }
    let error = (designEffect * (smoothed(a).variance + smoothed(b).variance)).squareRoot()
    var result = IntervalEstimate(
      estimate: isPossible ? b.rate - a.rate : 0, low: -1, high: 1, alpha: alpha,
      sampleSize: a.trials + b.trials, standardError: isPossible ? error : 0, logEvidence: logEvidence,
      condition: condition)
    guard condition == nil else { return result }
    let inside = leastRejected(around: smoothed(b).rate - smoothed(a).rate, error)
    result.low = edge(from: inside, step: -error / 2)
    result.high = edge(from: inside, step: error / 2)
    return result
  }

  private func isKept(_ difference: Double) -> Bool {
    logEvidence(difference: difference) < -Double.log(alpha)
  }

  /// The estimate itself, or where the evidence against a difference is least.
  private func leastRejected(around estimate: Double, _ error: Double) -> Double {
    if isKept(estimate) { return estimate }
    let near = (-16...16).map { min(1 - 1e-12, max(-1 + 1e-12, estimate + Double($0) * error / 4)) }
    return near.min { logEvidence(difference: $0) < logEvidence(difference: $1) } ?? estimate
  }

  /// Walks outwards in growing steps to a rejected difference, then halves; beyond -1 and 1 nothing is possible.
  private func edge(from start: Double, step: Double) -> Double {
    guard isKept(start) else { return step < 0 ? -1 : 1 }
    var kept = start
    var rejected = start
    var step = step
    while isKept(rejected) {
      kept = rejected
      rejected += step
      if abs(rejected) >= 1 { return step < 0 ? -1 : 1 }
      step *= 1.25
    }
    while abs(rejected - kept) > 1e-10 {
      let middle = 0.5 * (kept + rejected)
      if isKept(middle) { kept = middle } else { rejected = middle }
    }
    return rejected
  }
}
