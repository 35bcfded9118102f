import RealModule

/// logit p = day + version + slope x: maximum likelihood by iteratively reweighted least squares (McCullagh &
/// Nelder, "Generalized linear models", 2.5), the days, of which there may be many, eliminated from every step.
///
/// Only contrasts between versions are identified beside the days' effects; version 0 is where they are measured
/// from. Slopes may be given normal priors, then their fit is the posterior mode (Laplace).
struct TwoWayLogit {
  struct Cell {
    var version: Int
    var day: Int
    var counts: BinomialCounts
    /// What enters beside day and version, and by which of the slopes.
    var covariate: (slope: Int, value: Double)?
  }

  struct Prior {
    var mean: Double
    var precision: Double
  }

  enum Failure: Error {
    /// Versions never shown together, or a covariate that does not vary within days.
    case notIdentified
    case notConverged
  }

  /// versions 1... against version 0, then the slopes.
  private(set) var coefficients: [Double]
  /// Of the coefficients, row by row; not scaled by the dispersion.
  private(set) var covariance: [Double]
  /// Pearson's statistic over its degrees of freedom.
  private(set) var pearson = 0.0
  private(set) var degreesOfFreedom = 0

  /// Variance over the binomial one; at least 1.
  var dispersion: Double { degreesOfFreedom > 0 ? max(1, pearson / Double(degreesOfFreedom)) : 1 }

  /// - Parameters:
  ///   - cells: possible counts with trials, days 0 ..< days in this order, each with both successes and failures;
  ///     versions 0 ..< versions, slopes 0 ..< slopes.
  ///   - priors: one a slope; none: nothing is known of them.
  init(
    cells: [Cell], versions: Int, days: Int, slopes: Int = 0, priors: [Prior] = []
  ) throws(Failure) {
    let order = versions - 1 + slopes
    coefficients = [Double](repeating: 0, count: order)
    covariance = []
    for (slope, prior) in priors.enumerated() { coefficients[versions - 1 + slope] = prior.mean }
    var system = System(cells: cells, versions: versions, days: days, order: order)
    system.start(coefficients)
    for iteration in 0..<60 {
      system.assemble(coefficients, priors: priors)
      guard order > 0 else { break }
      guard let factored = Cholesky(system.information, order: order) else { throw .notIdentified }
      let step = system.step(by: factored.solve(system.score))
      // Far from the solution the quadratic model reaches too far.
      let scale = min(1, 2 / max(step.largest, .leastNormalMagnitude))
      for index in 0..<order { coefficients[index] += scale * step.coefficients[index] }
      for day in 0..<days { system.dayEffects[day] += scale * step.days[day] }
      guard step.largest.isFinite else { throw .notConverged }
      if step.largest < 1e-10 {
        covariance = factored.inverse()
        break
      }
      if iteration == 59 { throw .notConverged }
    }
    pearson = system.pearson(coefficients)
    degreesOfFreedom = cells.count - days - order
  }
}

extension TwoWayLogit {
  /// The normal equations of one step.
  private struct System {
    let cells: [Cell]
    let versions: Int
    let order: Int
    /// Every day's places in `cells`.
    private let ranges: [Range<Int>]
    var dayEffects: [Double]
    /// Row by row, the lower triangle only.
    private(set) var information: [Double] = []
    private(set) var score: [Double] = []
    private var dayScores: [Double]
    private var dayWeights: [Double]
    /// Between days and coefficients, day by day.
    private var crossed: [Double] = []

    init(cells: [Cell], versions: Int, days: Int, order: Int) {
      self.cells = cells
      self.versions = versions
      self.order = order
      var start = 0
      ranges = (0..<days).map { day in
        let end = cells[start...].firstIndex { $0.day != day } ?? cells.endIndex
        defer { start = end }
        return start..<end
      }
      dayEffects = [Double](repeating: 0, count: days)
      dayScores = dayEffects
      dayWeights = dayEffects
    }

    private func linear(_ cell: Cell, _ coefficients: [Double]) -> Double {
      var eta = dayEffects[cell.day]
      if cell.version > 0 { eta += coefficients[cell.version - 1] }
      if let covariate = cell.covariate {
        eta += coefficients[versions - 1 + covariate.slope] * covariate.value
      }
      return eta
    }

    /// p and 1 - p, neither cancelled away.
    private static func logistic(_ eta: Double) -> (p: Double, q: Double) {
      let odds = Double.exp(-abs(eta))
      let (likely, unlikely) = (1 / (1 + odds), odds / (1 + odds))
      return eta > 0 ? (likely, unlikely) : (unlikely, likely)
    }

    /// Day effects from the day's own rate.
    mutating func start(_ coefficients: [Double]) {
      for (day, range) in ranges.enumerated() where !range.isEmpty {
        let total = cells[range].map(\.counts).total()
        let successes = Double(total.successes) + 0.5
        let offset = range.reduce(0) { $0 + linear(cells[$1], coefficients) } / Double(range.count)
        dayEffects[day] = .log(successes / (Double(total.trials) + 1 - successes)) - offset
      }
    }

    mutating func assemble(_ coefficients: [Double], priors: [Prior]) {
      let n = order
      information = [Double](repeating: 0, count: n * n)
      score = [Double](repeating: 0, count: n)
      crossed = [Double](repeating: 0, count: n * ranges.count)
      for (day, range) in ranges.enumerated() {
        let cross = day * n
        var dayScore = 0.0
        var dayWeight = 0.0
        for index in range {
          let cell = cells[index]
          let (p, q) = Self.logistic(linear(cell, coefficients))
          let (trials, successes) = (Double(cell.counts.trials), Double(cell.counts.successes))
          let weight = trials * p * q
          // s - n p without its cancellation where p is near 1.
          let residual = successes * q - (trials - successes) * p
          dayScore += residual
          dayWeight += weight
          let version = cell.version - 1
          if version >= 0 {
            crossed[cross + version] += weight
            score[version] += residual
            information[version * n + version] += weight
          }
          if let (slope, value) = cell.covariate {
            let row = versions - 1 + slope
            crossed[cross + row] += weight * value
            score[row] += residual * value
            information[row * n + row] += weight * value * value
            if version >= 0 { information[row * n + version] += weight * value }
          }
        }
        dayScores[day] = dayScore
        dayWeights[day] = dayWeight
        if dayWeight > 0 { eliminate(day) }
      }
      for (slope, prior) in priors.enumerated() {
        let row = versions - 1 + slope
        information[row * n + row] += prior.precision
        score[row] += prior.precision * (prior.mean - coefficients[row])
      }
    }

    /// What a day's own effect explains.
    private mutating func eliminate(_ day: Int) {
      let cross = day * order
      for row in 0..<order where crossed[cross + row] != 0 {
        let share = crossed[cross + row] / dayWeights[day]
        score[row] -= share * dayScores[day]
        for column in 0...row { information[row * order + column] -= share * crossed[cross + column] }
      }
    }

    func step(by change: [Double]) -> (coefficients: [Double], days: [Double], largest: Double) {
      var days = [Double](repeating: 0, count: ranges.count)
      for day in days.indices where dayWeights[day] > 0 {
        let explained = change.indices.reduce(0) { $0 + crossed[day * order + $1] * change[$1] }
        days[day] = (dayScores[day] - explained) / dayWeights[day]
      }
      let all = change + days
      let largest = all.allSatisfy(\.isFinite) ? all.reduce(0) { max($0, abs($1)) } : .infinity
      return (change, days, largest)
    }

    func pearson(_ coefficients: [Double]) -> Double {
      cells.reduce(0) { sum, cell in
        let (p, q) = Self.logistic(linear(cell, coefficients))
        let (trials, successes) = (Double(cell.counts.trials), Double(cell.counts.successes))
        let residual = successes * q - (trials - successes) * p
        let variance = trials * p * q
        return variance > 0 ? sum + residual * residual / variance : sum
      }
    }
  }
}
