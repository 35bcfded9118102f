import RealModule

/// The days on which a version was shown beside others.
struct WearoutData {
  /// The version's days and mean prior exposures, ascending.
  let exposures: [(day: Int, mean: Double)]
  /// Versions are places, 0 being the one in question; covariates are -ln(1 + m), every version with a slope of its own.
  private let cells: [TwoWayLogit.Cell]
  private let versions: Int
  private let days: Int
  private let trials: Int64

  init(
    _ version: Int, _ observations: [WearoutObservation], minimumEvents: Int64
  ) throws(WearoutFailure) {
    let isSound = observations.allSatisfy {
      $0.counts.isPossible && $0.meanPriorExposures >= 0 && $0.meanPriorExposures.isFinite
    }
    guard isSound else { throw .init(condition: .impossibleCounts) }
    let shown = observations.filter { $0.counts.trials > 0 }
    exposures = shown.filter { $0.version == version }.sorted { $0.day < $1.day }
      .map { ($0.day, $0.meanPriorExposures) }
    let lived = Set(exposures.map(\.day))
    // Others that had few events in common would each cost a coefficient and add nothing.
    var totals: [Int: BinomialCounts] = [:]
    for item in shown where lived.contains(item.day) { totals[item.version, default: .zero] += item.counts }
    guard totals.keys.contains(where: { $0 != version }) else { throw .init(condition: .nothingConcurrent) }
    let lasting = totals.filter {
      min($0.value.successes, $0.value.trials - $0.value.successes) >= max(1, minimumEvents)
    }
    guard lasting[version] != nil, lasting.count > 1 else { throw .init(condition: .burnIn) }
    let order = [version] + lasting.keys.filter { $0 != version }.sorted()
    let places = Dictionary(uniqueKeysWithValues: order.enumerated().map { ($1, $0) })

    var byDay: [Int: [TwoWayLogit.Cell]] = [:]
    for item in shown where lived.contains(item.day) {
      guard let place = places[item.version] else { continue }
      byDay[item.day, default: []].append(
        TwoWayLogit.Cell(
          version: place, day: 0, counts: item.counts,
          covariate: (slope: place, value: -.log(onePlus: item.meanPriorExposures))))
    }
    let telling = byDay.sorted { $0.key < $1.key }.map(\.value).filter { cells in
      let total = cells.map(\.counts).total()
      return cells.count > 1 && cells.contains { $0.version == 0 } && total.successes > 0
        && total.successes < total.trials
    }
    guard telling.count >= 5 else { throw .init(condition: .tooFewDays) }
    let own = telling.joined().lazy.filter { $0.version == 0 }.compactMap(\.covariate?.value)
    guard let least = own.min(), let most = own.max(), most - least > 1e-9 else {
      throw .init(condition: .exposuresDoNotVary)
    }
    cells = telling.enumerated().flatMap { day, cells in
      cells.map { cell in
        var cell = cell
        cell.day = day
        return cell
      }
    }
    versions = order.count
    days = telling.count
    trials = cells.map(\.counts).total().trials
  }

  private func fit(
    _ cells: [TwoWayLogit.Cell], slopes: Int, priors: [TwoWayLogit.Prior] = []
  ) throws(WearoutFailure) -> TwoWayLogit {
    do throws(TwoWayLogit.Failure) {
      return try TwoWayLogit(
        cells: cells, versions: versions, days: days, slopes: slopes, priors: priors)
    } catch {
      throw .init(condition: error == .notIdentified ? .exposuresDoNotVary : .notConverged)
    }
  }

  /// The version's own wear against others that are taken not to wear.
  func test(
    alpha: Double, prior: WearoutPrior
  ) throws(WearoutFailure) -> (interval: IntervalEstimate, dispersion: Double) {
    let fitted = try fit(
      cells.map { cell in
        var cell = cell
        if cell.version != 0 { cell.covariate = nil }
        return cell
      }, slopes: 1)
    guard fitted.degreesOfFreedom >= 3 else { throw .init(condition: .tooFewDays) }
    let degrees = Double(fitted.degreesOfFreedom)
    let scatter = fitted.pearson / degrees
    guard scatter > 1e-6 else { throw .init(condition: .noVariance) }
    let last = versions - 1
    let estimate = fitted.coefficients[last]
    let information = 1 / fitted.covariance[last * versions + last]
    let error = (scatter / information).squareRoot()
    // sigma is near 1 in these units, so the prior's size is that of kappa / sigma.
    let precision = 1 / (prior.mean * prior.mean + prior.deviation * prior.deviation)
    let radius = AnytimeValidLinearModel.radius(
      alpha: alpha, degreesOfFreedom: degrees, information: information, priorPrecision: precision)
    let half = min(error * radius, .greatestFiniteMagnitude / 4)
    let interval = IntervalEstimate(
      estimate: estimate, low: estimate - half, high: estimate + half, alpha: alpha, sampleSize: trials,
      standardError: error,
      logEvidence: AnytimeValidLinearModel.logEvidence(
        t: estimate / error, degreesOfFreedom: degrees, information: information,
        priorPrecision: precision, alternative: .greater))
    return (interval, max(1, scatter))
  }

  /// The version's wear where every version wears as the prior has it, unless the data say otherwise.
  func posterior(
    prior: WearoutPrior, dispersion: Double
  ) throws(WearoutFailure) -> IntervalEstimate {
    // Dividing the likelihood by the dispersion is multiplying the prior by it, up to the scale of the result.
    let precision = dispersion / (prior.deviation * prior.deviation)
    let fitted = try fit(
      cells, slopes: versions,
      priors: (0..<versions).map { _ in TwoWayLogit.Prior(mean: prior.mean, precision: precision) })
    let place = versions - 1
    let order = 2 * versions - 1
    let deviation = (fitted.covariance[place * order + place] * dispersion).squareRoot()
    let estimate = fitted.coefficients[place]
    return IntervalEstimate(
      estimate: estimate, low: estimate - 1.6448536269514722 * deviation,
      high: estimate + 1.6448536269514722 * deviation, alpha: 0.1, sampleSize: trials,
      standardError: deviation)
  }
}
