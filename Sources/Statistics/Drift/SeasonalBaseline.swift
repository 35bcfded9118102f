import RealModule

/// What is usual for an hour of the week, learnt from history.
///
/// Counts are Gamma-Poisson (negative binomial) around a product of level, day of the week and hour of the day,
/// with every part drawn towards the plainer one as far as the data do not speak for it (empirical Bayes, Robbins;
/// Efron & Morris, JASA 1975; the posterior mean of a Gamma(k, k) prior is Gelman et al., "Bayesian data analysis",
/// 3rd ed., eq. 2.15):
///
///     factor = (k + sum counts) / (k + sum expected)
///
/// for each of 7 days, 24 hours and 168 cells, k = 1 / (variance between factors beyond chance), by moments.
/// Days missing from history are simply not in the sums.
public struct SeasonalBaseline: Hashable, Sendable, Codable {
  /// Events a unit of exposure (a trial, or an hour) in an average hour.
  public let level: Double
  /// By day of the week, Thursday (the weekday of 1970's first day) first; 1 is average.
  public let dayFactors: [Double]
  /// By hour of the day.
  public let hourFactors: [Double]
  /// What is left: by 24 * day + hour, mostly near 1.
  public let cellFactors: [Double]
  /// Variance of an hour's count over the Poisson one; at least 1, also for a rate, whose binomial variance is a
  /// little smaller.
  public let dispersion: Double
  /// ``dispersion`` with what the learnt season itself may be off by over a day: a day of the week was seen only a
  /// few times, and the error in its factor stays the same for all its hours.
  public let predictiveDispersion: Double
  /// Learnt from.
  public let events: Int64
  /// Whether counts were compared with trials.
  public let isRate: Bool
  /// Of the audience's clock to UTC, so that hours of the day are theirs.
  public let offsetHours: Int
  /// Hours that were not used and why.
  public let unused: [DriftCondition: Int]
  /// Why nothing can be expected from this baseline; it then expects the average.
  public let condition: DriftCondition?

  public init(learning history: [HourlyCount], offsetHours: Int = 0) {
    var learner = SeasonLearner(history, offsetHours: offsetHours)
    learner.learn()
    level = learner.level
    dayFactors = learner.days
    hourFactors = learner.hours
    cellFactors = learner.cells
    dispersion = learner.dispersion
    predictiveDispersion = learner.dispersion * (1 + learner.seasonUncertainty)
    events = learner.events
    isRate = learner.isRate
    self.offsetHours = offsetHours
    unused = learner.unused
    condition = learner.condition
  }

  /// How many events an hour should see.
  /// - Parameter trials: of a rate; ignored for counts by the hour.
  public func expected(hour: Int, trials: Int64? = nil) -> Double {
    let place = HourOfWeek(hour, offset: offsetHours)
    let exposure = isRate ? Double(max(0, trials ?? 0)) : 1
    return exposure * level * dayFactors[place.day] * hourFactors[place.hour] * cellFactors[place.cell]
  }
}

/// Where in the week an hour lies.
struct HourOfWeek {
  let day: Int
  let hour: Int
  var cell: Int { 24 * day + hour }

  init(_ hour: Int, offset: Int) {
    // The remainder first: an hour near either end of the numbers must not overflow.
    let shifted = hour % 168 + offset % 168
    let inWeek = ((shifted % 168) + 168) % 168
    day = inWeek / 24
    self.hour = inWeek % 24
  }
}
