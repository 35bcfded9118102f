import RealModule

/// Fits a ``SeasonalBaseline``.
struct SeasonLearner {
  private(set) var level = 0.0
  private(set) var days = [Double](repeating: 1, count: 7)
  private(set) var hours = [Double](repeating: 1, count: 24)
  private(set) var cells = [Double](repeating: 1, count: 168)
  private(set) var dispersion = 1.0
  /// Variance of a day's count that comes from not knowing the season exactly, over the Poisson variance.
  private(set) var seasonUncertainty = 0.0
  private(set) var events: Int64 = 0
  private(set) var unused: [DriftCondition: Int] = [:]
  private(set) var condition: DriftCondition?
  let isRate: Bool

  private struct Sample {
    let cell: Int
    let count: Double
    let exposure: Double
  }

  private var samples: [Sample] = []
  /// Sums over the samples by cell of the week: all that the season's parts are fitted to.
  private var counts = [Double](repeating: 0, count: 168)
  private var exposures = [Double](repeating: 0, count: 168)
  private var occurrences = [Double](repeating: 0, count: 168)
  /// Precision of the prior of the days' factors.
  private var dayPrior = 0.0
  private var span = 0

  init(_ history: [HourlyCount], offsetHours: Int) {
    isRate = history.first?.trials != nil
    var last: Int?
    var first: Int?
    for item in history {
      guard item.isPossible, (item.trials != nil) == isRate else {
        unused[.impossibleCounts, default: 0] += 1
        continue
      }
      if let last, item.hour <= last {
        unused[.clockWentBack, default: 0] += 1
        continue
      }
      if let last, item.hour - last > 1 { unused[.hoursMissing, default: 0] += item.hour - last - 1 }
      last = item.hour
      first = first ?? item.hour
      guard item.exposure > 0 else {
        unused[.noTrials, default: 0] += 1
        continue
      }
      events = events.addingReportingOverflow(item.count).partialValue
      let cell = HourOfWeek(item.hour, offset: offsetHours).cell
      samples.append(Sample(cell: cell, count: Double(item.count), exposure: item.exposure))
      counts[cell] += Double(item.count)
      exposures[cell] += item.exposure
      occurrences[cell] += 1
    }
    if let first, let last { span = last - first + 1 }
  }

  mutating func learn() {
    let total = counts.reduce(0, +)
    let exposure = exposures.reduce(0, +)
    guard total > 0, exposure > 0 else {
      condition = .tooFewEvents
      return
    }
    level = total / exposure
    if samples.count < 14 * 24 * 3 / 4 || span < 13 * 24 {
      condition = .tooFewDays
      return
    }
    if total < 100 {
      condition = .tooFewEvents
      return
    }
    // Alternating scaling, as for any product model; the season's parts are nearly orthogonal, so few rounds do.
    for _ in 0..<12 {
      (days, dayPrior) = fitted(days) { $0 / 24 }
      (hours, _) = fitted(hours) { $0 % 24 }
      level *= total / exposures.indices.reduce(0) { $0 + expected($1) }
    }
    level *= Self.normalise(&days) * Self.normalise(&hours)
    measureDispersion()
    (cells, _) = fitted(cells) { $0 }
    measureDispersion()
    measureUncertainty()
  }

  /// Events a unit of exposure in one cell of the week.
  private func rate(_ cell: Int) -> Double { level * days[cell / 24] * hours[cell % 24] * cells[cell] }

  /// Events in one cell of the week.
  private func expected(_ cell: Int) -> Double { exposures[cell] * rate(cell) }

  /// One factor's values anew, each drawn towards 1, and the precision of what draws them.
  private func fitted(
    _ factor: [Double], at place: (_ cell: Int) -> Int
  ) -> (factor: [Double], precision: Double) {
    var sums = [Double](repeating: 0, count: factor.count)
    var means = sums
    for cell in counts.indices where exposures[cell] > 0 {
      sums[place(cell)] += counts[cell]
      means[place(cell)] += expected(cell) / factor[place(cell)]
    }
    // E (x - m)^2 = dispersion m + m^2 Var(factor), summed over the factor's values.
    var excess = 0.0
    var squares = 0.0
    for (sum, mean) in zip(sums, means) {
      excess += (sum - mean) * (sum - mean) - dispersion * mean
      squares += mean * mean
    }
    // In units of events of Poisson weight; without any sign of variation the factor stays where it is, at 1.
    let precision = excess > 0 ? dispersion * squares / excess : .greatestFiniteMagnitude
    let values = zip(sums, means).map { sum, mean in
      mean > 0 ? max(1e-6, 1 + mean / (precision + mean) * (sum / mean - 1)) : 1
    }
    return (values, precision)
  }

  /// Makes 1 the average factor, so that the level means what it says.
  /// - Returns: what the level gains by it.
  private static func normalise(_ factor: inout [Double]) -> Double {
    let mean = factor.reduce(0, +) / Double(factor.count)
    for place in factor.indices { factor[place] /= mean }
    return mean
  }

  /// Pearson's statistic within cells of the week, where the season cannot add to it; over all hours when there
  /// are too few in each cell.
  private mutating func measureDispersion() {
    let used = exposures.count { $0 > 0 }
    let isWithin = samples.count - used >= 200
    let rates = counts.indices.map(rate)
    let ratios = counts.indices.map { cell in
      isWithin && expected(cell) > 0 ? counts[cell] / expected(cell) : 1
    }
    let pearson = samples.reduce(0.0) { sum, sample in
      let expected = sample.exposure * rates[sample.cell]
      let residual = sample.count - expected * ratios[sample.cell]
      return expected > 0 ? sum + residual * residual / expected : sum
    }
    let degrees = Double(samples.count - (isWithin ? used : 30))
    dispersion = max(1, degrees > 0 ? pearson / degrees : 1)
  }

  /// What the factors' errors add over a day, in which a day's factor errs alike in all hours and the hours' each
  /// on its own. One part in seven, and in 24, is the level's error, which is treated elsewhere.
  private mutating func measureUncertainty() {
    seasonUncertainty =
      6.0 / 7 * share(of: 7, prior: dayPrior, hoursEach: 24) { $0 / 24 }
      + 23.0 / 24 * share(of: 24, prior: 0, hoursEach: 1) { $0 % 24 }
  }

  /// The events of one occurrence of a day, or of an hour, over those its factor rests on; the mean over all.
  private func share(
    of size: Int, prior: Double, hoursEach: Double, at place: (_ cell: Int) -> Int
  ) -> Double {
    var behind = [Double](repeating: 0, count: size)
    var seen = behind
    for cell in counts.indices {
      behind[place(cell)] += expected(cell)
      seen[place(cell)] += occurrences[cell]
    }
    let shares = (0..<size).map { place in
      seen[place] > 0 ? behind[place] / (seen[place] / hoursEach) / (prior + behind[place]) : 1
    }
    return shares.reduce(0, +) / Double(size)
  }
}
