import RealModule

/// One day of one version, with how often its viewers had seen it before.
public struct WearoutObservation: Hashable, Sendable, Codable {
  public var version: Int
  public var day: Int
  public var counts: BinomialCounts
  /// Over the day's impressions, the mean number of earlier ones of the same version to the same viewer.
  public var meanPriorExposures: Double

  public init(version: Int, day: Int, counts: BinomialCounts, meanPriorExposures: Double) {
    self.version = version
    self.day = day
    self.counts = counts
    self.meanPriorExposures = meanPriorExposures
  }
}

/// What is known of wear before a version's own data: the odds of a response fall as
/// (1 + prior exposures)^-kappa. 0.43 halves them at four.
public struct WearoutPrior: Hashable, Sendable, Codable {
  public var mean: Double
  public var deviation: Double

  public init(mean: Double = 0.43, deviation: Double = 0.2) {
    self.mean = mean
    self.deviation = deviation
  }
}

/// Why nothing is said of a version's wear.
public enum WearoutCondition: String, Hashable, Sendable, Codable, CaseIterable {
  /// Impossible counts, or exposures that are negative or no number.
  case impossibleCounts
  /// No other version was shown on the same days.
  case nothingConcurrent
  /// Too few events of the version or of those beside it.
  case burnIn
  /// Fewer than five days in common.
  case tooFewDays
  /// Its viewers' prior exposures do not vary from day to day.
  case exposuresDoNotVary
  /// Counts without any scatter, which no audience produces.
  case noVariance
  /// Counts that the model could not be fitted to.
  case notConverged
}

/// Whether a version wears out, and when it will have worn out: its standing against the versions shown on the
/// same days, as its viewers have seen it more and more often.
///
///     logit p_vd = day_d + version_v - kappa_v ln(1 + m_vd)
///
/// m is the mean number of prior exposures. What moves all versions of a day alike, a market, a holiday, wear that
/// all share, is in the day's effect and raises no alarm; only what a version loses against the others does.
///
/// The alarm tests kappa = 0 against kappa > 0 by ``AnytimeValidLinearModel`` (days within versions are its
/// observations, weighted by their binomial information; their scatter, over-dispersion included, is its unknown
/// sigma), the prior's size as its mixture: a false alarm ever, however often one looks, in at most a share alpha
/// of versions that do not wear out. The estimate of ``posterior`` on the other hand uses the prior and lets every
/// version wear, so that versions launched together, whose wear contrasts cannot show, are given the prior's.
public struct Wearout: Hashable, Sendable, Codable {
  /// kappa against the others with its confidence sequence; `logEvidence` is ln E for wear. Nil with a
  /// ``condition``.
  public let kappa: IntervalEstimate?
  /// Whether wear is shown, at the level alpha and any look.
  public let isShown: Bool
  /// kappa given data and prior: mean and, at 1.645 deviations, the interval of 90 %. Nil without a threshold.
  public let posterior: IntervalEstimate?
  /// Days until the version has lost the threshold's share of its fresh odds.
  public let daysToThreshold: WearoutForecast?
  public let condition: WearoutCondition?

  /// - Parameters:
  ///   - version: the one in question.
  ///   - observations: of all versions of the experiment; days are consecutive numbers.
  ///   - threshold: the share of its fresh odds a version may lose, between 0 and 1; nil: nothing is forecast.
  public init(
    of version: Int, observations: [WearoutObservation], alpha: Double = 0.05,
    prior: WearoutPrior = WearoutPrior(), threshold: Double? = 0.2, minimumEvents: Int64 = 20
  ) {
    do throws(WearoutFailure) {
      let data = try WearoutData(version, observations, minimumEvents: minimumEvents)
      let test = try data.test(alpha: alpha, prior: prior)
      if let threshold {
        let posterior = try data.posterior(prior: prior, dispersion: test.dispersion)
        self.posterior = posterior
        daysToThreshold = WearoutForecast(
          kappa: posterior, exposures: data.exposures, threshold: threshold)
      } else {
        posterior = nil
        daysToThreshold = nil
      }
      kappa = test.interval
      isShown = test.interval.logEvidence >= -.log(alpha)
      condition = nil
    } catch {
      kappa = nil
      isShown = false
      posterior = nil
      daysToThreshold = nil
      condition = error.condition
    }
  }
}

struct WearoutFailure: Error {
  var condition: WearoutCondition
}

/// When a version will have worn out, counted from its last day.
public struct WearoutForecast: Hashable, Sendable, Codable {
  /// 0 when it already has; nil when it will not within ten years at this pace.
  public let days: Double?
  /// With the fastest wear the posterior's 90 % interval allows, and with the slowest.
  public let low: Double?
  public let high: Double?
  /// Mean prior exposures gained a day, lately.
  public let exposuresPerDay: Double

  /// - Parameter exposures: the version's days and mean prior exposures, ascending.
  init(kappa: IntervalEstimate, exposures: [(day: Int, mean: Double)], threshold: Double) {
    let recent = exposures.suffix(7)
    var pace = 0.0
    if let first = recent.first, let last = recent.last, last.day > first.day {
      pace = max(0, (last.mean - first.mean) / (Double(last.day) - Double(first.day)))
    }
    exposuresPerDay = pace
    let now = recent.last?.mean ?? 0
    let lost = -Double.log(onePlus: -min(max(threshold, 1e-9), 1 - 1e-9))
    func days(_ kappa: Double) -> Double? {
      guard kappa > 0 else { return nil }
      // (1 + m)^-kappa = 1 - threshold.
      let needed = Double.expMinusOne(lost / kappa)
      if needed <= now { return 0 }
      let days = (needed - now) / pace
      return days <= 3650 ? days : nil
    }
    self.days = days(kappa.estimate)
    low = days(kappa.high)
    high = days(kappa.low)
  }
}
