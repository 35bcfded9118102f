import RealModule

/// logit p = day + version + covariates: maximum likelihood by iteratively reweighted least squares (McCullagh &
/// Nelder, "Generalized linear models", 2.5), the days, of which there may be many, eliminated from every step.
///
/// Only contrasts between versions are identified beside the days' effects; version 0 is where they are measured
/// from. A covariate's coefficient may be given a normal prior, then its fit is the posterior mode (Laplace).
struct TwoWayLogit {
  struct Cell {
    var version: Int
    var day: Int
    var counts: BinomialCounts
    /// One value a covariate; empty without any.
    var covariates: [Double] = []
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

  /// versions 1... against version 0, then the covariates.
  private(set) var coefficients: [Double]
  /// Of the coefficients, row by row; not scaled by the dispersion.
  private(set) var covariance: [Double]
  /// Pearson's statistic over its degrees of freedom.
  private(set) var pearson = 0.0
  private(set) var degreesOfFreedom = 0

  /// Variance over the binomial one; at least 1.
  var dispersion: Double { degreesOfFreedom > 0 ? max(1, pearson / Double(degreesOfFreedom)) : 1 }

  /// - Parameter cells: possible counts with trials; versions 0 ..< versions, days 0 ..< days, each day with both
  ///   successes and failures.
  init(cells: [Cell], versions: Int, days: Int, priors: [Prior]? = nil) throws(Failure) {
    let covariates = cells.first?.covariates.count ?? 0
    let order = versions - 1 + covariates
    coefficients = [Double](repeating: 0, count: order)
    covariance = []
    for (index, prior) in (priors ?? []).enumerated() { coefficients[versions - 1 + index] = prior.mean }
    var system = System(cells: cells, versions: versions, days: days, covariates: covariates)
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
    let covariates: Int
    let byDay: [[Int]]
    var dayEffects: [Double]
    var information: [Double] = []
    var score: [Double] = []
    private var weights: [Double]
    private var dayScores: [Double]
    private var dayWeights: [Double]
    private var crossed: [[Double]]

    init(cells: [Cell], versions: Int, days: Int, covariates: Int) {
      self.cells = cells
      self.versions = versions
      self.covariates = covariates
      var byDay = [[Int]](repeating: [], count: days)
      for (index, cell) in cells.enumerated() { byDay[cell.day].append(index) }
      self.byDay = byDay
      dayEffects = [Double](repeating: 0, count: days)
      weights = [Double](repeating: 0, count: cells.count)
      dayScores = dayEffects
      dayWeights = dayEffects
      crossed = byDay.map { _ in [] }
    }

    var order: Int { versions - 1 + covariates }

    func linear(_ index: Int, _ coefficients: [Double]) -> Double {
      let cell = cells[index]
      var eta = dayEffects[cell.day]
      if cell.version > 0 { eta += coefficients[cell.version - 1] }
      for k in 0..<covariates { eta += coefficients[versions - 1 + k] * cell.covariates[k] }
      return eta
    }

    /// Day effects from the day's own rate.
    mutating func start(_ coefficients: [Double]) {
      for (day, indexes) in byDay.enumerated() {
        let total = indexes.map { cells[$0].counts }.total()
        let successes = Double(total.successes) + 0.5
        let offsets = indexes.map { linear($0, coefficients) }
        let offset = offsets.isEmpty ? 0 : offsets.reduce(0, +) / Double(offsets.count)
        dayEffects[day] = .log(successes / (Double(total.trials) + 1 - successes)) - offset
      }
    }

    mutating func assemble(_ coefficients: [Double], priors: [Prior]?) {
      let n = order
      information = [Double](repeating: 0, count: n * n)
      score = [Double](repeating: 0, count: n)
      for (day, indexes) in byDay.enumerated() {
        var cross = [Double](repeating: 0, count: n)
        var dayScore = 0.0
        var dayWeight = 0.0
        for index in indexes {
          let cell = cells[index]
          let eta = linear(index, coefficients)
          let p = 1 / (1 + .exp(-eta))
          let q = 1 / (1 + .exp(eta))
          let trials = Double(cell.counts.trials)
          let weight = trials * p * q
          // s - n p without its cancellation where p is near 1.
          let residual = Double(cell.counts.successes) * q - (trials - Double(cell.counts.successes)) * p
          weights[index] = weight
          dayScore += residual
          dayWeight += weight
          let columns = regressors(cell)
          for (column, value) in columns {
            cross[column] += weight * value
            score[column] += residual * value
            for (other, otherValue) in columns {
              information[column * n + other] += weight * value * otherValue
            }
          }
        }
        dayScores[day] = dayScore
        dayWeights[day] = dayWeight
        crossed[day] = cross
        guard dayWeight > 0 else { continue }
        let present = cross.indices.filter { cross[$0] != 0 }
        for row in present {
          score[row] -= cross[row] * dayScore / dayWeight
          for column in present { information[row * n + column] -= cross[row] * cross[column] / dayWeight }
        }
      }
      for (k, prior) in (priors ?? []).enumerated() {
        let index = versions - 1 + k
        information[index * n + index] += prior.precision
        score[index] += prior.precision * (prior.mean - coefficients[index])
      }
    }

    private func regressors(_ cell: Cell) -> [(Int, Double)] {
      var columns: [(Int, Double)] = cell.version > 0 ? [(cell.version - 1, 1)] : []
      for k in 0..<covariates where cell.covariates[k] != 0 {
        columns.append((versions - 1 + k, cell.covariates[k]))
      }
      return columns
    }

    func step(by change: [Double]) -> (coefficients: [Double], days: [Double], largest: Double) {
      var days = [Double](repeating: 0, count: byDay.count)
      for day in days.indices where dayWeights[day] > 0 {
        let explained = zip(crossed[day], change).reduce(0) { $0 + $1.0 * $1.1 }
        days[day] = (dayScores[day] - explained) / dayWeights[day]
      }
      let largest = (change + days).reduce(0) { max($0, abs($1)) }
      let isFinite = (change + days).allSatisfy(\.isFinite)
      return (change, days, isFinite ? largest : .infinity)
    }

    func pearson(_ coefficients: [Double]) -> Double {
      cells.indices.reduce(0) { sum, index in
        let eta = linear(index, coefficients)
        let p = 1 / (1 + .exp(-eta))
        let q = 1 / (1 + .exp(eta))
        let trials = Double(cells[index].counts.trials)
        let successes = Double(cells[index].counts.successes)
        let residual = successes * q - (trials - successes) * p
        let variance = trials * p * q
        return variance > 0 ? sum + residual * residual / variance : sum
      }
    }
  }
}
