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
    let place: HourOfWeek
    let count: Double
    let exposure: Double
  }

  private var samples: [Sample] = []
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
      samples.append(
        Sample(
          place: HourOfWeek(item.hour, offset: offsetHours), count: Double(item.count),
          exposure: item.exposure))
    }
    if let first, let last { span = last - first + 1 }
  }

  mutating func learn() {
    let total = samples.reduce(0) { $0 + $1.count }
    let exposure = samples.reduce(0) { $0 + $1.exposure }
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
      fit(\.days, by: \.day)
      fit(\.hours, by: \.hour)
      level *= total / samples.reduce(0) { $0 + expected($1) }
    }
    normalise()
    measureDispersion()
    fit(\.cells, by: \.cell)
    measureDispersion()
    measureUncertainty()
  }

  private func expected(_ sample: Sample) -> Double {
    sample.exposure * level * days[sample.place.day] * hours[sample.place.hour] * cells[sample.place.cell]
  }

  /// One factor's values, each drawn towards 1.
  private mutating func fit(
    _ factor: WritableKeyPath<Self, [Double]>, by index: KeyPath<HourOfWeek, Int>
  ) {
    let size = self[keyPath: factor].count
    var counts = [Double](repeating: 0, count: size)
    var means = counts
    for sample in samples {
      let place = sample.place[keyPath: index]
      counts[place] += sample.count
      means[place] += expected(sample) / self[keyPath: factor][place]
    }
    // E (x - m)^2 = dispersion m + m^2 Var(factor), summed over the factor's values.
    var excess = 0.0
    var squares = 0.0
    for place in 0..<size {
      let difference = counts[place] - means[place]
      excess += difference * difference - dispersion * means[place]
      squares += means[place] * means[place]
    }
    // In units of events of Poisson weight; without any sign of variation the factor stays where it is, at 1.
    let precision = excess > 0 ? dispersion * squares / excess : .greatestFiniteMagnitude
    if size == 7 { dayPrior = precision }
    for place in 0..<size {
      let weight = means[place] / (precision + means[place])
      let ratio = means[place] > 0 ? counts[place] / means[place] : 1
      self[keyPath: factor][place] = max(1e-6, 1 + weight * (ratio - 1))
    }
  }

  /// Makes 1 the average factor, so that the level means what it says.
  private mutating func normalise() {
    for factor in [\Self.days, \Self.hours] {
      let mean = self[keyPath: factor].reduce(0, +) / Double(self[keyPath: factor].count)
      for place in self[keyPath: factor].indices { self[keyPath: factor][place] /= mean }
      level *= mean
    }
  }

  /// Pearson's statistic within cells of the week, where the season cannot add to it; over all hours when there
  /// are too few in each cell.
  private mutating func measureDispersion() {
    var counts = [Double](repeating: 0, count: 168)
    var means = counts
    for sample in samples {
      counts[sample.place.cell] += sample.count
      means[sample.place.cell] += expected(sample)
    }
    let used = means.count { $0 > 0 }
    let isWithin = samples.count - used >= 200
    let pearson = samples.reduce(0.0) { sum, sample in
      let cell = sample.place.cell
      let mean = expected(sample) * (isWithin && means[cell] > 0 ? counts[cell] / means[cell] : 1)
      let scale = expected(sample)
      return scale > 0 ? sum + (sample.count - mean) * (sample.count - mean) / scale : sum
    }
    let degrees = Double(samples.count - (isWithin ? used : 30))
    dispersion = max(1, degrees > 0 ? pearson / degrees : 1)
  }

  /// What the factors' errors add over a day, in which a day's factor errs alike in all hours and the hours' each
  /// on its own. One part in seven, and in 24, is the level's error, which is treated elsewhere.
  private mutating func measureUncertainty() {
    seasonUncertainty =
      6.0 / 7 * share(by: \.day, of: 7, prior: dayPrior, hoursEach: 24)
      + 23.0 / 24 * share(by: \.hour, of: 24, prior: 0, hoursEach: 1)
  }

  /// The events of one occurrence of a day, or of an hour, over those its factor rests on; the mean over all.
  private func share(
    by index: KeyPath<HourOfWeek, Int>, of size: Int, prior: Double, hoursEach: Double
  ) -> Double {
    var behind = [Double](repeating: 0, count: size)
    var seen = behind
    for sample in samples {
      behind[sample.place[keyPath: index]] += expected(sample)
      seen[sample.place[keyPath: index]] += 1
    }
    let shares = (0..<size).map { place in
      seen[place] > 0 ? behind[place] / (seen[place] / hoursEach) / (prior + behind[place]) : 1
    }
    return shares.reduce(0, +) / Double(size)
  }
}
